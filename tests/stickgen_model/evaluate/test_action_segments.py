"""Stretches of one action out of a dataset folder."""

from __future__ import annotations

import numpy as np
import pytest

from datasets_spec.errors import ConfigError
from datasets_spec.vocabulary import UNLABELLED, action_id
from stickgen_model.evaluate.action_segments import read_segments

WALK, HOP, WAVE = (action_id(word) for word in ("walk", "hop", "wave"))


@pytest.fixture
def folder(tmp_path, acted_row, write_clips):
    rows = [
        acted_row(0, "walk", 60, actions=[WALK] * 20 + [UNLABELLED] * 17 + [HOP] * 23),
        acted_row(1, "hop", 20),  # the same action goes on into the next clip
        acted_row(2, "wave", 31, actions=[WAVE] * 15 + [WALK] * 16, source="amass"),
        acted_row(3, "walk", 20, split="val"),
    ]
    return write_clips(tmp_path / "set", rows, files=2), rows


def test_stretches_are_cut_where_the_action_or_the_clip_ends(folder):
    found = read_segments(folder[0], split="train")
    assert found.clip_ids.tolist() == ["walk-0", "walk-0", "hop-1", "wave-2"]
    assert found.actions.tolist() == [WALK, HOP, HOP, WALK]
    assert found.lengths.tolist() == [20, 23, 20, 16]
    assert found.real.tolist() == [False, False, False, True]
    assert found.groups.tolist() == ["procedural/s0"] * 2 + ["procedural/s1", "amass/s2"]
    for number, (row, first) in enumerate([(0, 0), (0, 37), (1, 0), (2, 15)]):
        whole = np.array(folder[1][row]["joints"], dtype=np.float32).reshape(-1, 10, 2)
        assert np.array_equal(found.clip(number), whole[first : first + int(found.lengths[number])])


def test_short_stretches_are_left_out_as_asked(folder):
    assert len(read_segments(folder[0], split="train", min_frames=2)) == 5
    assert len(read_segments(folder[0], split="train", min_frames=21)) == 1
    assert len(read_segments(folder[0], split="val")) == 1


def test_some_of_them(folder):
    found = read_segments(folder[0], split="train")
    some = found.select(np.array([3, 1]))
    assert some.clip_ids.tolist() == ["wave-2", "walk-0"]
    assert np.array_equal(some.clip(1), found.clip(1))


def test_folders_without_stretches_are_refused(folder, tmp_path):
    with pytest.raises(ConfigError, match="expected test clips with stretches"):
        read_segments(folder[0], split="test")
    with pytest.raises(ConfigError, match="expected train clips"):
        read_segments(tmp_path / "nothing", split="train")
    with pytest.raises(ConfigError, match="expected a split"):
        read_segments(folder[0], split="all")
