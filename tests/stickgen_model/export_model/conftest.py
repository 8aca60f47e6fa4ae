"""A tiny checkpoint with random weights, and its exports; each is made once."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from stickgen_model.codec import MotionCodec
from stickgen_model.config import variant_config
from stickgen_model.export_model.export import export_model
from stickgen_model.model.multimodal import build_model
from stickgen_model.text.encoder import identity_of
from stickgen_model.text.hashing import HashEncoder
from stickgen_model.training.checkpoint import (
    CheckpointInfo,
    write_folder,
    write_inference_files,
)

ENCODER = HashEncoder(64)


def write_checkpoint(folder, network, **facts):
    info = CheckpointInfo(
        model=variant_config("tiny"),
        encoder=identity_of(ENCODER),
        schedule="cosine",
        diffusion=True,
        stage="pretrain",
        step=3,
    )
    generator = torch.Generator().manual_seed(1)
    mean, std = torch.randn(20, generator=generator), 0.05 + torch.rand(20, generator=generator)

    def fill(part):
        write_inference_files(
            part,
            replace(info, **facts),
            weights=network.state_dict(),
            codec=MotionCodec(mean, std),
        )

    write_folder(folder, fill)
    return folder


@pytest.fixture(scope="session")
def save_checkpoint():
    return write_checkpoint


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory):
    torch.manual_seed(0)
    network = build_model(variant_config("tiny"))
    return write_checkpoint(tmp_path_factory.mktemp("exports") / "step-00000003", network)


@pytest.fixture(scope="session")
def exported(checkpoint):
    """By format and precision."""
    found = {}

    def of(to, precision):
        if (to, precision) not in found:
            out = checkpoint.parent / f"{to}-{precision}"
            found[to, precision] = export_model(checkpoint, out, to=to, precision=precision)
        return found[to, precision]

    return of
