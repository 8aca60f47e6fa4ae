"""Versions of registered models, read from MLflow."""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

# before mlflow: the product never phones home by default
from tasks.track.task import tracking_uri  # isort: skip

import requests
import sqlalchemy.exc
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from datasets_spec.errors import ConfigError, StickgenError
from tasks.registry.facts import CHAMPION, VersionFacts
from tasks.registry.store import store_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlflow.entities.model_registry import ModelVersion, RegisteredModel

__all__ = [
    "all_versions",
    "champion_number",
    "existing_store",
    "explained",
    "find_registered",
    "open_registry",
    "registered_model",
    "versions_of",
]

_FAULTS: Final = (
    MlflowException,
    requests.RequestException,
    sqlalchemy.exc.SQLAlchemyError,
    OSError,
)


def versions_of(name: str) -> tuple[VersionFacts, ...]:
    """All versions of a registered model, newest first.

    Raises:
        ConfigError: If there is no such model, or no registry.
        StickgenError: If the store cannot be used.
    """
    uri = existing_store(name)
    with explained(f"models {name!r}"):
        client = open_registry(uri)
        return all_versions(client, registered_model(client, name))


def open_registry(uri: str) -> MlflowClient:
    """A client of a store whose server, if it is down, is found out in seconds."""
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "20")
    for noisy in ("alembic", "mlflow"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    return MlflowClient(tracking_uri=uri, registry_uri=uri)


def existing_store(what: str) -> str:
    """Address of the store; looking at a registry does not make one.

    Args:
        what: What is looked for, for the text of the error.

    Raises:
        ConfigError: If its file does not exist.
    """
    uri = tracking_uri()
    file = store_file(uri)
    if file is not None and not file.is_file():
        msg = (
            f"{what}: expected a registry in {file.absolute()}, found no such file; set "
            "MLFLOW_TRACKING_URI, or see stickgen register"
        )
        raise ConfigError(msg)
    return uri


def find_registered(client: MlflowClient, name: str) -> RegisteredModel | None:
    """A registered model, None if there is none of that name."""
    try:
        return client.get_registered_model(name)
    except MlflowException as error:
        if error.error_code == "RESOURCE_DOES_NOT_EXIST":
            return None
        raise


def registered_model(client: MlflowClient, name: str) -> RegisteredModel:
    """A registered model.

    Raises:
        ConfigError: If there is none of that name; the text names those there are.
    """
    found = find_registered(client, name)
    if found is None:
        there = [repr(one.name) for one in client.search_registered_models(max_results=20)]
        msg = f"expected a registered model, there is none named {name!r}; there are: "
        raise ConfigError(msg + (", ".join(there) or "none"))
    return found


def champion_number(model: RegisteredModel) -> int | None:
    """The version that the alias points to."""
    found = model.aliases.get(CHAMPION)
    return None if found is None else int(found)


def all_versions(client: MlflowClient, model: RegisteredModel) -> tuple[VersionFacts, ...]:
    """Its versions, newest first."""
    found: list[ModelVersion] = []
    token: str | None = None
    while True:
        page = client.search_model_versions(_filter(model.name), page_token=token)
        found += [one for one in page if one.name == model.name]
        token = page.token
        if not token:
            return tuple(sorted((_facts(one, model) for one in found), key=lambda v: -v.version))


def _filter(name: str) -> str | None:
    """For a search by name; MLflow's language knows no escapes, so None = search all."""
    for mark in ("'", '"'):
        if mark not in name:
            return f"name={mark}{name}{mark}"
    return None


def _facts(version: ModelVersion, model: RegisteredModel) -> VersionFacts:
    number = int(version.version)
    aliases = sorted(alias for alias, one in model.aliases.items() if int(one) == number)
    return VersionFacts(
        name=model.name,
        version=number,
        aliases=tuple(aliases),
        tags=dict(version.tags),
        run_id=version.run_id or "",
    )


@contextmanager
def explained(what: str) -> Iterator[None]:
    """Faults of a store, as one line.

    Raises:
        ConfigError: If MLflow refuses a name.
        StickgenError: At all other faults.
    """
    try:
        yield
    except _FAULTS as error:
        first = (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
        if getattr(error, "error_code", "") == "INVALID_PARAMETER_VALUE":
            msg = f"{what}: MLflow allows no such name: {first}"
            raise ConfigError(msg) from error
        msg = f"{what}: expected a registry at {tracking_uri()}, it answered: {first}"
        raise StickgenError(msg) from error
