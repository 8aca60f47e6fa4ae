"""A model is published with its card, its checksums, and only if its data allow it."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
import torch
from huggingface_hub import ModelCard

from datasets_spec.errors import ConfigError
from stickgen_model.codec import MotionCodec
from stickgen_model.config import variant_config
from stickgen_model.generate import StickGen
from stickgen_model.model.multimodal import build_model
from stickgen_model.text.encoder import identity_of
from stickgen_model.text.hashing import HashEncoder
from stickgen_model.training.checkpoint import (
    CheckpointError,
    CheckpointInfo,
    write_folder,
    write_inference_files,
)
from tasks.release.folder_place import FolderPlace
from tasks.release.hub import HubRepository
from tasks.release.licences import LicenceError
from tasks.release.model import CHECKSUMS_FILE, model_package
from tasks.release.package import describe_file
from tasks.release.release import release_to_place
from tasks.release.trained_on import trained_on

CARD = "---\nlicense: mit\nlibrary_name: stickgen\n---\n\n# A small model\n"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A checkpoint with what it needs to go on."""
    root = tmp_path_factory.mktemp("tiny")
    torch.manual_seed(0)
    info = CheckpointInfo(
        model=variant_config("tiny"),
        encoder=identity_of(HashEncoder(64)),
        schedule="cosine",
        diffusion=True,
        stage="sft",
        step=3,
    )
    codec = MotionCodec(torch.zeros(20), torch.full((20,), 0.1))

    def fill(part):
        weights = build_model(info.model).state_dict()
        write_inference_files(part, info, weights=weights, codec=codec)
        (part / "optimiser.pt").write_bytes(b"large")
        (part / "training.json").write_text(json.dumps({"config": {"max_frames": 50}}))

    write_folder(root / "step-00000003", fill)
    return root / "step-00000003"


@pytest.fixture
def make_run(tiny, tmp_path):
    def make(data, *, name="run", start="", card=True):
        run = tmp_path / name
        shutil.copytree(tiny, run / "checkpoints" / tiny.name)
        job = {"data": str(data), "init_from": str(start)}
        (run / "job.json").write_text(json.dumps({"job": job}))
        if card:
            (run / "README.md").write_text(CARD)
        return run

    return make


@pytest.fixture
def work(tmp_path):
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


def test_a_model_arrives_whole_and_generates(make_run, free, work, tmp_path):
    run = make_run(free)
    package = model_package(run, work)
    assert set(package.files) == {"config.json", "model.safetensors", "README.md", CHECKSUMS_FILE}
    assert package.name == "tiny-sft"
    release_to_place(package, FolderPlace(tmp_path / "out"))
    folder = next((tmp_path / "out" / "versions").iterdir())
    told = json.loads((folder / CHECKSUMS_FILE).read_text())
    assert told["fingerprint"] == package.fingerprint
    assert set(told["trained_on"]) == {"100style", "procedural"}
    assert told["facts"]["stage"] == "sft"
    for name, entry in told["files"].items():
        found = describe_file(folder / name)
        assert (found.size, found.sha256) == (entry["size"], entry["sha256"])
    assert json.loads((folder / "config.json").read_text())["max_frames"] == 50
    assert ModelCard.load(folder / "README.md").data.license == "mit"
    model = StickGen.from_pretrained(folder, encoder=HashEncoder(64))
    made = model.generate(["a person waves"], seconds=0.4, seed=1, steps=2)
    again = StickGen.from_pretrained(run, encoder=HashEncoder(64))
    wanted = again.generate(["a person waves"], seconds=0.4, seed=1, steps=2)
    np.testing.assert_array_equal(made.joints[0], wanted.joints[0])


def test_equal_models_have_equal_fingerprints(make_run, free, work, tmp_path):
    run = make_run(free)
    again = tmp_path / "again"
    again.mkdir()
    assert model_package(run, work).fingerprint == model_package(run, again).fingerprint


def test_to_the_hub(make_run, free, work, hub):
    package = model_package(make_run(free), work, version="2.0")
    done = HubRepository("motion-lab/walker", endpoint=hub.address).release(package)
    found = hub.repositories["models", "motion-lab/walker"]
    assert set(found.trees[found.tags["2.0"]]) == {*package.files, ".gitattributes"}
    assert done.place.startswith(f"{hub.address}/motion-lab/walker/tree/")


def test_no_card_no_model(make_run, free, work):
    with pytest.raises(ConfigError, match=r"published with its card.*--card"):
        model_package(make_run(free, card=False), work)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# no header\n",
        "---\nlicense: mit\n---\n",
        "---\n- a\n---\n\nx\n",
        "---\n: [\n---\nx",
        "---\ntitle: x\n---\n\ntext\n",
    ],
)
def test_a_card_that_is_none(make_run, free, work, tmp_path, text):
    card = tmp_path / "card.md"
    card.write_text(text)
    with pytest.raises(ConfigError, match="expected a model card"):
        model_package(make_run(free, card=False), work, card=card)


def test_the_data_decide(make_run, mixed, free, work):
    run = make_run(mixed)
    with pytest.raises(LicenceError, match=r"(?s)bvh: .*--permitted bvh"):
        model_package(run, work)
    assert model_package(run, work, permitted=["bvh"]).sources["bvh"] > 0


def test_the_data_of_the_model_it_started_from_decide_too(make_run, mixed, free, work):
    first = make_run(mixed, name="pretrained")
    second = make_run(free, start=first / "checkpoints" / "step-00000003")
    assert set(trained_on(second / "checkpoints" / "step-00000003")) == {
        "bvh",
        "100style",
        "procedural",
    }
    with pytest.raises(LicenceError, match="bvh"):
        model_package(second, work)


def test_a_run_that_names_itself_ends(make_run, free, tmp_path):
    run = make_run(free, start=tmp_path / "run")
    assert set(trained_on(run / "checkpoints" / "step-00000003")) == {"100style", "procedural"}


def test_a_checkpoint_that_does_not_tell(tiny, free, mixed, work, tmp_path):
    card = tmp_path / "card.md"
    card.write_text(CARD)
    with pytest.raises(ConfigError, match="name the dataset with --data"):
        model_package(tiny, work, card=card)
    with pytest.raises(LicenceError, match="bvh"):
        model_package(tiny, work, card=card, data=mixed)
    assert model_package(tiny, work, card=card, data=free).sources


def test_a_dataset_that_is_gone(make_run, work, tmp_path):
    with pytest.raises(ConfigError, match=r"does not exist.*--data"):
        model_package(make_run(tmp_path / "gone"), work)


def test_no_model(tmp_path, work):
    with pytest.raises(CheckpointError):
        model_package(tmp_path, work)
