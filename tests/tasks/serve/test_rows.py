"""Rows of a request: defaults, types, ranges."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.serve.rows import FORMATS, RequestError, Row, RowError, read_row, read_settings

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)


def test_a_sentence_is_enough():
    assert read_row({"prompt": "a wave"}) == Row(prompt="a wave")


@pytest.mark.parametrize("missing", [None, float("nan"), np.float32("nan"), pd.NA, pd.NaT])
def test_what_is_missing_takes_its_default(missing):
    names = ("seconds", "seed", "format", "actors", "action", "style", "camera", "look")
    assert read_row({"prompt": "x", **dict.fromkeys(names, missing)}) == Row(prompt="x")


def test_whole_numbers_may_come_as_floats():
    """A table whose other rows have no seed makes floats of them."""
    table = pd.DataFrame([{"prompt": "a", "seed": 7, "actors": 2}, {"prompt": "b"}])
    one, two = (read_row(row) for row in table.to_dict(orient="records"))
    assert (one.seed, one.actors) == (7, 2)
    assert type(one.seed) is type(one.actors) is int
    assert (two.seed, two.actors) == (0, 1)


def test_numbers_of_numpy_are_numbers():
    row = read_row({"prompt": "a", "seed": np.int64(2**60 + 1), "seconds": np.float32(1.5)})
    assert row.seed == 2**60 + 1
    assert row.seconds == 1.5


def test_other_columns_are_left_aside():
    assert read_row({"prompt": "a", "colour": "red", "index": 3}) == Row(prompt="a")


@pytest.mark.parametrize(
    ("values", "match"),
    [
        ({}, "prompt: expected a sentence, got none"),
        ({"prompt": None}, "prompt: expected a sentence, got none"),
        ({"prompt": 5}, "prompt: expected text, got 5"),
        ({"prompt": ["a"]}, "prompt: expected text"),
        ({"prompt": "a", "seconds": 0}, r"seconds: expected 0\.4\.\.30, got 0"),
        ({"prompt": "a", "seconds": 600}, r"seconds: expected 0\.4\.\.30, got 600"),
        ({"prompt": "a", "seconds": float("inf")}, "seconds"),
        ({"prompt": "a", "seconds": "4"}, "seconds"),
        ({"prompt": "a", "seconds": True}, "seconds"),
        ({"prompt": "a", "seed": -1}, "seed: expected a whole number >= 0, got -1"),
        ({"prompt": "a", "seed": 1.5}, "seed"),
        ({"prompt": "a", "seed": 2**63}, "seed"),
        ({"prompt": "a", "seed": 2.0**60}, "seed"),
        ({"prompt": "a", "format": "gif"}, "format: expected one of joints, svg, html, motion"),
        ({"prompt": "a", "format": ["svg"]}, "format"),
        ({"prompt": "a", "actors": 50}, r"actors: expected a whole number 1\.\.8, got 50"),
        ({"prompt": "a", "camera": 3}, "camera: expected a word, got 3"),
    ],
)
def test_what_is_wrong_is_named(values, match):
    with pytest.raises(RowError, match=match):
        read_row(values)


def test_all_faults_are_told_at_once():
    with pytest.raises(RowError, match=r"seconds: .*; seed: .*; format: .*; actors: "):
        read_row({"prompt": "a", "seconds": 0, "seed": -1, "format": "gif", "actors": 0})


def test_long_values_are_cut():
    with pytest.raises(RowError) as caught:
        read_row({"prompt": "a", "format": "x" * 100_000})
    assert len(str(caught.value)) < 300


@given(st.dictionaries(st.sampled_from([*Row.__slots__, "other"]), JSON))
def test_anything_is_read_or_refused(values):
    try:
        row = read_row(values)
    except RowError:
        return
    assert isinstance(row.prompt, str)
    assert 0.4 <= row.seconds <= 30.0
    assert row.format in FORMATS


def test_settings_have_defaults():
    assert read_settings(None) == read_settings({}) == read_settings({"steps": 10})


@pytest.mark.parametrize(
    ("params", "match"),
    [
        ({"steps": 0}, r"steps 1\.\.50, got 0"),
        ({"steps": 9000}, r"steps 1\.\.50, got 9000"),
        ({"steps": 1.5}, "steps"),
        ({"guidance": -1.0}, "guidance"),
        ({"guidance": float("nan")}, "guidance"),
        ({"quality": 1}, r"only steps and guidance, got \['quality'\]"),
    ],
)
def test_settings_out_of_range_are_refused(params, match):
    with pytest.raises(RequestError, match=match):
        read_settings(params)
