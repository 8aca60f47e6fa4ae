"""A BVH file: skeleton, channel values, frame rate."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import RejectError
from datasets_spec.rejection import RejectReason
from tasks.ingest.bvh_header import Skeleton, parse_hierarchy
from tasks.ingest.bvh_motion import parse_frames, read_frame_rate

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["MAX_BYTES", "BvhFile", "parse_bvh"]

MAX_BYTES: Final = 2 << 30
"""Largest file that is read; an hour of 120 Hz with 80 joints takes about 0.8 GB."""
_MAX_HEADER_BYTES: Final = 4 << 20
_MOTION: Final = re.compile(rb"^[ \t]*MOTION[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_FRAMES: Final = re.compile(rb"\s*Frames\s*:?\s*(\S+)\s", re.IGNORECASE)
_FRAME_TIME: Final = re.compile(rb"\s*Frame[ \t_]*Time[ \t]*:?[ \t]*(\S+)[^\n\r]*", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class BvhFile:
    """Everything in the file; angles in degrees, lengths in file units."""

    skeleton: Skeleton
    values: NDArray[np.float64]
    """(T, num_columns): one line of the file a row; finite; T >= 1."""
    fps: float
    warnings: tuple[str, ...]


def parse_bvh(data: bytes) -> BvhFile:
    """Read a whole BVH file.

    Args:
        data: Its bytes.

    Returns:
        The file; `Frames:` that differs from the lines present costs a warning only.

    Raises:
        RejectError: EMPTY, WRONG_ENCODING, MALFORMED, TRUNCATED, NON_FINITE, TOO_LARGE or
            BAD_FRAME_RATE.
    """
    if not data.strip(b" \t\r\n\0"):
        detail = f"expected a BVH file, got {len(data)} empty bytes"
        raise RejectError(RejectReason.EMPTY, detail)
    head, tail = _split(data.removeprefix(b"\xef\xbb\xbf"))
    skeleton = parse_hierarchy(head)
    if skeleton.num_columns == 0:
        raise RejectError(RejectReason.MALFORMED, "expected joints with CHANNELS, got none")
    declared, fps, start = _read_motion_head(tail)
    values, warnings = parse_frames(
        tail[start:], num_columns=skeleton.num_columns, declared=declared
    )
    return BvhFile(skeleton=skeleton, values=values, fps=fps, warnings=warnings)


def _split(data: bytes) -> tuple[str, bytes]:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in data[:4096]:
        detail = "expected text in ASCII or UTF-8, got UTF-16 or binary; save it again as UTF-8"
        raise RejectError(RejectReason.WRONG_ENCODING, detail)
    start = _HIERARCHY_AT.match(data)
    if start is None:
        shown = data[:40].decode("ascii", "replace")
        detail = f"expected HIERARCHY as the first word, got {shown!r}; is this a BVH file?"
        raise RejectError(RejectReason.MALFORMED, detail)
    # old Mac line ends would hide the word from a search by lines
    window = data[:_MAX_HEADER_BYTES].replace(b"\r\n", b" \n").replace(b"\r", b"\n")
    found = _MOTION.search(window)
    if found is None:
        reason = (
            RejectReason.TRUNCATED if len(window) < _MAX_HEADER_BYTES else RejectReason.MALFORMED
        )
        raise RejectError(reason, "expected MOTION after the hierarchy, the file has none")
    raw = window[: found.start()]
    try:
        head = raw.decode("utf-8")
    except UnicodeDecodeError:
        # names from old Windows tools; those that matter are ASCII
        head = raw.decode("latin-1")
    return head, data[found.end() :]


_HIERARCHY_AT: Final = re.compile(rb"(\s*(#|//)[^\n\r]*[\n\r])*\s*HIERARCHY\b", re.IGNORECASE)


def _read_motion_head(tail: bytes) -> tuple[int, float, int]:
    """Declared frames, frames per second, and where the numbers start."""
    window = tail[:4096]
    frames = _FRAMES.match(window)
    if frames is None:
        raise _lacks(window, word="Frames:")
    time = _FRAME_TIME.match(window, frames.end() - 1)
    if time is None:
        raise _lacks(window[frames.end() :], word="Frame Time:")
    word = frames[1].decode("latin-1")
    try:
        declared = int(float(word))
    except (ValueError, OverflowError):
        declared = -1
    if declared < 0:
        detail = f"expected Frames: and a whole number, got {word[:40]!r}"
        raise RejectError(RejectReason.MALFORMED, detail)
    return declared, read_frame_rate(time[1].decode("latin-1")), time.end()


def _lacks(window: bytes, *, word: str) -> RejectError:
    shown = window[:40].decode("latin-1").strip()
    reason = RejectReason.MALFORMED if shown else RejectReason.TRUNCATED
    return RejectError(reason, f"expected {word} after MOTION, got {shown!r}")
