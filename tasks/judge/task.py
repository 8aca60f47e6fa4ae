"""Judges as a Prefect task, and their versions in MLflow's registry."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

# before mlflow: the product never phones home by default
from tasks.track.task import track_build, tracking_uri  # isort: skip

from mlflow.exceptions import MlflowException
from prefect import task
from prefect.cache_policies import NO_CACHE

from stickgen_model.training.metrics import MemorySink
from tasks.judge.judges import CLASSIFIER_DIR, ENCODERS_DIR, JUDGES_FILE, open_judges
from tasks.judge.settings import JudgeSettings
from tasks.judge.train import train_judges
from tasks.registry.store import registry_lock
from tasks.registry.task import all_versions, explained, find_registered, open_registry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mlflow import MlflowClient

    from stickgen_model.training.metrics import MetricSink
    from tasks.judge.judges import Judges
    from tasks.track.task import BuildTracker

__all__ = ["JUDGES_MODEL", "make_judges", "register_judges"]

JUDGES_MODEL: Final = "stickgen-judges"
"""Registered model of the judges."""
_EXPERIMENT: Final = "stickgen-judges"
_ARTIFACTS: Final = "judges"
_DIGEST_TAG: Final = "digest"

# networks stay in this process: annotations say so, results are never stored
Anything = Any


@task(name="judges", cache_policy=NO_CACHE, persist_result=False)
def make_judges(
    data: Path,
    out: Path,
    settings: Anything = None,
    *,
    name: str | None = JUDGES_MODEL,
    sink: Anything = None,
) -> Any:
    """Train judges on a dataset, save them and make them a version in the registry.

    Args:
        data: Dataset folder.
        out: Folder of the judges; those that are there are replaced.
        settings: A JudgeSettings; None = the usual ones.
        name: Of the registered model; None = they stay in the folder only.
        sink: Gets losses and scores besides.

    Returns:
        The Judges; they know their version.

    Raises:
        StickgenError: If the dataset has too little to train on, or the store cannot be used.
    """
    course = _Course(sink)
    settings = JudgeSettings() if settings is None else settings
    judges = train_judges(Path(data), Path(out), settings, sink=course)
    if name is None:
        return judges
    return register_judges(Path(out), name=name, course=course.rows)


def register_judges(
    folder: Path,
    *,
    name: str = JUDGES_MODEL,
    course: Sequence[tuple[int, Mapping[str, float]]] = (),
) -> Judges:
    """Make judges a version of a registered model; the same weights are the same version.

    The version holds the folder as it is (`mlflow artifacts download`), nothing is pickled. One
    registration at a time works on a store of this machine.

    Args:
        folder: Of the judges.
        name: Of the registered model, made if absent.
        course: Losses of their training by step, for the tracked run.

    Returns:
        The judges; they know their version.

    Raises:
        ConfigError: If MLflow allows no such name.
        StickgenError: If there are no judges, or the store cannot be used.
    """
    judges = open_judges(folder)
    uri = tracking_uri()
    with registry_lock(uri), explained(f"judges {name!r}"):
        client = open_registry(uri)
        known = _known_version(client, name, judges.digest)
        if known is not None:
            return judges.with_version(known)
        params = {"data": judges.fingerprint, **judges.settings}
        with track_build(_EXPERIMENT, params=params) as tracker:
            _log(tracker, judges, folder, course)
            _make_registered(client, name)
            version = client.create_model_version(
                name,
                f"{client.get_run(tracker.run_id).info.artifact_uri}/{_ARTIFACTS}",
                tracker.run_id,
                tags=_tags(judges),
            )
    return judges.with_version(str(version.version))


def _known_version(client: MlflowClient, name: str, digest: str) -> str | None:
    model = find_registered(client, name)
    for one in all_versions(client, model) if model is not None else ():
        if one.tags.get(_DIGEST_TAG) == digest:
            return str(one.version)
    return None


def _make_registered(client: MlflowClient, name: str) -> None:
    try:
        client.create_registered_model(name)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise


def _tags(judges: Judges) -> dict[str, str]:
    return {
        _DIGEST_TAG: judges.digest,
        "data": judges.fingerprint,
        **{f"{one.name.split()[-1]}_digest": one.digest for one in judges.told},
        **{key: f"{value:.4f}" for key, value in _scores(judges).items()},
    }


def _scores(judges: Judges) -> dict[str, float]:
    """Own scores on test clips, by judge."""
    return {
        f"{one.name.split()[-1]}.{key}": value
        for one in judges.told
        for key, value in one.held_out.items()
    }


def _log(
    tracker: BuildTracker,
    judges: Judges,
    folder: Path,
    course: Sequence[tuple[int, Mapping[str, float]]],
) -> None:
    now = time.time_ns() // 1_000_000
    tracker.log_tags(_tags(judges))
    tracker.log_steps([(step, now, values) for step, values in course])
    tracker.log_metrics(_scores(judges), time_ms=now)
    tracker.log_files([folder / JUDGES_FILE], _ARTIFACTS)
    for part in (ENCODERS_DIR, CLASSIFIER_DIR):
        tracker.log_files([folder / part], f"{_ARTIFACTS}/{part}")


class _Course(MemorySink):
    """Keeps everything, and passes it on."""

    def __init__(self, sink: MetricSink | None) -> None:
        super().__init__()
        self._sink = sink

    def log_metrics(self, metrics: Mapping[str, float], *, step: int) -> None:
        """Keep a row, pass it on."""
        super().log_metrics(metrics, step=step)
        if self._sink is not None:
            self._sink.log_metrics(metrics, step=step)
