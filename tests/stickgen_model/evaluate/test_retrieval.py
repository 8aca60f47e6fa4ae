"""Retrieval against scikit-learn, closed forms and chance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from scipy.stats import hypergeom
from sklearn.metrics import top_k_accuracy_score

from stickgen_model.evaluate.retrieval import full_retrieval, mm_distance, r_precision, text_key


def pairs(count, width=8, noise=1.0, seed=0):
    rng = np.random.default_rng(seed)
    text = rng.normal(size=(count, width))
    return text, text + noise * rng.normal(size=(count, width))


def words(count):
    return [f"sentence {number}" for number in range(count)]


def test_full_gallery_against_scikit_learn():
    text, motion = pairs(300)
    found = full_retrieval(text, motion, words(300))
    for k in (1, 2, 3):
        told = top_k_accuracy_score(np.arange(300), -cdist(motion, text), k=k)
        assert found[k] == pytest.approx(told)
    assert 0.1 < found[1] < found[2] < found[3] < 0.9


def test_ways_against_the_chance_of_the_draw():
    # of the others some are nearer: how many of those are among 31 drawn is hypergeometric
    text, motion = pairs(400)
    gaps = cdist(motion, text)
    nearer = (gaps < np.diag(gaps)[:, None]).sum(axis=1)
    found = [r_precision(text, motion, words(400), seed=seed) for seed in range(20)]
    for k in (1, 2, 3):
        told = hypergeom.cdf(k - 1, 399, nearer, 31).mean()
        assert np.mean([one[k] for one in found]) == pytest.approx(told, abs=0.005)


def test_all_ways_are_the_full_gallery():
    text, motion = pairs(32)
    assert r_precision(text, motion, words(32)) == full_retrieval(text, motion, words(32))
    assert r_precision(text, motion, words(32), ways=31) != r_precision(
        text, motion, words(32), ways=4
    )


def test_perfect_and_shuffled():
    text, motion = pairs(640, noise=0.0)
    assert r_precision(text, motion, words(640)) == {1: 1.0, 2: 1.0, 3: 1.0}
    assert full_retrieval(text, motion, words(640))[1] == 1.0
    mixed = motion[np.random.default_rng(1).permutation(640)]
    found = r_precision(text, mixed, words(640))
    for k in (1, 2, 3):
        assert found[k] == pytest.approx(k / 32, abs=0.025)


def test_an_encoder_that_says_one_thing_is_as_good_as_chance():
    same = np.ones((96, 4))
    assert r_precision(same, same, words(96)) == pytest.approx({1: 1 / 32, 2: 2 / 32, 3: 3 / 32})
    assert full_retrieval(same, same, words(96), top=(1, 96)) == pytest.approx({1: 1 / 96, 96: 1.0})


def test_equal_sentences_never_stand_against_each_other():
    # 40 different sentences, each of ten clips that lie exactly on it
    text, _ = pairs(40)
    place = np.arange(400) % 40
    motion = text[place]
    texts = [("A man waves." if n == 0 else f"man {n}") for n in place]
    texts[40], texts[80] = "a man  waves", "A MAN WAVES!"
    assert r_precision(text[place], motion, texts) == {1: 1.0, 2: 1.0, 3: 1.0}
    assert full_retrieval(text[place], motion, texts)[1] == 1.0
    # were they taken for different ones, ten would tie for the first place
    blind = full_retrieval(text[place], motion, words(400))
    assert blind == pytest.approx({1: 0.1, 2: 0.2, 3: 0.3})


@given(st.integers(0, 10_000))
def test_the_order_of_clips_does_not_matter(seed):
    text, motion = pairs(40, seed=seed)
    texts = [f"s{n % 25}" for n in range(40)]
    text = text[np.arange(40) % 25]
    order = np.random.default_rng(seed).permutation(40)
    mixed = full_retrieval(text[order], motion[order], [texts[n] for n in order])
    assert mixed == pytest.approx(full_retrieval(text, motion, texts))
    found = r_precision(text, motion, texts, ways=5, seed=seed)
    assert found[1] <= found[2] <= found[3]
    assert r_precision(text, motion, texts, ways=5, seed=seed) == found


def test_distance_of_pairs():
    assert (
        mm_distance(np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[3.0, 4.0], [1.0, 1.0]])) == 2.5
    )


def test_what_cannot_be_measured():
    text, motion = pairs(40)
    with pytest.raises(ValueError, match=r"at least 32 different sentences.*there are 2 among 40"):
        r_precision(text, motion, ["a", "b"] * 20)
    with pytest.raises(ValueError, match="two different sentences or more, got 1 among 40"):
        full_retrieval(text, motion, ["A b.", "a  B"] * 20)
    with pytest.raises(ValueError, match="expected 40 sentences, one a vector, got 39"):
        full_retrieval(text, motion, words(39))
    with pytest.raises(ValueError, match="motion: expected shape"):
        mm_distance(text, motion[:, :3])
    with pytest.raises(ValueError, match="expected finite vectors"):
        mm_distance(text, motion * np.nan)
    with pytest.raises(ValueError, match="at least one clip"):
        mm_distance(text[:0], motion[:0])


def test_keys_of_sentences():
    assert text_key("A man's  dog, WALKS!\n") == text_key("a man s dog walks")
    assert text_key("a man walks") != text_key("a man talks")
    assert text_key("\u202e...") == ""
    assert text_key("\uff57alk") == "walk"
