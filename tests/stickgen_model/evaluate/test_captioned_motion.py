"""Motion with sentences, read from a dataset folder."""

from __future__ import annotations

import numpy as np
import pytest

from datasets_spec.errors import ConfigError
from stickgen_model.evaluate.captioned_motion import read_captioned
from tests.stickgen_model.evaluate.captioned import captioned_row, scripted_row


@pytest.fixture(scope="module")
def folder(tmp_path_factory, write_clips):
    rows = [
        captioned_row(1, "walk", sequence_id="one", source="bvh"),
        captioned_row(2, "walk", sequence_id="one", source="bvh", captions=["it walks", " "]),
        captioned_row(3, "wave", caption_source="filename", captions=["take_003"]),
        captioned_row(4, "hop", 9),
        scripted_row(5, sequence_id="two"),
        captioned_row(6, "idle", split="val"),
    ]
    return write_clips(tmp_path_factory.mktemp("captioned") / "set", rows, files=2)


def test_wholes_and_parts(folder):
    data = read_captioned(folder, split="train")
    assert data.texts[:3] == (
        ("a person walks ahead.", "someone strolls along."),
        ("it walks",),
        ("one does all of it.",),
    )
    assert data.texts[3:] == (("one walks.",), ("one waves.",))
    assert data.whole.tolist() == [True, True, True, False, False]
    assert data.lengths.tolist() == [40, 40, 60, 30, 30]
    assert data.real.tolist() == [True, True, False, False, False]
    assert len(set(data.groups[:2])) == 1
    assert len(set(data.groups.tolist())) == 2


def test_parts_are_cut_from_their_clip(folder):
    data = read_captioned(folder, split="train")
    np.testing.assert_array_equal(data.clip(2), np.concatenate([data.clip(3), data.clip(4)]))
    np.testing.assert_array_equal(data.select(np.array([4])).clip(0), data.clip(4))


def test_names_of_files_describe_nothing(folder):
    said = {text for texts in read_captioned(folder, split="train").texts for text in texts}
    assert "take_003" not in said


def test_other_splits_stay_out(folder):
    assert len(read_captioned(folder, split="val")) == 1
    with pytest.raises(ConfigError, match="expected test clips"):
        read_captioned(folder, split="test")
    with pytest.raises(ConfigError, match="expected a split"):
        read_captioned(folder, split="all")


def test_an_empty_folder_is_told(tmp_path):
    with pytest.raises(ConfigError, match="found none"):
        read_captioned(tmp_path, split="train")
