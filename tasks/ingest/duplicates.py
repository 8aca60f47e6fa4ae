"""Recordings that came twice: the same sequence id, or the same bytes under another name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from datasets_spec.rejection import RejectReason

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

__all__ = ["RepeatedSequence", "find_repeats"]


@dataclass(frozen=True, kw_only=True, slots=True)
class RepeatedSequence:
    """A sequence to leave out of a shard."""

    shard_id: str
    source: str
    sequence_id: str
    origin_path: str
    row: int
    """Number of the sequence in its shard."""
    reason: RejectReason
    detail: str


def find_repeats(
    shards: Iterable[tuple[str, Sequence[Mapping[str, Any]]]],
) -> list[RepeatedSequence]:
    """Find sequences that repeat an earlier one.

    Args:
        shards: Shard id and index rows (source, sequence_id, origin_path, origin_sha256,
            first_frame), in the order of the plan.

    Returns:
        All repeats; the first of each kind is kept. Parts of one file (same path, other first
        frame) are no repeats.
    """
    by_id: dict[tuple[str, str], str] = {}
    by_bytes: dict[tuple[str, str, int, int], str] = {}
    repeats: list[RepeatedSequence] = []
    for shard_id, rows in shards:
        for number, row in enumerate(rows):
            name = (row["source"], row["sequence_id"])
            content = (row["source"], row["origin_sha256"], row["first_frame"], row["num_frames"])
            path = row["origin_path"]
            reason = None
            if name in by_id:
                reason, first = RejectReason.DUPLICATE_ID, by_id[name]
            elif by_bytes.get(content, path) != path:
                reason, first = RejectReason.DUPLICATE_FILE, by_bytes[content]
            if reason is None:
                by_id[name] = path
                by_bytes.setdefault(content, path)
                continue
            repeats.append(
                RepeatedSequence(
                    shard_id=shard_id,
                    source=row["source"],
                    sequence_id=row["sequence_id"],
                    origin_path=path,
                    row=number,
                    reason=reason,
                    detail=f"{path}: repeats {first}, which was kept",
                )
            )
    return repeats
