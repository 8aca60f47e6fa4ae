"""A folder of judges."""

from __future__ import annotations

import hashlib
import json
import shutil

import numpy as np
import pytest

from datasets_spec.errors import ConfigError, StickgenError
from stickgen_model.training.metrics import MemorySink
from tasks.judge.judges import JudgesError, open_judges
from tasks.judge.settings import JudgeSettings
from tasks.judge.train import train_judges
from tests.stickgen_model.evaluate.acted import act
from tests.stickgen_model.evaluate.captioned import captioned_rows
from tests.tasks.judge.conftest import make_dataset

# two networks are trained for nearly all of it
pytestmark = pytest.mark.slow


@pytest.fixture
def copied(trained, tmp_path):
    return shutil.copytree(trained[1], tmp_path / "judges")


def test_opened_judges_are_the_trained_ones(trained, dataset):
    judges, out = trained
    again = open_judges(out)
    assert again.told == judges.told
    assert again.digest == judges.digest
    assert again.fingerprint == json.loads((dataset / "manifest.json").read_text())["fingerprint"]
    assert again.settings["encoders"]["steps"] == 25
    clips = [act("walk", 30), act("wave", 44)]
    for embed in ("embed_motions", "classify"):
        who = "encoder" if embed == "embed_motions" else "classifier"
        one, other = (getattr(getattr(j, who), embed)(clips) for j in (judges, again))
        np.testing.assert_array_equal(one, other)


def test_digests_are_those_of_the_weights(trained):
    judges, out = trained
    files = ("encoders/encoders.safetensors", "classifier/classifier.safetensors")
    for judge, name in zip(judges.told, files, strict=True):
        assert judge.digest == hashlib.sha256((out / name).read_bytes()).hexdigest()
        assert judge.version == ""
    assert {judge.version for judge in judges.with_version("7").told} == {"7"}
    assert judges.with_version("7").digest == judges.digest


def test_own_scores_are_of_held_out_clips_by_kind(trained):
    encoders, classifier = (judge.held_out for judge in trained[0].told)
    assert encoders["clips"] == 16
    # four actions, two sentences each: no 32 different ones
    assert "r_precision_1" not in encoders
    assert 0.0 <= encoders["retrieval_1"] <= encoders["retrieval_3"] <= 1.0
    assert classifier["clips"] == 20
    assert classifier["clips_real"] + classifier["clips_synthetic"] == 20
    assert classifier["top1"] <= classifier["top3"] <= 1.0
    facts = open_judges(trained[1]).encoder.facts
    assert set(facts) == {"val", "test"}
    assert set(facts["test"]) == {"all", "real", "synthetic"}


def test_same_data_and_settings_give_same_bytes(trained, dataset, quick, tmp_path):
    sink = MemorySink()
    train_judges(dataset, tmp_path / "again", quick, sink=sink)
    for name in ("judges.json", "encoders/encoders.json", "classifier/classifier.json"):
        assert (tmp_path / "again" / name).read_bytes() == (trained[1] / name).read_bytes()
    assert sink.values("judges/encoders/test/retrieval_1")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"format": "stickgen-judges-0"}, "train the judges again"),
        ({"judges": []}, "expected .'text-motion encoders', 'action classifier'."),
        ({"judges": [{"name": "x"}]}, "expected judges, data and settings"),
        ({"data": {}}, "expected judges, data and settings"),
    ],
)
def test_other_formats_are_refused(copied, change, told):
    path = copied / "judges.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(JudgesError, match=told):
        open_judges(copied)


@pytest.mark.parametrize("text", ["", "[1]", "{", "null"])
def test_damaged_files_are_told(copied, text):
    (copied / "judges.json").write_text(text)
    with pytest.raises(JudgesError, match=r"judges\.json"):
        open_judges(copied)


def test_weights_of_others_are_refused(copied):
    path = copied / "classifier" / "classifier.safetensors"
    path.write_bytes(path.read_bytes()[:-1] + b"\x01")
    with pytest.raises(JudgesError, match="train the judges again"):
        open_judges(copied)
    path.unlink()
    with pytest.raises(JudgesError, match="no file"):
        open_judges(copied)


def test_a_folder_without_judges_says_how_to_make_some(tmp_path):
    with pytest.raises(JudgesError, match="stickgen judges --data"):
        open_judges(tmp_path)


def test_judges_do_not_go_into_the_dataset(dataset, quick):
    with pytest.raises(ConfigError, match="outside of the dataset"):
        train_judges(dataset, dataset / "judges", quick)


def test_what_is_missing_is_told_before_training(tmp_path, quick):
    rows = [row for row in captioned_rows(train=2) if row["split"] != "test"]
    folder = make_dataset(tmp_path / "set", rows)
    sink = MemorySink()
    with pytest.raises(ConfigError, match="expected test clips"):
        train_judges(folder, tmp_path / "out", quick, sink=sink)
    assert not sink.rows
    with pytest.raises(StickgenError, match="does not exist"):
        train_judges(tmp_path / "absent", tmp_path / "out", quick)


def test_old_judges_stay_if_training_fails(copied, tmp_path, quick):
    before = open_judges(copied).digest
    rows = [row for row in captioned_rows(train=2) if row["split"] != "test"]
    folder = make_dataset(tmp_path / "set", rows)
    with pytest.raises(ConfigError):
        train_judges(folder, copied, quick)
    assert open_judges(copied).digest == before


def test_settings():
    settings = JudgeSettings.of_steps(12, seed=3)
    assert settings.encoders.steps == settings.classifier.steps == 12
    assert settings.encoders.seed == settings.classifier.seed == settings.seed == 3
    assert JudgeSettings.of_steps(JudgeSettings().encoders.steps) == JudgeSettings()
    with pytest.raises(ConfigError, match="gallery >= 2"):
        JudgeSettings(gallery=1)
    with pytest.raises(ConfigError, match="steps >= 10"):
        JudgeSettings.of_steps(3)
