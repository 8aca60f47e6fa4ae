"""Fixtures of made-up figures."""

from __future__ import annotations

import pytest

from tests.stickgen_model.evaluate.acted import act, make_acted_row


@pytest.fixture(scope="session")
def acted():
    return act


@pytest.fixture(scope="session")
def acted_row():
    return make_acted_row


@pytest.fixture(scope="session")
def acted_folder(tmp_path_factory, write_clips):
    """12 clips to train on and 4 held out of each of four actions; every third is recorded."""
    rows = [
        make_acted_row(
            100 * place + number,
            word,
            24 + 3 * (number % 9),
            split="train" if number < 12 else "test",
            source="bvh" if number % 3 == 0 else "procedural",
        )
        for place, word in enumerate(("idle", "walk", "hop", "wave"))
        for number in range(16)
    ]
    return write_clips(tmp_path_factory.mktemp("acted") / "set", rows, files=2)
