"""Models in MLflow's registry."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from datasets_spec.errors import StickgenError
from tasks.champion.task import champion_of, move_champion, promote_version, rollback
from tasks.pack.task import explained_name, log_model, tracking_to
from tasks.register.digest import folder_digest
from tasks.register.package import find_model
from tasks.register.promotion import decide
from tasks.register.rules import PromotionRules
from tasks.register.submission import (
    DIGEST_TAG,
    SAME_TAGS,
    Submitted,
    champion_fault,
    check_same_model,
    decision_tags,
    described,
    is_decided,
    log_evaluation,
    submission_tags,
    submitted,
)
from tasks.registry.facts import CANDIDATE, CHAMPION
from tasks.registry.store import registry_lock
from tasks.registry.task import (
    all_versions,
    champion_number,
    explained,
    find_registered,
    open_registry,
    registered_model,
    versions_of,
)
from tasks.serve.task import CHECKPOINT_ARTIFACT
from tasks.track.task import track_build, tracking_uri

if TYPE_CHECKING:
    from stickgen_model.evaluate.evaluation import Evaluation
    from tasks.register.package import ModelPackage, TrainedBy
    from tasks.registry.facts import VersionFacts

__all__ = [
    "RegisteredModel",
    "Submitted",
    "champion_of",
    "log_model",
    "promote_version",
    "register_model",
    "rollback",
    "submit_candidate",
    "versions_of",
]

_EXPERIMENT: Final = "stickgen-models"
_RULES: Final = PromotionRules()


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisteredModel:
    """A version in the registry."""

    name: str
    version: str
    alias: str | None
    uri: str
    """For --model and for mlflow models serve."""
    tracking_uri: str
    tags: dict[str, str]


def register_model(path: Path, *, name: str, alias: str | None = None) -> RegisteredModel:
    """Log a model and make it a version of a registered one.

    Args:
        path: Checkpoint, the folder of a run (then its best), or an export.
        name: Of the registered model, made if absent.
        alias: Name that points to the version from now on.

    Raises:
        ConfigError: If MLflow allows no such name or alias.
        StickgenError: If there is no model, or the tracking store cannot be used.
    """
    package = find_model(path)
    uri = tracking_uri()
    params = {"model": str(package.folder), "name": name, **package.tags}
    with track_build(_EXPERIMENT, params=params) as tracker:
        tags = _version_tags(package)
        tracker.log_tags(tags)
        version = log_model(package, tags=tags, run_id=tracker.run_id, uri=uri, name=name)
        if alias is not None:
            with explained_name(name, alias):
                _set_alias(uri, name, alias, version)
    return RegisteredModel(
        name=name,
        version=version,
        alias=alias,
        uri=f"models:/{name}@{alias}" if alias else f"models:/{name}/{version}",
        tracking_uri=uri,
        tags=tags,
    )


def submit_candidate(
    model: Path,
    evaluation: Evaluation,
    *,
    name: str = "stickgen",
    rules: PromotionRules = _RULES,
    card: Path | None = None,
) -> Submitted:
    """Register an evaluated model as candidate, and make it the champion if it beats the champion.

    The same model with the same evaluation is the same version: a second call changes nothing, but
    other rules decide it anew. One submission at a time works on a store of this machine.

    Args:
        model: Checkpoint, the folder of a run (then its best), or an export.
        evaluation: Of this model, beside the champion where the registry has one.
        name: Of the registered model, made if absent.
        rules: Who is promoted.
        card: Model card, kept with the version.

    Raises:
        ConfigError: If the evaluation is of another model, or MLflow allows no such name.
        StickgenError: If there is no model or card, or the store cannot be used.
    """
    package = find_model(model)
    tags = _version_tags(package) | submission_tags(evaluation)
    check_same_model(evaluation, tags[DIGEST_TAG], where=str(package.folder))
    if card is not None and not card.is_file():
        msg = f"expected a model card in {card}, there is no such file"
        raise StickgenError(msg)
    uri = tracking_uri()
    with registry_lock(uri), explained(f"submit {name!r}"):
        client = open_registry(uri)
        found = _same_submission(client, name, tags)
        if found is not None and is_decided(found, rules):
            return submitted(found, known=True, tracking_uri=uri)
        params = {"model": str(package.folder), "name": name, **package.tags}
        go_on = "" if found is None else found.run_id
        with track_build(_EXPERIMENT, params=params, go_on=go_on) as tracker:
            tracker.log_tags(tags)
            if found is None:
                told = log_model(package, tags=tags, run_id=tracker.run_id, uri=uri, name=name)
            else:  # cut off before its decision, or decided by other rules
                told = str(found.version)
            client.set_registered_model_alias(name, CANDIDATE, told)
            champion = _champion(client, name)
            decision = decide(evaluation, rules)
            if champion is None or champion.version != int(told):
                fault = champion_fault(evaluation, champion)
                decision = decision.refused(fault) if fault else decision
            log_evaluation(tracker, evaluation, decision, card=card)
            if decision.promote:
                move_champion(client, name, int(told))
            client.update_model_version(name, told, description=described(decision))
            for tag, text in decision_tags(decision, rules).items():
                client.set_model_version_tag(name, told, tag, text)
        facts = _same_submission(client, name, tags)
    assert facts is not None  # it was just made
    return submitted(facts, known=False, tracking_uri=uri)


def _same_submission(client: MlflowClient, name: str, tags: dict[str, str]) -> VersionFacts | None:
    """The version of the same model with the same evaluation."""
    model = find_registered(client, name)
    for one in all_versions(client, model) if model is not None else ():
        if all(one.tags.get(tag) == tags[tag] for tag in SAME_TAGS):
            return one
    return None


def _champion(client: MlflowClient, name: str) -> VersionFacts | None:
    """The champion with its digest, which versions of older releases do not tell."""
    model = registered_model(client, name)
    number = champion_number(model)
    if number is None:
        return None
    facts = next(one for one in all_versions(client, model) if one.version == number)
    if DIGEST_TAG in facts.tags:
        return facts
    with TemporaryDirectory(prefix="stickgen-") as scratch, tracking_to(tracking_uri()):
        folder = mlflow.artifacts.download_artifacts(
            artifact_uri=f"{facts.uri}/artifacts/{CHECKPOINT_ARTIFACT}", dst_path=scratch
        )
        digest = folder_digest(Path(folder))
    return replace(facts, tags=facts.tags | {DIGEST_TAG: digest})


def _version_tags(package: ModelPackage) -> dict[str, str]:
    return (
        package.tags | _data_tag(package.trained_by) | {DIGEST_TAG: folder_digest(package.folder)}
    )


def _set_alias(uri: str, name: str, alias: str, version: str) -> None:
    client = MlflowClient(tracking_uri=uri, registry_uri=uri)
    if alias == CHAMPION:  # as every promotion, so that it can be rolled back
        with registry_lock(uri):
            move_champion(client, name, int(version))
    else:
        client.set_registered_model_alias(name, alias, version)


def _data_tag(trained_by: TrainedBy | None) -> dict[str, str]:
    """Fingerprint of the data that a run was trained on, where its store still tells it."""
    if trained_by is None:
        return {}
    found = {"trained_by": trained_by.run_id}
    try:
        run = MlflowClient(tracking_uri=trained_by.uri).get_run(trained_by.run_id)
    except (MlflowException, OSError):
        return found  # the store of another machine
    digests = [entry.dataset.digest for entry in run.inputs.dataset_inputs]
    return found | ({"data": digests[0]} if digests else {})
