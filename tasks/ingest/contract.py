"""What every reader offers: find the items of a folder, read one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from datasets_spec.motion import MotionSequence
    from datasets_spec.rejection import RejectReason
    from datasets_spec.sources.spec import SourceSpec

__all__ = ["Discovery", "FoundReject", "NamedSource", "PlannedShard", "SourceItem", "SourceReader"]


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class SourceItem:
    """One unit of reading: usually a file, for pairs two."""

    key: str
    """Becomes (the start of) the sequence id; unique in the source; items are sorted by it."""
    paths: tuple[str, ...]
    """Relative to the source folder, forward slashes, the main file first."""
    size_bytes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundReject:
    """A file that discovery itself rules out, or a story that was not told."""

    path: str
    reason: RejectReason
    detail: str
    stage: str = "ingest"


@dataclass(frozen=True, kw_only=True, slots=True)
class Discovery:
    """All candidate files of a folder, sorted; items + rejects = candidates."""

    items: tuple[SourceItem, ...]
    rejects: tuple[FoundReject, ...]
    warnings: tuple[str, ...] = ()
    """Things a user should know that cost no item, e.g. a label file that matched nothing."""


class NamedSource(Protocol):
    """Where a shard's sequences come from: a folder, or the project's own engine."""

    @property
    def name(self) -> str:
        """Word in clip ids and in the `source` column."""
        ...


class PlannedShard(Protocol):
    """A shard of any origin, as the stages after it see it."""

    @property
    def shard_id(self) -> str:
        """Name of its folder."""
        ...

    @property
    def config(self) -> NamedSource:
        """Its source."""
        ...


class SourceReader(Protocol):
    """One source folder. Construction reads only small side files (cuts, labels, lists)."""

    @property
    def spec(self) -> SourceSpec:
        """Facts of the source."""
        ...

    def discover(self, root: Path) -> Discovery:
        """List the folder without opening motion files; sorted by key, deterministic.

        Raises:
            ConfigError: If the folder is absent, unreadable, or plainly another dataset.
        """
        ...

    def read(self, root: Path, item: SourceItem) -> tuple[MotionSequence, ...]:
        """Read one item, whole or not at all.

        Raises:
            RejectError: If the item cannot be used; nothing else may be raised for bad bytes.
        """
        ...
