from __future__ import annotations

import pytest

from datasets_spec.errors import ConfigError
from stickgen_model.text.encoder import identity_of
from stickgen_model.text.loading import load_encoder, load_encoder_by_name
from stickgen_model.text.sentence import PACKAGED_ENCODER, EncoderUnavailableError


def test_a_name_and_an_identity_load_the_same_encoder():
    encoder = load_encoder_by_name("hash-64")
    assert (encoder.name, encoder.dim) == ("hash-64", 64)
    assert identity_of(load_encoder(identity_of(encoder))) == identity_of(encoder)


@pytest.mark.parametrize("name", ["", " ", "hash-7"])
def test_a_name_of_nothing_is_refused(name):
    with pytest.raises(ConfigError, match="expected"):
        load_encoder_by_name(name)


@pytest.mark.parametrize("device", ["warp", "meta"])
def test_a_device_that_cannot_compute_is_named(device):
    with pytest.raises(EncoderUnavailableError, match=f"expected a device.*got '{device}'"):
        load_encoder_by_name(PACKAGED_ENCODER, device=device)


@pytest.mark.slow
def test_a_sentence_of_any_length_has_a_vector():
    encoder = load_encoder_by_name(PACKAGED_ENCODER)
    found = encoder.encode(["walk " * 10_000, "walk " * 300 + "and jump"])
    # cut after 256 word pieces: the ends are not read
    assert found[0] @ found[1] == pytest.approx(1.0, abs=1e-5)
