"""Sentences as words and letters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickgen_model.evaluate.text_words import MAX_WORDS, WordTable, split_words


def test_words_without_capitals_and_punctuation():
    assert split_words("A man,  WALKS...  He's\tslow!") == ["a", "man", "walks", "he's", "slow"]


@pytest.mark.parametrize("text", ["", "   ", "?!...", "\U0001f600", "\u202e"])
def test_nothing_to_read_is_one_empty_word(text):
    assert split_words(text) == [""]


@given(st.text(max_size=200))
def test_any_text_is_read_and_bounded(text):
    words = split_words(text * 40)
    assert 1 <= len(words) <= MAX_WORDS
    assert all(len(word) <= 32 for word in words)
    batch = WordTable(["a"], buckets=7).read([text, "a"])
    assert batch.mask.any(axis=1).all()
    assert ((batch.grams >= 0) & (batch.grams < 7)).all()
    assert batch.rows.max() < len(batch.ids) == len(batch.starts)


def test_frequent_words_come_first_and_rare_ones_are_not_known():
    said = ["a man walks", "a man runs", "a dog"]
    table = WordTable.of_sentences(said, buckets=64, least=2, most=10)
    assert table.words == ("a", "man")
    assert [table.number(word) for word in ("a", "man", "dog")] == [1, 2, 0]
    assert WordTable.of_sentences(said, buckets=64, least=1, most=2).words == ("a", "man")


def test_each_word_has_its_own_grams():
    table = WordTable(["to", "walk"], buckets=10_000)
    batch = table.read(["walk to", "walk"])
    assert batch.ids.tolist() == [2, 1]
    assert batch.rows.tolist() == [[0, 1], [0, 0]]
    assert batch.mask.tolist() == [[True, True], [True, False]]
    # <walk>: 4 of three letters, 3 of four, 2 of five; <to>: 2 and 1
    assert np.diff([*batch.starts, len(batch.grams)]).tolist() == [9, 3]


def test_a_slip_keeps_letters():
    table = WordTable([], buckets=1_000_003)
    grams = [set(table.read([word]).grams.tolist()) for word in ("jumping", "jumpign", "sits")]
    assert len(grams[0] & grams[1]) > 5
    assert not grams[0] & grams[2]


def test_faults():
    with pytest.raises(ValueError, match="different words"):
        WordTable(["a", "a"], buckets=4)
    with pytest.raises(ValueError, match="at least one sentence"):
        WordTable(["a"], buckets=4).read([])
