"""A model with its code, requirements and signature, logged to MLflow."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import mlflow
import pandas as pd
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from datasets_spec.errors import ConfigError, StickgenError
from tasks.register.package import requirements, stage_code, stage_model
from tasks.serve.task import CHECKPOINT_ARTIFACT, model_signature

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tasks.register.package import ModelPackage

__all__ = ["explained_name", "log_model", "tracking_to"]

_TOLD: Final = ("MLFLOW_TRACKING_URI", "MLFLOW_REGISTRY_URI")
_MODEL_NAME: Final = "model"
_SCRIPT: Final = """\
from mlflow.models import set_model

from tasks.serve.task import StickGenModel

set_model(StickGenModel())
"""
"""What MLflow runs to make the model; nothing is pickled."""

_EXAMPLE: Final = {"prompt": "a person waves", "seconds": 0.4, "seed": 1, "format": "joints"}


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
        explained_name(name, None),
        tracking_to(uri),
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


@contextmanager
def tracking_to(uri: str) -> Iterator[None]:
    """MLflow's calls that take no client go to this store meanwhile."""
    before = mlflow.get_tracking_uri(), mlflow.get_registry_uri()
    told = {name: os.environ.get(name) for name in _TOLD}
    mlflow.set_tracking_uri(uri)
    mlflow.set_registry_uri(uri)
    try:
        yield
    finally:
        mlflow.set_tracking_uri(before[0] if told[_TOLD[0]] is not None else None)
        # not told = that of the tracking; told, it would hold for clients of other stores too
        mlflow.set_registry_uri(before[1] if before[1] != before[0] else None)
        # mlflow writes them for processes to come; our own next call would take them for the user's
        for name, value in told.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def explained_name(name: str, alias: str | None) -> Iterator[None]:
    """Faults of the registry with a model of this name, as one line.

    Raises:
        ConfigError: If MLflow allows no such name or alias.
        StickgenError: At all other faults.
    """
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
