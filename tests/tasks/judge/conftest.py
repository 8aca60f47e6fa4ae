"""A small dataset folder with a manifest, and judges trained on it."""

from __future__ import annotations

import pytest

from stickgen_model.evaluate.classifier_training import ClassifierRecipe
from stickgen_model.evaluate.text_motion_recipe import TextMotionRecipe
from tasks.judge.settings import JudgeSettings
from tasks.judge.train import train_judges
from tasks.publish.manifest import build_manifest, canonical_json
from tests.stickgen_model.conftest import write_folder
from tests.stickgen_model.evaluate.captioned import captioned_rows

QUICK = JudgeSettings(
    encoders=TextMotionRecipe(
        steps=25, batch_size=12, learning_rate=4e-3, checks=2, min_word=1, seed=1
    ),
    classifier=ClassifierRecipe(steps=25, batch_size=12, learning_rate=4e-3, seed=1),
    gallery=16,
)


def make_dataset(folder, rows=None):
    write_folder(folder, captioned_rows() if rows is None else rows)
    manifest = build_manifest(folder, config={}, counts={})
    (folder / "manifest.json").write_text(canonical_json(manifest), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def quick():
    return QUICK


@pytest.fixture(scope="session")
def dataset(tmp_path_factory):
    return make_dataset(tmp_path_factory.mktemp("judge") / "set")


@pytest.fixture(scope="session")
def trained(dataset, tmp_path_factory):
    """Judges and their folder; not to be changed."""
    out = tmp_path_factory.mktemp("judges") / "out"
    return train_judges(dataset, out, QUICK), out
