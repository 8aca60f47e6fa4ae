"""Candidates in a real store: promoted, refused, the same again, two at once, cut off."""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import mlflow
import pytest
import torch
from mlflow import MlflowClient

from datasets_spec.errors import ConfigError, StickgenError
from stickgen_model.codec import MotionCodec
from stickgen_model.config import variant_config
from stickgen_model.evaluate.evaluation import Evaluation, Measured, Row
from stickgen_model.model.multimodal import build_model
from stickgen_model.text.encoder import identity_of
from stickgen_model.text.hashing import HashEncoder
from stickgen_model.training.checkpoint import (
    CheckpointInfo,
    write_folder,
    write_inference_files,
)
from tasks.register.digest import model_digest
from tasks.register.promotion import PromotionRules

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

RULES = PromotionRules(agreed=("fid",), kept=("jitter",), gates=(), rows=())


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder with a fresh default store and three checkpoints."""
    root = tmp_path_factory.mktemp("submit")
    for number in (1, 2, 3):
        torch.manual_seed(number)
        info = CheckpointInfo(
            model=variant_config("tiny"),
            encoder=identity_of(HashEncoder(64)),
            schedule="cosine",
            diffusion=True,
            stage="sft",
            step=number,
        )
        weights = build_model(info.model).state_dict()
        codec = MotionCodec(torch.zeros(20), torch.full((20,), 0.05))
        write_folder(
            root / f"run{number}" / "checkpoints" / f"step-{number:08}",
            lambda part, info=info, weights=weights, codec=codec: write_inference_files(
                part, info, weights=weights, codec=codec
            ),
        )
    before = list(sys.path)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        yield root
    sys.path[:] = before


@pytest.fixture(scope="module")
def registry(home):
    # mlflow.pyfunc warns when it is imported, of hints of its own
    from tasks.register import task

    return task


@pytest.fixture
def fast(registry, monkeypatch):
    """Models are logged in full by the first test only; it takes seconds each."""

    def log_model(package, *, tags, run_id, uri, name):
        client = MlflowClient(uri)
        try:
            client.get_registered_model(name)
        except mlflow.MlflowException:
            client.create_registered_model(name)
        source = package.folder.absolute().as_uri()
        return str(client.create_model_version(name, source, run_id, tags=tags).version)

    monkeypatch.setattr(registry, "log_model", log_model)


def row(name, fid):
    metrics = {
        "fid": Measured(mean=fid, low=fid - 0.1, high=fid + 0.1, repeats=20),
        "jitter": Measured(mean=30.0, low=29.0, high=31.0, repeats=20),
    }
    return Row(name=name, kind=name, told="", metrics=metrics)


def evaluated(path, fid, champion=None, champion_fid=None, **parts):
    rows, settings = [row("model", fid), row("real", 0.01)], {}
    if champion is not None:
        rows.append(row("champion", champion_fid))
        settings["champion_digest"] = model_digest(champion)
    return Evaluation(
        model={"path": str(path), "digest": model_digest(path)},
        data={"fingerprint": "f" * 64},
        settings=settings,
        judges=(),
        rows=tuple(rows),
        **parts,
    )


def aliases(name):
    client = MlflowClient(f"sqlite:///{Path.cwd()}/mlflow.db")
    return {key: int(value) for key, value in client.get_registered_model(name).aliases.items()}


def test_the_whole_way(home, registry, tmp_path):
    one, two = home / "run1", home / "run2"
    card = tmp_path / "card.md"
    card.write_text("# A card")
    first = registry.submit_candidate(
        one, evaluated(one, 3.0), name="figures", rules=RULES, card=card
    )
    assert (first.version, first.promoted, first.known) == ("1", True, False)
    assert registry.champion_of("figures") == first.uri == "models:/figures/1"
    worse = registry.submit_candidate(
        two, evaluated(two, 4.0, one, 3.0), name="figures", rules=RULES
    )
    assert (worse.version, worse.promoted) == ("2", False)
    assert worse.reasons[0].startswith("fid 4 [3.9, 4.1] is worse than the champion's 3 [2.9, 3.1]")
    assert aliases("figures") == {"champion": 1, "candidate": 2}
    better = registry.submit_candidate(
        two, evaluated(two, 2.0, one, 3.0), name="figures", rules=RULES
    )
    assert (better.version, better.promoted) == ("3", True)
    assert aliases("figures") == {"champion": 3, "candidate": 3, "previous": 1}
    again = registry.submit_candidate(
        two, evaluated(two, 2.0, one, 3.0, seconds={"all": 9.0}), name="figures", rules=RULES
    )
    assert (again.version, again.promoted, again.known) == ("3", True, True)
    registry.rollback("figures")
    again = registry.submit_candidate(
        two, evaluated(two, 2.0, one, 3.0), name="figures", rules=RULES
    )
    assert again.known
    assert aliases("figures") == {"champion": 1, "candidate": 3}
    self_told(registry, first)
    assert "MLFLOW_TRACKING_URI" not in os.environ  # of the user, not of ours


def self_told(registry, first):
    """What the store tells of a version and its run."""
    facts = registry.versions_of("figures")[-1]
    assert facts.tags["decision"] == "promoted"
    assert facts.tags["metric.fid"] == "3 [2.9, 3.1]"
    client = MlflowClient(first.tracking_uri)
    page = client.get_model_version("figures", "1").description
    assert page == "Promoted:\n\n- there is no champion, and every gate is passed"
    run = client.get_run(facts.run_id)
    assert run.info.status == "FINISHED"
    assert run.data.metrics["eval/model/fid"] == 3.0
    names = {Path(one.path).name for one in client.list_artifacts(facts.run_id, "evaluation")}
    assert names == {"evaluation.json", "decision.json", "README.md"}
    text = mlflow.artifacts.load_text(f"{run.info.artifact_uri}/evaluation/decision.json")
    assert json.loads(text)["promote"] is True
    folder = mlflow.artifacts.download_artifacts(
        f"{first.uri}/artifacts/checkpoint", tracking_uri=first.tracking_uri
    )
    assert model_digest(Path(folder)) == facts.tags["digest"]


@pytest.mark.usefixtures("fast")
def test_the_champion_changed_meanwhile(home, registry):
    one, two, three = home / "run1", home / "run2", home / "run3"
    submit = registry.submit_candidate
    submit(one, evaluated(one, 3.0), name="late", rules=RULES)
    alone = submit(two, evaluated(two, 1.0), name="late", rules=RULES)
    assert alone.reasons == (
        "models:/late/1 is the champion, but was not measured; evaluate again beside it",
    )
    assert submit(two, evaluated(two, 2.0, one, 3.0), name="late", rules=RULES).promoted
    late = submit(three, evaluated(three, 1.0, one, 3.0), name="late", rules=RULES)
    assert not late.promoted
    assert "another model was measured as such" in late.reasons[0]
    assert submit(three, evaluated(three, 1.0, two, 2.0), name="late", rules=RULES).promoted


@pytest.mark.usefixtures("fast")
def test_two_at_once(home, registry):
    one = home / "run1"

    def submit(path):
        champion = () if path == one else (one, 3.0)
        fid = 3.0 if path == one else 2.0
        return registry.submit_candidate(
            path, evaluated(path, fid, *champion), name="both", rules=RULES
        )

    with ThreadPoolExecutor(4) as pool:
        same = list(pool.map(submit, [one] * 4))
        assert {found.version for found in same} == {"1"}
        assert sorted(found.known for found in same) == [False, True, True, True]
        others = list(pool.map(submit, [home / "run2", home / "run3"]))
    assert {found.version for found in others} == {"2", "3"}
    (promoted,) = [found for found in others if found.promoted]
    assert registry.champion_of("both") == promoted.uri
    assert aliases("both")["previous"] == 1


@pytest.mark.usefixtures("fast")
@pytest.mark.parametrize("place", ["log_evaluation", "move_champion", "decision_tags"])
def test_a_submission_that_was_cut_off_goes_on(home, registry, monkeypatch, place):
    one, two = home / "run1", home / "run2"
    name = f"cut {place}"
    registry.submit_candidate(one, evaluated(one, 3.0), name=name, rules=RULES)

    def end(*_, **__):
        raise KeyboardInterrupt

    def submit():
        return registry.submit_candidate(two, evaluated(two, 2.0, one, 3.0), name=name, rules=RULES)

    with monkeypatch.context() as patch:
        patch.setattr(registry, place, end)
        with pytest.raises(KeyboardInterrupt):
            submit()
    found = submit()
    assert (found.version, found.promoted, found.known) == ("2", True, False)
    assert found.reasons[0].startswith("fid 2 [1.9, 2.1] is better")
    assert aliases(name) == {"champion": 2, "candidate": 2, "previous": 1}
    run = MlflowClient(found.tracking_uri).get_run(registry.versions_of(name)[0].run_id)
    assert run.info.status == "FINISHED"


@pytest.mark.usefixtures("fast")
def test_other_rules_decide_the_same_version_anew(home, registry):
    one, two = home / "run1", home / "run2"
    registry.submit_candidate(one, evaluated(one, 3.0), name="rules", rules=RULES)

    def submit(rules):
        return registry.submit_candidate(
            two, evaluated(two, 2.0, one, 3.0), name="rules", rules=rules
        )

    strict = replace(RULES, repeats=50)
    assert not submit(strict).promoted
    assert submit(strict).known
    found = submit(RULES)
    assert (found.version, found.promoted, found.known) == ("2", True, False)
    assert submit(strict).known  # it stays the champion
    assert registry.champion_of("rules") == found.uri


def test_a_champion_of_an_older_release_has_its_digest_looked_up(home, registry):
    one, two = home / "run1", home / "run2"
    registry.register_model(one, name="old", alias="champion")
    client = MlflowClient(f"sqlite:///{Path.cwd()}/mlflow.db")
    client.delete_model_version_tag("old", "1", "digest")
    found = registry.submit_candidate(two, evaluated(two, 2.0, one, 3.0), name="old", rules=RULES)
    assert found.promoted, found.reasons
    assert registry.rollback("old").version == 1


@pytest.mark.usefixtures("fast")
def test_what_is_refused_before_anything_is_written(home, registry, tmp_path):
    one, two = home / "run1", home / "run2"
    with pytest.raises(ConfigError, match="expected an evaluation of this model"):
        registry.submit_candidate(two, evaluated(one, 3.0), name="none")
    with pytest.raises(StickgenError, match="expected a model card"):
        registry.submit_candidate(
            one, evaluated(one, 3.0), name="none", card=tmp_path / "absent.md"
        )
    with pytest.raises(StickgenError, match=r"config\.json"):
        registry.submit_candidate(tmp_path, evaluated(one, 3.0), name="none")
    assert registry.champion_of("none") is None


def test_names_that_mlflow_refuses(home, registry):
    one = home / "run1"
    for name in ("", "a/b:c"):
        with pytest.raises(ConfigError, match="MLflow allows no"):
            registry.submit_candidate(one, evaluated(one, 3.0), name=name, rules=RULES)
