"""A run with two checkpoints of tiny models that know nothing, and a small dataset."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest
import torch

from stickgen_model.codec import MotionCodec
from stickgen_model.config import variant_config
from stickgen_model.model.multimodal import build_model
from stickgen_model.text.encoder import identity_of
from stickgen_model.text.hashing import HashEncoder
from stickgen_model.training.checkpoint import CheckpointInfo, write_folder, write_inference_files
from tasks.gallery.build import GalleryRequest, build_gallery
from tasks.gallery.generate import generation_config
from tasks.gallery.prompts import find_prompts
from tasks.gallery.real import open_real
from tasks.gallery.sources import column_sources

MADE = runpy.run_path(str(Path(__file__).parents[1] / "train" / "conftest.py"))
ENCODER = HashEncoder(64)
PROMPTS = ("a person can walk", "someone runs", "tuba in space")


def save_checkpoint(folder, *, step, seed=0):
    torch.manual_seed(seed)
    model = build_model(variant_config("tiny"))
    info = CheckpointInfo(
        model=variant_config("tiny"),
        encoder=identity_of(ENCODER),
        schedule="cosine",
        diffusion=True,
        stage="pretrain",
        step=step,
    )
    codec = MotionCodec(torch.zeros(20), torch.full((20,), 0.02))

    def fill(part):
        write_inference_files(part, info, weights=model.state_dict(), codec=codec)
        training = {
            "config": {"max_steps": 10, "optim": {"learning_rate": 0.01 * (seed + 1)}},
            "data": "24 clips of 432 frames, sha256 " + "ab" * 32,
        }
        (part / "training.json").write_text(json.dumps(training))

    write_folder(folder, fill)
    return folder


def request_of(run, **changed):
    values = {
        "sources": column_sources([], [run]),
        "prompts": find_prompts(PROMPTS),
        "config": generation_config(seconds=0.6, seed=3, steps=1),
    }
    return GalleryRequest(**(values | changed))


def build(request):
    return build_gallery(request, encoder_of=lambda identity: ENCODER, clock=lambda: 0.0)


@pytest.fixture(scope="session")
def save():
    return save_checkpoint


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    """Folder of a run."""
    run = tmp_path_factory.mktemp("runs") / "tiny"
    for seed, step in enumerate((5, 10)):
        save_checkpoint(run / "checkpoints" / f"step-{step:08d}", step=step, seed=seed)
    losses = [f"{n},train/total,{2.0 / n!r}" for n in range(1, 11)]
    losses += ["5,val/total,0.5", "10,val/total,0.25", "10,val/bone,nan"]
    (run / "metrics.csv").write_text("step,name,value\n" + "\n".join(losses) + "\n")
    job = {"job": {"init_from": "/secret/place/base/", "seed": 3, "out": "/secret/place"}}
    (run / "job.json").write_text(json.dumps(job))
    return run


@pytest.fixture(scope="session")
def dataset(tmp_path_factory):
    rows = [MADE["make_row"](n, "train") for n in range(12)]
    rows += [MADE["make_row"](n, "val") for n in range(6)]
    return MADE["write_dataset"](tmp_path_factory.mktemp("real") / "set", rows)


@pytest.fixture(scope="session")
def built(run, dataset):
    """Two checkpoints and real clips."""
    return build(request_of(run, real=open_real(dataset)))


@pytest.fixture(scope="session")
def tools():
    """`request_of` and `build`."""
    return request_of, build
