"""MLflow: one run a build, failed with its reason if the build fails."""

from __future__ import annotations

import logging
import os
import re
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

# read when mlflow is first imported: the product never phones home by default
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")

import requests
import sqlalchemy.exc
from mlflow import MlflowClient
from mlflow.data.filesystem_dataset_source import FileSystemDatasetSource
from mlflow.data.meta_dataset import MetaDataset
from mlflow.entities import DatasetInput, InputTag, Metric, Param, Run, RunTag
from mlflow.exceptions import MlflowException

from datasets_spec.errors import StickgenError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tasks.config import BuildConfig

__all__ = ["BuildTracker", "flatten_params", "track_build", "tracked_config", "tracking_uri"]

_MAX_PARAM: Final = 500
"""MLflow's stores refuse longer values (6000 in new ones, 500 in old ones)."""
_BATCH: Final = 100
"""MLflow takes at most this many parameters a call."""
_METRICS: Final = 500
"""... and 1000 metrics."""
_FAULTS: Final = (
    MlflowException,
    requests.RequestException,
    sqlalchemy.exc.SQLAlchemyError,
    OSError,
)


class _FolderSource(FileSystemDatasetSource):  # type: ignore[misc]
    """A dataset folder on disk, as MLflow's registry of sources wants it."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    @property
    def uri(self) -> str:
        """Path of the folder."""
        return self._folder

    @staticmethod
    def _get_source_type() -> str:
        return "folder"

    def load(self, dst_path: str | None = None) -> str:
        """The folder is its own local copy."""
        del dst_path
        return self._folder

    @staticmethod
    def _can_resolve(raw_source: Any) -> bool:
        del raw_source
        return False  # never guessed from a string

    @classmethod
    def _resolve(cls, raw_source: Any) -> _FolderSource:
        return cls(str(raw_source))

    def to_dict(self) -> dict[str, str]:
        """Plain values."""
        return {"uri": self._folder}

    @classmethod
    def from_dict(cls, source_dict: Mapping[str, str]) -> _FolderSource:
        """The inverse of to_dict."""
        return cls(source_dict["uri"])


class BuildTracker:
    """The run of one build."""

    def __init__(self, client: MlflowClient, run_id: str, uri: str) -> None:
        self._client = client
        self.run_id = run_id
        self.uri = uri

    def log_params(self, params: Mapping[str, Any]) -> None:
        """Nested settings, as one parameter a leaf."""
        flat = [Param(name, value) for name, value in flatten_params(params).items()]
        with _explained(self.uri):
            for start in range(0, len(flat), _BATCH):
                self._client.log_batch(self.run_id, params=flat[start : start + _BATCH])

    def log_metrics(self, metrics: Mapping[str, float], *, time_ms: int) -> None:
        """Numbers of the build."""
        entries = [Metric(name, float(value), time_ms, 0) for name, value in metrics.items()]
        with _explained(self.uri):
            for start in range(0, len(entries), _BATCH):
                self._client.log_batch(self.run_id, metrics=entries[start : start + _BATCH])

    def log_steps(self, rows: Sequence[tuple[int, int, Mapping[str, float]]]) -> None:
        """Numbers by step: (step, time in ms, values)."""
        entries = [
            Metric(name, float(value), time_ms, step)
            for step, time_ms, values in rows
            for name, value in values.items()
        ]
        with _explained(self.uri):
            for start in range(0, len(entries), _METRICS):
                self._client.log_batch(self.run_id, metrics=entries[start : start + _METRICS])

    def log_tags(self, tags: Mapping[str, str]) -> None:
        """Words that runs are searched by."""
        with _explained(self.uri):
            self._client.log_batch(self.run_id, tags=[RunTag(k, v) for k, v in tags.items()])

    def log_files(self, paths: Sequence[Path], folder: str | None = None) -> None:
        """Files and folders, as artifacts; what is absent is left out."""
        with _explained(self.uri):
            for path in paths:
                if path.is_dir():
                    self._client.log_artifacts(self.run_id, str(path), folder)
                elif path.is_file():
                    self._client.log_artifact(self.run_id, str(path), folder)

    def log_dataset(self, folder: Path, *, name: str, digest: str, context: str) -> None:
        """A dataset folder as MLflow input.

        Args:
            folder: Where it lies.
            name: Shown in the UI.
            digest: Start of its fingerprint; MLflow allows 36 characters.
            context: What the run did with it, e.g. "build".
        """
        dataset = MetaDataset(source=_FolderSource(str(folder)), name=name, digest=digest[:36])
        tag = InputTag("mlflow.data.context", context)
        entry = DatasetInput(dataset=dataset._to_mlflow_entity(), tags=[tag])
        with _explained(self.uri):
            self._client.log_inputs(self.run_id, [entry])


def tracking_uri() -> str:
    """Where runs go: MLFLOW_TRACKING_URI, or mlflow.db in the working directory."""
    return os.environ.get("MLFLOW_TRACKING_URI", "").strip() or f"sqlite:///{Path.cwd()}/mlflow.db"


@contextmanager
def track_build(
    experiment: str, *, params: Mapping[str, Any], go_on: str = ""
) -> Iterator[BuildTracker]:
    """Open a run; it ends as FINISHED, FAILED (with the reason) or KILLED.

    Args:
        experiment: Name of the MLflow experiment, made if absent.
        params: The resolved configuration.
        go_on: Id of a run to go on with, if the store still has it; its parameters stay.

    Raises:
        StickgenError: If the tracking store cannot be used; before any other work.
    """
    uri = tracking_uri()
    # a server that is down is found out in seconds, not minutes
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "20")
    for noisy in ("alembic", "mlflow"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    with _explained(uri):
        client = MlflowClient(tracking_uri=uri)
        old = _run_there(client, go_on) if go_on else None
        run = old or client.create_run(_experiment_id(client, experiment, uri))
    tracker = BuildTracker(client, run.info.run_id, uri)
    if old is None:
        tracker.log_params(params)
    try:
        yield tracker
    except BaseException as error:
        interrupted = isinstance(error, KeyboardInterrupt)
        _end(tracker, client, "KILLED" if interrupted else "FAILED", str(error))
        raise
    _end(tracker, client, "FINISHED", "")


def _run_there(client: MlflowClient, run_id: str) -> Run | None:
    """A run that can be gone on with, None where there is none of that id."""
    try:
        run = client.get_run(run_id)
    except MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
        return None
    if run.info.lifecycle_stage != "active":
        return None
    client.update_run(run_id, status="RUNNING")
    return run


def _experiment_id(client: MlflowClient, name: str, uri: str) -> str:
    found = client.get_experiment_by_name(name)
    if found is not None:
        return str(found.experiment_id)
    local = uri.startswith("sqlite:///")
    place = (Path.cwd() / "mlartifacts").as_uri() if local else None
    return str(client.create_experiment(name, artifact_location=place))


def _end(tracker: BuildTracker, client: MlflowClient, status: str, reason: str) -> None:
    try:
        if reason:
            client.set_tag(tracker.run_id, "failure", reason[:5000])
        client.set_terminated(tracker.run_id, status)
    except _FAULTS as error:
        # the build's own error matters more than that it could not be recorded
        logging.getLogger(__name__).warning("%s: could not end the run: %s", tracker.uri, error)


@contextmanager
def _explained(uri: str) -> Iterator[None]:
    try:
        yield
    except _FAULTS as error:
        first = (
            str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__
        )
        msg = (
            f"expected an MLflow tracking store at {uri}, it answered: {first}; "
            "start it, or set MLFLOW_TRACKING_URI to another"
        )
        raise StickgenError(msg) from error


def tracked_config(config: BuildConfig) -> dict[str, Any]:
    """The configuration of a build for the tracked run, without a password in an address."""
    params = asdict(config)
    story = params["synthesis"]["story"]
    story["host"] = re.sub(r"//[^/]*@", "//", story["host"])
    return params


def flatten_params(params: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """One entry a leaf, named by its path; long values are cut, which the last mark shows."""
    flat: dict[str, str] = {}
    for name, value in params.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict):
            flat |= flatten_params(value, f"{key}.")
        elif isinstance(value, list | tuple) and value and isinstance(value[0], dict):
            for number, entry in enumerate(value):
                flat |= flatten_params(entry, f"{key}.{number}.")
        else:
            text = str(value)
            flat[key] = text if len(text) <= _MAX_PARAM else f"{text[: _MAX_PARAM - 3]}..."
    return flat
