"""Manners of moving are said as the training says them."""

from __future__ import annotations

import pytest

from stickgen_model.motion_styles import STYLE_WORDING, style_word, styled_sentence
from stickgen_model.near_words import near_words, unknown_word
from tasks.synthesize.people.styles import STYLES


def test_the_wording_is_that_of_the_captions():
    assert set(STYLE_WORDING) == set(STYLES)
    assert all(wording in STYLES[word].phrases for word, wording in STYLE_WORDING.items())


@pytest.mark.parametrize("typed", ["big_steps", "big-steps", "Big steps"])
def test_a_style_may_be_typed_in_several_ways(typed):
    assert style_word(typed) == "big_steps"


def test_a_sentence_says_its_style_once():
    once = styled_sentence("he walks", "zombie")
    assert styled_sentence(once, "zombie") == once == "he walks like a zombie"
    assert styled_sentence("", "stiff") == "a person moves stiffly"


def test_unknown_words_are_told_with_near_ones():
    assert near_words("orbt", ("orbit", "pan")) == ["orbit"]
    told = unknown_word("camera", "orbt" * 50, ("orbit", "pan"))
    assert len(told) < 120
    assert "expected one of orbit, pan" in told
    many = tuple(f"word{i}" for i in range(50))
    assert "none of 50 known words; did you mean" in unknown_word("x", "word", many)
