"""The stories of a build on disk: one JSON line each, written once, read shard by shard."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from datasets_spec.errors import StickgenError
from tasks.ingest.contract import FoundReject
from tasks.synthesize.story.compile import num_scenes
from tasks.synthesize.story.rules import Faults
from tasks.synthesize.story.schema import read_story

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tasks.synthesize.story.gather import StoryHarvest
    from tasks.synthesize.story.schema import Story

__all__ = ["BookEntry", "StoryBook", "read_stories", "write_book"]


@dataclass(frozen=True, kw_only=True, slots=True)
class BookEntry:
    """What planning needs to know of a story."""

    sha256: str
    """Of its line."""
    scenes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryBook:
    """Where the stories of a build lie, and how they came about."""

    path: str
    wanted: int
    entries: tuple[BookEntry, ...]
    rejects: tuple[FoundReject, ...]
    calls: int
    """Replies that were asked for now, those of repairs included."""
    cached: int
    """Replies that were on disk."""
    repaired: int
    """Stories that were valid only after their faults had been sent back."""

    @property
    def metrics(self) -> dict[str, float]:
        """Numbers for the tracked run."""
        return {
            "stories/wanted": self.wanted,
            "stories/told": len(self.entries),
            "stories/rejected": len(self.rejects),
            "stories/calls": self.calls,
            "stories/cached": self.cached,
            "stories/repaired": self.repaired,
        }


def write_book(path: Path, harvest: StoryHarvest, *, wanted: int) -> StoryBook:
    """Write all stories of a harvest; the bytes depend on the stories alone.

    Args:
        path: The file; who reads meanwhile sees the old one or the new one.
        harvest: Stories and rejects.
        wanted: Stories that were asked for.

    Raises:
        StickgenError: If none of the stories asked for was usable.
    """
    if wanted and not harvest.stories:
        first = f"; the first: {harvest.rejects[0].detail}" if harvest.rejects else ""
        msg = (
            f"expected {wanted} stories, none of {len(harvest.rejects)} replies was usable{first}; "
            "take a larger model, or the backend `grammar`"
        )
        raise StickgenError(msg)
    entries = []
    part = path.with_name(f"{path.name}.tmp-{os.getpid()}")
    with part.open("wb") as file:
        for told in harvest.stories:
            line = json.dumps(asdict(told.story), sort_keys=True, ensure_ascii=True).encode()
            file.write(line + b"\n")
            sha256 = hashlib.sha256(line).hexdigest()
            entries.append(BookEntry(sha256=sha256, scenes=num_scenes(told.story)))
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    return StoryBook(
        path=str(path),
        wanted=wanted,
        entries=tuple(entries),
        rejects=tuple(
            FoundReject(
                path=f"stories/request-{reject.number:06d}",
                reason=reject.reason,
                detail=reject.detail,
                stage="story",
            )
            for reject in harvest.rejects
        ),
        calls=harvest.calls,
        cached=harvest.cached,
        repaired=harvest.repaired,
    )


def read_stories(path: Path, *, first: int, count: int) -> Iterator[Story]:
    """Stories first..first+count-1 of a book.

    Raises:
        StickgenError: If the file was changed by somebody else.
    """
    with path.open("rb") as file:
        for line in itertools.islice(file, first, first + count):
            faults = Faults()
            story = read_story(json.loads(line), faults)
            if story is None:
                msg = f"{path}: expected stories as they were written; build again"
                raise StickgenError(msg)
            yield story
