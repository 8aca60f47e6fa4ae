"""Judges as versions in MLflow's registry."""

from __future__ import annotations

from pathlib import Path

import mlflow
import pytest
from mlflow import MlflowClient

from datasets_spec.errors import ConfigError
from flows.cli import main
from tasks.judge.judges import open_judges
from tasks.judge.task import JUDGES_MODEL, make_judges, register_judges

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    root = tmp_path_factory.mktemp("registry")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        yield f"sqlite:///{root}/mlflow.db"


def test_same_weights_are_the_same_version(store, trained, dataset, quick, tmp_path):
    judges, out = trained
    first = register_judges(out)
    assert {judge.version for judge in first.told} == {"1"}
    # trained again, elsewhere: the same bytes
    again = make_judges.fn(dataset, tmp_path / "again", quick)
    assert {judge.version for judge in again.told} == {"1"}
    client = MlflowClient(store, store)
    (version,) = client.search_model_versions(f"name='{JUDGES_MODEL}'")
    assert version.tags["digest"] == judges.digest
    assert version.tags["data"] == judges.fingerprint
    told = {key.partition(".")[0] for key in version.tags if "." in key}
    assert told == {"encoders", "classifier"}


def test_a_version_holds_the_folder(store, trained):
    registered = register_judges(trained[1])
    uri = f"models:/{JUDGES_MODEL}/{registered.told[0].version}"
    folder = Path(mlflow.artifacts.download_artifacts(uri, tracking_uri=store, registry_uri=store))
    assert open_judges(folder).digest == trained[0].digest


def test_names_that_the_registry_does_not_allow(store, trained):
    with pytest.raises(ConfigError, match="allows no such name"):
        register_judges(trained[1], name="a/b")


def test_command(store, dataset, tmp_path, capsys):
    out = tmp_path / "judges"
    told = ["judges", "--data", str(dataset), "--out", str(out), "--steps", "10", "--seed", "4"]
    assert main([*told, "--name", "mine"]) == 0
    text, lines = capsys.readouterr()
    judges = open_judges(out)
    assert f"digest {judges.digest[:12]}, mine version 1" in text
    assert "action classifier" in text
    assert "held_out_loss" in lines
    assert main([*told, "--no-registry"]) == 0
    assert "version" not in capsys.readouterr().out


def test_command_with_faults(store, tmp_path, capsys):
    assert main(["judges", "--data", str(tmp_path / "no"), "--out", str(tmp_path / "j")]) != 0
    assert "does not exist" in capsys.readouterr().err
    assert main(["judges", "--out", str(tmp_path / "j"), "--steps", "3"]) != 0
    assert "steps >= 10" in capsys.readouterr().err
