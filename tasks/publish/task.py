"""Publishing as a Prefect task, and the event that tells of a new dataset."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.events import emit_event

from datasets_spec.errors import StickgenError
from tasks.publish.manifest import read_manifest
from tasks.publish.publish import PublishedDataset, PublishInputs, publish_dataset

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["PUBLISHED_EVENT", "RESOURCE_PREFIX", "announce_dataset", "publish_build"]

PUBLISHED_EVENT: Final = "stickgen.dataset.published"
RESOURCE_PREFIX: Final = "stickgen.dataset."
_UNFIT: Final = re.compile(r"[^A-Za-z0-9_-]+")
_UNNAMED: Final = "unnamed"


@task(name="publish", cache_policy=NO_CACHE)
def publish_build(inputs: PublishInputs) -> PublishedDataset:
    """Put the dataset folder together, swap it with the last one, and tell if it is another.

    Raises:
        StickgenError: If it cannot be written; the last dataset stays.
    """
    before = _fingerprint(inputs.out)
    published = publish_dataset(inputs)
    fingerprint = str(published.manifest["fingerprint"])
    if fingerprint != before:
        announce_dataset(inputs.out.name, fingerprint=fingerprint, place=str(inputs.out))
    return published


def announce_dataset(name: str, *, fingerprint: str, place: str, version: str = "") -> None:
    """Send the event that a dataset is published; what waits for it may then start.

    Args:
        name: Of the dataset; other characters than letters, digits, - and _ become a dash.
        fingerprint: From its manifest.
        place: Folder or address where it can be read, without secrets.
        version: Of it, where there are several.
    """
    word = _UNFIT.sub("-", name).strip("-") or _UNNAMED
    emit_event(
        PUBLISHED_EVENT,
        resource={
            "prefect.resource.id": f"{RESOURCE_PREFIX}{word}",
            "prefect.resource.name": word,
        },
        payload={"fingerprint": fingerprint, "version": version, "place": place},
    )


def _fingerprint(folder: Path) -> str:
    """Of the dataset that a build replaces; empty if there is none that can be read."""
    try:
        return str(read_manifest(folder)["fingerprint"])
    except (StickgenError, KeyError):
        return ""
