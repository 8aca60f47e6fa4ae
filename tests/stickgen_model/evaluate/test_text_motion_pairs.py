"""Pairs that are varied."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.skeleton import MIRROR
from stickgen_model.evaluate.captioned_motion import read_captioned
from stickgen_model.evaluate.text_motion_pairs import (
    chances,
    draw_motion,
    draw_texts,
    mirror_text,
)
from stickgen_model.evaluate.text_motion_recipe import TextMotionRecipe
from tests.stickgen_model.evaluate.captioned import captioned_rows

PLAIN = TextMotionRecipe(speed=0.0, size=0.0, noise=0.0)
WORDS = st.lists(st.sampled_from(["left", "right", "clockwise", "leftover", "a", "bright"]))


@pytest.fixture(scope="module")
def data(tmp_path_factory, write_clips):
    folder = write_clips(tmp_path_factory.mktemp("pairs") / "set", captioned_rows())
    return read_captioned(folder, split="train")


@given(WORDS)
def test_two_mirrors_are_none(words):
    text = " ".join(words)
    assert mirror_text(mirror_text(text)) == text


def test_sides_change_places_as_words_only():
    assert mirror_text("Left hand, leftover right.") == "right hand, leftover left."


def test_motion_that_is_not_varied_is_the_clip(data):
    rows, still = np.array([3, 0, 7]), np.zeros(3, dtype=bool)
    joints, mask = draw_motion(data, rows, still, np.random.default_rng(0), recipe=PLAIN)
    assert mask.sum(axis=1).tolist() == data.lengths[rows].tolist()
    for place, row in enumerate(rows):
        np.testing.assert_array_equal(joints[place][mask[place]], data.clip(int(row)))


def test_a_mirrored_clip_has_sides_changed(data):
    rows, flipped = np.array([3]), np.ones(1, dtype=bool)
    joints, mask = draw_motion(data, rows, flipped, np.random.default_rng(0), recipe=PLAIN)
    expected = data.clip(3)[:, MIRROR] * [-1.0, 1.0]
    np.testing.assert_allclose(joints[0][mask[0]], expected, atol=1e-7)


def test_another_speed_is_another_length(data):
    rows = np.arange(len(data)).repeat(8)
    recipe = TextMotionRecipe(speed=0.2, size=0.0, noise=0.0)
    still = np.zeros(len(rows), dtype=bool)
    _, mask = draw_motion(data, rows, still, np.random.default_rng(0), recipe=recipe)
    ratio = mask.sum(axis=1) / data.lengths[rows]
    assert 0.8 <= ratio.min() < 0.95 < 1.05 < ratio.max() <= 1.21


def test_sentences_are_those_of_the_stretch(data):
    rows = np.arange(len(data)).repeat(5)
    said = draw_texts(data, rows, np.zeros(len(rows), dtype=bool), np.random.default_rng(0))
    assert all(text in data.texts[row] for row, text in zip(rows, said, strict=True))
    assert len(set(said)) == 8
    turned = draw_texts(data, rows, np.ones(len(rows), dtype=bool), np.random.default_rng(0))
    assert [mirror_text(text) for text in said] == turned


def test_recorded_motion_is_drawn_more_often(data):
    plain, balanced = chances(data, 0.0), chances(data, 1.0)
    np.testing.assert_allclose(plain, 1 / len(data))
    assert balanced[data.real].sum() == pytest.approx(0.5)
