"""The working folder of a build: where each stage's shards lie, and what may be cleared away."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError, StickgenError
from datasets_spec.layout import default_work_dir
from tasks.store.shard import MARKER_FILE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

__all__ = ["SHARD_STAGES", "Workspace", "explained_disk", "open_workspace"]

SHARD_STAGES: Final = ("ingest", "retarget", "score")
_MARK: Final = ".stickgen-work"


@dataclass(frozen=True, kw_only=True, slots=True)
class Workspace:
    """Paths inside the working folder."""

    root: Path
    out: Path

    def shard(self, stage: str, shard_id: str) -> Path:
        """Folder of a shard."""
        return self.root / stage / shard_id

    @property
    def sample(self) -> Path:
        """Raw folders of the built-in sample."""
        return self.root / "sample"

    @property
    def docs(self) -> Path:
        """Data docs of the gates, as HTML."""
        return self.root / "data_docs"

    @property
    def stories(self) -> Path:
        """The stories of the build, one a line."""
        return self.root / "stories.jsonl"

    @property
    def story_cache(self) -> Path:
        """Replies of story tellers, unless the configuration names another folder."""
        return self.root / "story_cache"

    @property
    def staging(self) -> Path:
        """Where the dataset is put together before it is published."""
        return self.root / "staging"

    def prune(self, stage: str, keep: Collection[str]) -> int:
        """Remove finished shards that no plan names any more; returns how many."""
        removed = 0
        folder = self.root / stage
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.name not in keep and path.is_dir():
                shutil.rmtree(path)
                removed += 1
        return removed

    def clear_unfinished(self) -> None:
        """Remove what an interrupted build left half-written, and the docs of the last gates."""
        shutil.rmtree(self.docs, ignore_errors=True)
        shutil.rmtree(self.staging, ignore_errors=True)
        for stage in SHARD_STAGES:
            folder = self.root / stage
            for path in sorted(folder.iterdir()) if folder.is_dir() else ():
                if ".tmp-" in path.name or not (path / MARKER_FILE).is_file():
                    shutil.rmtree(path, ignore_errors=True)


@contextmanager
def explained_disk(workspace: Workspace) -> Iterator[None]:
    """Turn a fault of the disk inside the block into an error that says what to do.

    Raises:
        StickgenError: For any OSError; finished shards and the last dataset are kept.
    """
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        what = "the disk is full" if full else f"{error.strerror or error}"
        where = error.filename or workspace.root
        msg = (
            f"{where}: {what}; nothing was published. Free space or fix the permissions, then run "
            "the same command again: finished shards are kept"
        )
        raise StickgenError(msg) from error


def open_workspace(out: str, work: str) -> Workspace:
    """Make or reopen the working folder of a dataset folder.

    Args:
        out: Dataset folder.
        work: Working folder; empty = a hidden sibling of `out`.

    Returns:
        The workspace, with its folder made.

    Raises:
        ConfigError: If the folder cannot be made, or holds other things.
    """
    target = Path(out).expanduser().absolute()
    root = Path(work).expanduser().absolute() if work else default_work_dir(target)
    if root == target or target in root.parents or root in target.parents:
        msg = f"expected a working folder beside the dataset, got {root} for {target}"
        raise ConfigError(msg)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if root.is_dir() and any(root.iterdir()) and not (root / _MARK).is_file():
            msg = (
                f"{root}: expected an empty or a StickGen working folder, found other files; "
                "name another one with --work"
            )
            raise ConfigError(msg)
        root.mkdir(parents=True, exist_ok=True)
        (root / _MARK).touch()
    except OSError as error:
        msg = f"{root}: cannot make the working folder: {error.strerror}; name one with --work"
        raise ConfigError(msg) from error
    if not os.access(root, os.W_OK):
        msg = f"{root}: the working folder is not writable; name another one with --work"
        raise ConfigError(msg)
    return Workspace(root=root, out=target)
