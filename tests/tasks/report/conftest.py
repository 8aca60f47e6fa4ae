"""A model of two trainings with its runs and its dataset, and an evaluation of it."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from datasets_spec.schema import SCHEMA_VERSION
from stickgen_model.codec import MotionCodec
from stickgen_model.config import variant_config
from stickgen_model.evaluate.examples import Example
from stickgen_model.model.multimodal import build_model
from stickgen_model.text.encoder import identity_of
from stickgen_model.text.hashing import HashEncoder
from stickgen_model.training.checkpoint import CheckpointInfo, write_folder, write_inference_files
from tasks.report.card_facts import read_card_facts
from tests.tasks.report.factory import make_evaluation

SOURCES = {"amass": "AMASS-noncommercial", "procedural": "CC0-1.0"}


def write_dataset(folder, *, sources=SOURCES, fingerprint="cd" * 32, sample=False):
    folder.mkdir(parents=True)
    parts = {name: {"clips": 10, "licences": [licence]} for name, licence in sources.items()}
    statistics = {
        "totals": {"clips": 10 * len(sources), "hours": 1.25},
        "splits": {"train": {"clips": 15}, "test": {"clips": 5}},
        "sources": parts,
        "licences": {licence: {"clips": 10} for licence in sources.values()},
        "actions": {"walk": {"clips": 12}, "jump": {"clips": 3}, "unlabelled": {"clips": 1}},
    }
    manifest = {
        "kind": "stickgen-dataset",
        "schema_version": SCHEMA_VERSION,
        "fingerprint": fingerprint,
        "config": {"sample": sample},
    }
    (folder / "statistics.json").write_text(json.dumps(statistics))
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def write_run(folder, *, data, stage, steps=4, start="", timed=True, seed=0):
    """A finished run whose every step took 2 s, with 3 s of processors."""
    torch.manual_seed(seed)
    model = build_model(variant_config("tiny"))
    info = CheckpointInfo(
        model=variant_config("tiny"),
        encoder=identity_of(HashEncoder(64)),
        schedule="cosine",
        diffusion=True,
        stage=stage,
        step=steps,
        max_frames=100,
    )

    def fill(part):
        codec = MotionCodec(torch.zeros(20), torch.full((20,), 0.02))
        write_inference_files(part, info, weights=model.state_dict(), codec=codec)
        config = {"batch_size": 8, "accumulation": 2, "optim": {"learning_rate": 0.001}}
        told = f"24 clips of 432 frames, sha256 {'ab' * 32}"
        (part / "training.json").write_text(json.dumps({"config": config, "data": told}))

    write_folder(folder / "checkpoints" / f"step-{steps:08d}", fill)
    (folder / "job.json").write_text(json.dumps({"job": {"data": str(data), "init_from": start}}))
    (folder / "report.json").write_text(json.dumps({"seconds": 99.0}))
    names = {"system/step_s": 2.0, "system/cpu_s": 3.0} if timed else {"train/total": 1.0}
    # the first step has no time: nothing came before it
    lines = [f"{n},{name},{v}" for n in range(2, steps + 1) for name, v in names.items()]
    (folder / "metrics.csv").write_text("step,name,value\n" + "\n".join(lines) + "\n")
    return folder


@pytest.fixture(scope="session")
def makers():
    """`write_dataset` and `write_run`."""
    return write_dataset, write_run


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """Folder of the second of two runs."""
    place = tmp_path_factory.mktemp("trained")
    data = write_dataset(place / "set")
    base = write_run(place / "base", data=data, stage="pretrain", steps=10, seed=1)
    return write_run(place / "tuned", data=data, stage="sft", start=str(base))


@pytest.fixture(scope="session")
def facts(trained):
    return read_card_facts(trained)


@pytest.fixture
def evaluation(facts):
    made = make_evaluation()
    made.model["digest"] = facts.digest
    made.data["name"] = "set"
    return made


@pytest.fixture(scope="session")
def examples():
    """Three prompts, hostile ones among them; the champion lacks one clip."""
    rng = np.random.default_rng(0)

    def clip(frames):
        pose = np.zeros((1, 10, 2), np.float32)
        pose[0, :, 1] = [0.95, 0.53, 0.7, 0.6, 0.7, 0.6, 0.28, 0.03, 0.28, 0.03]
        return pose + rng.normal(0, 0.01, (frames, 10, 2)).astype(np.float32).cumsum(axis=0)

    names = ("model", "champion", "real", "nearest text", "noise")
    return (
        Example(prompt="a man walks", action="walk", clips={n: clip(20) for n in names}),
        Example(prompt="", action="", clips={n: clip(30) for n in names if n != "champion"}),
        Example(prompt="</script><b>&\u202e\x00", action="run", clips={"model": clip(12)}),
    )
