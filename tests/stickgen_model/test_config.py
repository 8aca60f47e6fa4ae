"""Configurations of a model: the public table, and every refusal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from datasets_spec.errors import ConfigError
from stickgen_model.config import PUBLIC_VARIANTS, VARIANTS, variant_config


def test_public_variants_are_those_of_the_table():
    got = [
        (v, c.d_model, c.layers, c.heads, c.image_encoder, c.fusion)
        for v, c in ((v, VARIANTS[v]) for v in PUBLIC_VARIANTS)
    ]
    assert got == [
        ("small", 256, 6, 8, "lightweight_cnn", "gated"),
        ("medium", 384, 8, 12, "lightweight_cnn", "gated"),
        ("large", 512, 10, 16, "resnet", "cross_attention"),
    ]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"d_model": 66}, "d_model"),
        ({"d_model": 60, "heads": 4}, "d_model"),
        ({"heads": 0}, "heads >= 1"),
        ({"layers": 0}, "layers >= 1"),
        ({"num_actions": 256}, "num_actions"),
        ({"dropout": 1.0}, "dropout"),
        ({"text_dim": 100, "multimodal": True}, "text_dim a multiple of 16"),
        ({"image_encoder": "vgg"}, "lightweight_cnn"),
        ({"fusion": "sum"}, "gated"),
    ],
)
def test_what_does_not_fit_is_refused(change, told):
    with pytest.raises(ConfigError, match=told):
        replace(VARIANTS["tiny"], **change)


def test_all_faults_are_told_at_once():
    with pytest.raises(ConfigError, match=r"layers.*dropout.*'sum'"):
        replace(VARIANTS["tiny"], layers=0, dropout=2.0, fusion="sum")


def test_an_unknown_variant_names_the_known():
    with pytest.raises(ConfigError, match="tiny, small, medium, large; got 'huge'"):
        variant_config("huge")
