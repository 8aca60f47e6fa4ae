"""Who is champion: promotion, rollback, and the champions before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError
from tasks.champion.history import History
from tasks.registry.facts import CHAMPION, Crowned
from tasks.registry.store import registry_lock, store_file
from tasks.registry.task import (
    all_versions,
    champion_number,
    existing_store,
    explained,
    find_registered,
    open_registry,
    registered_model,
)
from tasks.track.task import tracking_uri

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities.model_registry import RegisteredModel

__all__ = ["champion_of", "move_champion", "promote_version", "rollback"]

_PREVIOUS: Final = "previous"
"""Alias of the champion before."""
_HISTORY: Final = "champions"
"""Tag of the registered model: all champions, the last one is."""
_ROLLED_BACK: Final = "rolled_back"
_BY_HAND: Final = "by_hand"


def champion_of(name: str) -> str | None:
    """Address of the champion's version, models:/NAME/VERSION; None if there is no champion.

    Raises:
        ConfigError: If MLflow allows no such name.
        StickgenError: If the store cannot be used.
    """
    uri = tracking_uri()
    file = store_file(uri)
    if file is not None and not file.is_file():
        return None
    with explained(f"champion of {name!r}"):
        found = find_registered(open_registry(uri), name)
    version = None if found is None else champion_number(found)
    return None if version is None else f"models:/{name}/{version}"


def promote_version(name: str, version: int, *, force: bool = False) -> Crowned:
    """Make a version the champion by hand.

    Args:
        name: Of the registered model.
        version: Its number.
        force: Also one that was refused, or never evaluated.

    Raises:
        ConfigError: If there is no such version, or it needs force.
        StickgenError: If the store cannot be used.
    """
    uri = existing_store(name)
    with registry_lock(uri), explained(f"promote {name!r}"):
        client = open_registry(uri)
        found = {one.version: one for one in all_versions(client, registered_model(client, name))}
        if version not in found:
            msg = f"{name}: expected one of the versions {sorted(found)}, got {version}"
            raise ConfigError(msg)
        tags = found[version].tags
        if not force and tags.get("decision") != "promoted":
            why = tags.get("reason", "it was never evaluated").replace("\n", "; ")
            msg = f"{name}/{version}: expected a version that passed its evaluation, but {why}; "
            msg += "--force promotes it all the same"
            raise ConfigError(msg)
        crowned = move_champion(client, name, version)
        client.set_model_version_tag(name, str(version), _BY_HAND, "promoted")
        return crowned


def rollback(name: str, to: int | None = None) -> Crowned:
    """Put an earlier champion back in its place.

    Args:
        name: Of the registered model.
        to: Its version; None = the one before the champion.

    Raises:
        ConfigError: If there is none.
        StickgenError: If the store cannot be used.
    """
    uri = existing_store(name)
    with registry_lock(uri), explained(f"rollback of {name!r}"):
        client = open_registry(uri)
        model = registered_model(client, name)
        before, history = champion_number(model), _history(client, model)
        if before is None:
            msg = f"{name}: expected a champion to roll back, there is none; see stickgen models"
            raise ConfigError(msg)
        if to == before:
            return Crowned(name=name, version=before, before=before)
        try:
            history = history.rolled_back(to)
        except LookupError as error:
            msg = f"{name}: {error}; stickgen promote {name}/VERSION takes any version"
            raise ConfigError(msg) from error
        version = history.versions[-1]
        # told first: if the alias is not moved any more, the next call finds the champion on top
        client.set_registered_model_tag(name, _HISTORY, history.describe())
        client.set_registered_model_alias(name, CHAMPION, str(version))
        _point_to_previous(client, name, history)
        client.set_model_version_tag(name, str(before), _ROLLED_BACK, f"to version {version}")
        return Crowned(name=name, version=version, before=before)


def move_champion(client: MlflowClient, name: str, version: int) -> Crowned:
    """Point the alias to a version and remember the one before; the caller holds the lock."""
    model = registered_model(client, name)
    before, history = champion_number(model), _history(client, model)
    if before != version:
        # moved first: a history that misses it is completed by the next call
        client.set_registered_model_alias(name, CHAMPION, str(version))
        history = history.promoted(version)
    client.set_registered_model_tag(name, _HISTORY, history.describe())
    _point_to_previous(client, name, history)
    if _ROLLED_BACK in client.get_model_version(name, str(version)).tags:
        client.delete_model_version_tag(name, str(version), _ROLLED_BACK)
    return Crowned(name=name, version=version, before=before)


def _history(client: MlflowClient, model: RegisteredModel) -> History:
    known = {one.version for one in all_versions(client, model)}
    told = History.parse(model.tags.get(_HISTORY, ""))
    return told.among(known).seen(champion_number(model))


def _point_to_previous(client: MlflowClient, name: str, history: History) -> None:
    if history.previous is None:
        client.delete_registered_model_alias(name, _PREVIOUS)
    else:
        client.set_registered_model_alias(name, _PREVIOUS, str(history.previous))
