"""Near duplicates, against scikit-learn."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics.pairwise import cosine_similarity

from stickgen_model.evaluate.near_texts import NearTexts
from stickgen_model.evaluate.text_words import split_words

SAID = ["a man walks.", "a man walks slowly", "A dog jumps twice, twice", "a man sits"]


def test_same_as_scikit_learn():
    counts = CountVectorizer(analyzer=split_words).fit(SAID)
    found = counts.transform(SAID).toarray()
    weights = np.log1p(len(SAID) / (found > 0).sum(axis=0))
    expected = cosine_similarity(found * weights)
    np.testing.assert_allclose(NearTexts(SAID).similarity(SAID), expected, atol=1e-12)


def test_rare_words_tell_more():
    near = NearTexts(["a man walks", "a man sits", "a man runs", "a man waves"])
    close, far = near.similarity(["a man walks", "the man walks", "a man sits"])[0, 1:]
    assert far < close


@given(st.lists(st.text(max_size=30), min_size=1, max_size=6))
def test_any_text(texts):
    found = NearTexts(SAID).similarity(texts)
    assert found.shape == (len(texts), len(texts))
    np.testing.assert_allclose(np.diag(found), 1.0)
    np.testing.assert_allclose(found, found.T)
    assert (found <= 1.0 + 1e-9).all()
    assert (found >= 0.0).all()


def test_words_never_seen_are_words_too():
    found = NearTexts(SAID).similarity(["zig zag", "zag zig", "zug"])
    np.testing.assert_allclose(found[0], [1.0, 1.0, 0.0], atol=1e-12)
