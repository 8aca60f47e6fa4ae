"""Models in MLflow's registry."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import mlflow
import pandas as pd
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from datasets_spec.errors import ConfigError, StickgenError
from tasks.register.package import find_model, requirements, stage_code, stage_model
from tasks.serve.task import CHECKPOINT_ARTIFACT, model_signature
from tasks.track.task import track_build, tracking_uri

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tasks.register.package import ModelPackage, TrainedBy

__all__ = ["RegisteredModel", "log_model", "register_model"]

_EXPERIMENT: Final = "stickgen-models"
_MODEL_NAME: Final = "model"
_SCRIPT: Final = """\
from mlflow.models import set_model

from tasks.serve.task import StickGenModel

set_model(StickGenModel())
"""
"""What MLflow runs to make the model; nothing is pickled."""

_EXAMPLE: Final = {"prompt": "a person waves", "seconds": 0.4, "seed": 1, "format": "joints"}


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
    client = MlflowClient(tracking_uri=uri, registry_uri=uri)
    params = {"model": str(package.folder), "name": name, **package.tags}
    with track_build(_EXPERIMENT, params=params) as tracker:
        tags = package.tags | _data_tag(package.trained_by)
        tracker.log_tags(tags)
        version = log_model(package, tags=tags, run_id=tracker.run_id, uri=uri, name=name)
        if alias is not None:
            with _explained(name, alias):
                client.set_registered_model_alias(name, alias, version)
    return RegisteredModel(
        name=name,
        version=version,
        alias=alias,
        uri=f"models:/{name}@{alias}" if alias else f"models:/{name}/{version}",
        tracking_uri=uri,
        tags=tags,
    )


def log_model(
    package: ModelPackage, *, tags: dict[str, str], run_id: str, uri: str, name: str
) -> str:
    """Log a model as MLflow serves it: checkpoint, code, requirements, signature and an example.

    Args:
        package: The model.
        tags: Facts that the version is searched by.
        run_id: Tracked run that gets it.
        uri: Of the tracking store.
        name: Registered model that gets a version, made if absent.

    Returns:
        The version.

    Raises:
        ConfigError: If MLflow allows no such name.
        StickgenError: If the tracking store cannot be used.
    """
    with (
        TemporaryDirectory(prefix="stickgen-") as scratch,
        _explained(name, None),
        _tracking_to(uri),
        mlflow.start_run(run_id=run_id),
    ):
        folder = Path(scratch)
        # its name is its place among the artifacts of the model
        stage_model(package, folder / CHECKPOINT_ARTIFACT)
        script = folder / "served_model.py"
        script.write_text(_SCRIPT, encoding="utf-8")
        info = mlflow.pyfunc.log_model(
            name=_MODEL_NAME,
            python_model=str(script),
            artifacts={CHECKPOINT_ARTIFACT: str(folder / CHECKPOINT_ARTIFACT)},
            code_paths=stage_code(folder / "code"),
            pip_requirements=requirements(),
            signature=model_signature(),
            input_example=pd.DataFrame([_EXAMPLE]),
            metadata=tags,
        )
        client = MlflowClient()
        try:
            client.create_registered_model(name)
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
        version = client.create_model_version(
            name, info.model_uri, run_id, tags=tags, model_id=info.model_id
        )
    return str(version.version)


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


@contextmanager
def _tracking_to(uri: str) -> Iterator[None]:
    """MLflow's calls that take no client go to this store meanwhile."""
    before = mlflow.get_tracking_uri(), mlflow.get_registry_uri()
    mlflow.set_tracking_uri(uri)
    mlflow.set_registry_uri(uri)
    try:
        yield
    finally:
        mlflow.set_tracking_uri(before[0])
        mlflow.set_registry_uri(before[1])


@contextmanager
def _explained(name: str, alias: str | None) -> Iterator[None]:
    try:
        yield
    except MlflowException as error:
        first = (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
        told = f"{name!r}" if alias is None else f"{name!r} with alias {alias!r}"
        if error.error_code == "INVALID_PARAMETER_VALUE":
            msg = f"register: MLflow allows no model {told}: {first}"
            raise ConfigError(msg) from error
        msg = f"register {told}: MLflow answered: {first}"
        raise StickgenError(msg) from error
