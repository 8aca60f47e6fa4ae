"""Held-out captions, scripts, and what the training split says of a prompt."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.errors import ConfigError
from stickgen_model.evaluate.held_out import HeldOut, read_held_out
from stickgen_model.evaluate.training_motion import NearestText, pose_moments
from tests.stickgen_model.conftest import write_folder
from tests.stickgen_model.evaluate.acted import act
from tests.stickgen_model.evaluate.captioned import captioned_row, scripted_row


def _item(text, frames=30, word="walk"):
    joints = act(word, frames, seed=frames)
    return HeldOut(texts=(text,), action=word, joints=joints, group=text, source="bvh")


def test_clips_parts_and_scripts(tmp_path):
    rows = [
        captioned_row(1, "walk", 40, split="test", source="bvh"),
        captioned_row(2, "walk", 20, split="test"),  # too short
        captioned_row(3, "hop", 40, split="test", caption_source="filename"),
        captioned_row(4, "hop", 40, split="test", captions=[" "]),
        captioned_row(5, "wave", 40, split="train"),
        scripted_row(6, split="test", clip_id="z"),
        scripted_row(7, each=20, split="test", clip_id="zz"),  # its parts are too short
    ]
    found = read_held_out(write_folder(tmp_path / "set", rows))
    assert [(one.action, len(one.joints), one.real) for one in found.clips] == [
        ("walk", 40, True),
        ("walk", 30, False),
        ("wave", 30, False),
    ]
    assert found.clips[0].texts == ("a person walks ahead.", "someone strolls along.")
    np.testing.assert_array_equal(found.clips[0].joints, act("walk", 40, seed=1))
    (script,) = found.scripts
    assert (script.frames, script.switches) == ((30, 30), [30])
    assert len(script.joints) == 60
    assert len(found.whole) == 6


@pytest.mark.parametrize(("shift", "kept"), [(-8, True), (8, True), (9, False), (-9, False)])
def test_parts_of_a_script_may_touch_or_overlap_a_little(tmp_path, shift, kept):
    row = scripted_row(6, each=40, split="test")
    row["parts"][1]["first_frame"] += shift
    clip = captioned_row(1, "walk", 40, split="test")
    found = read_held_out(write_folder(tmp_path / "set", [row, clip]))
    assert bool(found.scripts) == kept
    if kept:
        assert found.scripts[0].frames == (40 + shift, 40 - shift)


def test_nothing_held_out_is_said(tmp_path):
    folder = write_folder(tmp_path / "set", [captioned_row(1, "walk", 40, split="train")])
    with pytest.raises(ConfigError, match="test clips with one action"):
        read_held_out(folder)
    with pytest.raises(ConfigError, match="split of"):
        read_held_out(folder, split="tests")


def test_moments_are_those_of_all_poses_from_the_pelvis():
    clips = [act("walk", 30, seed=1, start_x=3.0), act("hop", 50, seed=2)]
    poses = np.concatenate(clips).astype(np.float64)
    poses[..., 0] -= poses[:, 1:2, 0]
    found = pose_moments(clips)
    np.testing.assert_allclose(found.mean, poses.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(found.std, poses.std(axis=0), atol=1e-5)


def test_the_nearest_sentence():
    items = [
        _item("a man kicks a ball", 30),
        _item("a man throws a ball", 40),
        _item("A man throws a ball!", 60),
        _item("a dog", 90),
    ]
    near = NearestText(items)
    assert near.nearest("a woman kicks something", frames=10) is items[0]
    assert near.nearest("a man throws a ball", frames=61) is items[2]
    assert near.nearest("a man throws a ball", frames=41) is items[1]
    # no word is known: then only the length counts
    assert near.nearest("zzz", frames=91) is items[3]


def test_of_several_sentences_of_a_clip_each_counts():
    one = HeldOut(
        texts=("a b", "x y"), action="walk", joints=act("walk", 30), group="", source="bvh"
    )
    near = NearestText([_item("c d"), one])
    assert near.nearest("y", frames=30) is one


@given(st.text(), st.lists(st.text(), min_size=1, max_size=5))
def test_any_words_find_something(text, known):
    items = [_item(one) for one in known]
    near = NearestText(items)
    assert near.nearest(text, frames=30) in items
    found = near.nearest(known[0], frames=30)
    mine = NearestText([_item(known[0]), found])
    assert mine.nearest(known[0], frames=30) is not None
