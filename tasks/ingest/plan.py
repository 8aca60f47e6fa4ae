"""Divide the items of all sources into shards, the same way every time."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from datasets_spec.rejection import RejectReason
from datasets_spec.schema import SCHEMA_VERSION
from tasks.ingest.bvh_folder import sequence_key
from tasks.ingest.contract import FoundReject, SourceItem
from tasks.store.code import code_fingerprint
from tasks.store.shard import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tasks.config import SourceConfig
    from tasks.ingest.contract import Discovery, NamedSource, PlannedShard

__all__ = ["IngestShard", "SourcePlan", "plan_source", "side_fingerprint"]

MAX_ITEMS: Final = 4096
_SHARDS: Final = 64
"""Wanted number of shards of a large source: enough for many workers, each minutes of work."""
_LEAST_BYTES: Final = 16 << 20
_MOST_BYTES: Final = 512 << 20
_SIDE_SUFFIXES: Final = frozenset({".csv", ".json", ".txt", ".yaml", ".yml", ".zip"})


@dataclass(frozen=True, kw_only=True, slots=True)
class IngestShard:
    """The work of one ingest task."""

    shard_id: str
    config: SourceConfig
    items: tuple[SourceItem, ...]
    side_files: str
    fingerprint: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SourcePlan:
    """What a source folder holds."""

    config: NamedSource
    shards: tuple[PlannedShard, ...]
    rejects: tuple[FoundReject, ...]
    num_items: int
    warnings: tuple[str, ...]

    @property
    def found(self) -> int:
        """Candidates: items to read and files ruled out already."""
        return self.num_items + len(self.rejects)


def plan_source(config: SourceConfig, discovery: Discovery, taken: set[str]) -> SourcePlan:
    """Divide one folder into shards.

    Args:
        config: The source.
        discovery: What its reader found.
        taken: Keys already used by earlier folders of the same source; extended here.

    Returns:
        The plan; items whose key was taken become rejects. File names of `bvh` are the user's
        own and mean nothing between folders: there the folder's name goes in front.
    """
    named = config.name == "bvh"
    prefix = sequence_key(f"{Path(config.path).absolute().name}/x.bvh")[:-2] if named else ""
    items, repeated = _without_repeats(discovery.items, taken, prefix)
    side = side_fingerprint(config)
    shards = tuple(_shard(config, group, side) for group in _groups(items))
    return SourcePlan(
        config=config,
        shards=shards,
        rejects=(*discovery.rejects, *repeated),
        num_items=len(items),
        warnings=discovery.warnings,
    )


def _without_repeats(
    items: Sequence[SourceItem], taken: set[str], prefix: str
) -> tuple[list[SourceItem], list[FoundReject]]:
    kept: list[SourceItem] = []
    repeated: list[FoundReject] = []
    for item in sorted(items):
        renamed = replace(item, key=f"{prefix}/{item.key}") if prefix else item
        free = next((one for one in (item, renamed) if one.key not in taken), None)
        if free is not None:
            taken.add(free.key)
            kept.append(free)
            continue
        detail = f"expected one file for {item.key}, an earlier one has this name; rename it"
        reason = RejectReason.DUPLICATE_ID
        repeated.append(FoundReject(path=item.paths[0], reason=reason, detail=detail))
    return sorted(kept), repeated


def _groups(items: Sequence[SourceItem]) -> Iterator[tuple[SourceItem, ...]]:
    """Cut where the hash of a name says so: a new file then changes only the shard it falls in."""
    target = _target_bytes(sum(item.size_bytes for item in items))
    group: list[SourceItem] = []
    size = 0
    for item in items:
        group.append(item)
        size += item.size_bytes
        chance = int(hashlib.sha256(item.key.encode()).hexdigest()[:8], 16) / 2**32
        ends = chance < item.size_bytes / target
        if ends or len(group) >= MAX_ITEMS or size >= 2 * target:
            yield tuple(group)
            group, size = [], 0
    if group:
        yield tuple(group)


def _target_bytes(total: int) -> int:
    """Mean size of a shard; a power of two, so that it stays while a source grows a little."""
    wanted = min(max(total // _SHARDS, _LEAST_BYTES), _MOST_BYTES)
    return 1 << (wanted - 1).bit_length()


def _shard(config: SourceConfig, items: tuple[SourceItem, ...], side: str) -> IngestShard:
    root = Path(config.path)
    stats = [[item.key, [_stat(root / path) for path in item.paths]] for item in items]
    name = hashlib.sha256("\n".join([config.path, *(i.key for i in items)]).encode()).hexdigest()
    return IngestShard(
        shard_id=f"{config.name}-{name[:16]}",
        config=config,
        items=items,
        side_files=side,
        fingerprint=fingerprint(
            SCHEMA_VERSION, code_fingerprint("ingest"), _options(config), side, stats
        ),
    )


def _options(config: SourceConfig) -> list[object]:
    return [config.name, bool(config.body_model), bool(config.babel), config.read_pickles]


def _stat(path: Path) -> list[object]:
    try:
        stat = path.stat()
    except OSError as error:
        return [path.name, "unreadable", error.errno]
    return [path.name, stat.st_size, stat.st_mtime_ns]


def side_fingerprint(config: SourceConfig) -> str:
    """Fingerprint (names, sizes, times) of all files that are not motion but steer its reading."""
    places = [config.babel, config.humanml3d, config.captions, config.rig, config.body_model]
    places += [config.missing_list, config.fps_overrides]
    stats = list(_side_stats(Path(config.path), _SIDE_SUFFIXES))
    for place in places:
        if place:
            stats.extend(_side_stats(Path(place), None))
    return fingerprint(stats)


def _side_stats(place: Path, suffixes: Iterable[str] | None) -> Iterator[list[object]]:
    if place.is_file():
        yield _stat(place)
        return
    for folder, folders, files in os.walk(place):
        folders.sort()
        for name in sorted(files):
            if suffixes is None or Path(name).suffix.lower() in suffixes:
                yield [Path(folder).relative_to(place).as_posix(), *_stat(Path(folder) / name)]
