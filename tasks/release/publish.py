"""A dataset or a model to its target, whatever that is."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from datasets_spec.errors import ConfigError
from tasks.publish.manifest import read_manifest
from tasks.release.dataset import check_dataset_licences, clips_by_source, dataset_package
from tasks.release.edition import check_excluded, dataset_without
from tasks.release.release import release_to_place
from tasks.release.target import parse_target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tasks.release.package import Content, Package
    from tasks.release.release import Released
    from tasks.release.settings import PublishConfig
    from tasks.release.target import Target

__all__ = [
    "check_soon",
    "checked_target",
    "dataset_to_publish",
    "publish_package",
    "working_folder",
]


def checked_target(text: str, content: Content) -> Target:
    """The target, before any work.

    Raises:
        ConfigError: If it is none, or for the other kind of content.
    """
    target = parse_target(text)
    if target.content not in (None, content):
        msg = f"--to {text}: expected a place for a {content}, this is one for a {target.content}"
        raise ConfigError(msg)
    return target


@contextmanager
def dataset_to_publish(config: PublishConfig) -> Iterator[Package]:
    """The dataset, checked, without the excluded sources; its files are there inside the block.

    Raises:
        LicenceError: If a source forbids passing on its data.
        StickgenError: If the folder is damaged, or the disk is full.
    """
    data = Path(config.data).expanduser()
    if not config.exclude_sources:
        yield dataset_package(data, name=config.name, version=config.version)
        return
    with working_folder(config.work) as folder:
        edition = dataset_without(data, config.exclude_sources, folder)
        name = config.name or data.resolve().name
        yield dataset_package(edition, name=name, version=config.version)


@contextmanager
def working_folder(work: str) -> Iterator[Path]:
    """A folder for what is written anew; gone after the block.

    Args:
        work: Where to make it; empty = the system's place for temporary files.

    Raises:
        ConfigError: If it cannot be made.
    """
    try:
        if work:
            Path(work).expanduser().mkdir(parents=True, exist_ok=True)
        made = TemporaryDirectory(
            prefix="stickgen-publish-", dir=Path(work).expanduser() if work else None
        )
    except OSError as error:
        msg = f"--work {work}: expected a folder that can be written; {error.strerror}"
        raise ConfigError(msg) from error
    with made as folder:
        yield Path(folder)


def check_soon(config: PublishConfig) -> None:
    """Find out within a moment what would forbid a publication, before its long checks.

    Raises:
        ConfigError: If the target or the dataset folder is none, or a source is not in it.
        LicenceError: If a source that stays forbids passing on its data.
    """
    checked_target(config.to, "dataset")
    data = Path(config.data).expanduser()
    read_manifest(data)
    sources = clips_by_source(data)
    check_excluded(config.exclude_sources, sources)
    kept = {k: n for k, n in sources.items() if k not in config.exclude_sources}
    check_dataset_licences(data, kept)


def publish_package(package: Package, target: Target, *, private: bool = False) -> Released:
    """Send a package to its target.

    Raises:
        ConfigError: If the target cannot be used as asked.
        ConnectionCutError: If it cannot be reached; the same call goes on.
        StickgenError: If it refuses, or does not hold what was sent.
    """
    if target.kind == "folder":
        from tasks.release.folder_place import FolderPlace  # noqa: PLC0415

        return release_to_place(package, FolderPlace(Path(target.root)))
    # their libraries are large, and most publications need one of them
    if target.kind == "s3":
        from tasks.release.s3_place import S3Place  # noqa: PLC0415

        return release_to_place(package, S3Place(target.root, target.prefix))
    from tasks.release.hub import HubRepository  # noqa: PLC0415

    return HubRepository(target.root, private=private).release(package)
