"""The grammar of `.skeleton` files: frame count, then a frame's bodies, then 25 joints a body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from datasets_spec.errors import RejectError
from datasets_spec.rejection import RejectReason
from tasks.ingest.ntu_text import line_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.ingest.ntu_text import LineTable

__all__ = ["MAX_BODIES", "MAX_FRAMES", "NUM_KINECT_JOINTS", "SkeletonFile", "parse_skeleton"]

NUM_KINECT_JOINTS: Final = 25
MAX_FRAMES: Final = 20_000
"""Recordings have at most 300 frames; a count beyond this is not one of them."""
MAX_BODIES: Final = 64
"""The sensor tracks six at once; more than this is not a body count."""

_BODY_LINES: Final = 2 + NUM_KINECT_JOINTS
_BODY_TOKENS: Final = 10
_JOINT_TOKENS: Final = 12
_SPACES: Final = np.array(
    [_BODY_TOKENS - 1, 0, *[_JOINT_TOKENS - 1] * NUM_KINECT_JOINTS], dtype=np.uint8
)
_HEAD_BYTES: Final = 48
"""x, y and z of a joint row with their spaces end within this many bytes, but for odd files."""
_MAX_DIGITS: Final = 20
"""Of an integer; a body id is a 64-bit number."""
_MAX_RANGE_M: Final = 20.0
"""The depth camera ends at 8 m (Kinect v2: 4.5 m rated); farther points were not measured."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class SkeletonFile:
    """One file; a row is one body in one frame, in file order."""

    num_frames: int
    """Declared and present, frames without a body included."""
    frames: NDArray[np.int64]
    """Frame number of each row, from 0, shape (R,)."""
    body_ids: tuple[int, ...]
    """Sensor's id of each row; larger than 2**53, so never a float."""
    points: NDArray[np.float64]
    """Shape (R, 25, 3), metres, right-handed, y up; NaN where the sensor gave no real point."""
    states: NDArray[np.uint8]
    """Shape (R, 25): 0 not tracked, 1 inferred, 2 tracked."""


def parse_skeleton(data: bytes) -> SkeletonFile:
    """Read a whole file; every token must be where the grammar has it.

    Args:
        data: The bytes of the file.

    Returns:
        The bodies, ungrouped.

    Raises:
        RejectError: EMPTY, TRUNCATED, MALFORMED, MISSING_JOINTS, WRONG_ENCODING, TOO_LARGE.
    """
    table = line_table(data)
    num_frames, frames, heads = _walk(table)
    block = heads[:, None] + np.arange(_BODY_LINES)
    _check_shape_of_bodies(table, block)
    _check_joint_counts(table, heads + 1)
    joint_lines = block[:, 2:].ravel()
    points = _coordinates(table, joint_lines).reshape(-1, NUM_KINECT_JOINTS, 3)
    states = _states(table, joint_lines).reshape(-1, NUM_KINECT_JOINTS)
    return SkeletonFile(
        num_frames=num_frames,
        frames=frames,
        body_ids=_body_ids(table, heads),
        points=_masked(points),
        states=states,
    )


def _malformed(line: int, expected: str, got: bytes) -> RejectError:
    found = got[:60].decode("ascii", errors="replace")
    return RejectError(
        RejectReason.MALFORMED, f"line {line + 1}: expected {expected}, got {found!r}"
    )


def _integer(table: LineTable, line: int, what: str) -> int:
    text = table.text(line)
    if not text.isdigit() or len(text) > _MAX_DIGITS:
        raise _malformed(line, what, text)
    return int(text)


def _walk(table: LineTable) -> tuple[int, NDArray[np.int64], NDArray[np.int64]]:
    """Frame count, frame number of each body, and line of each body's header."""
    num_lines = table.starts.size
    num_frames = _integer(table, 0, "a frame count")
    if num_frames == 0:
        raise RejectError(RejectReason.EMPTY, "expected at least one frame, the file declares 0")
    if num_frames > MAX_FRAMES:
        msg = f"expected at most {MAX_FRAMES} frames, the file declares {num_frames}"
        raise RejectError(RejectReason.TOO_LARGE, msg)
    line = 1
    frames: list[int] = []
    heads: list[int] = []
    for frame in range(num_frames):
        num_bodies = _integer(table, line, "a body count") if line < num_lines else 1
        if num_bodies > MAX_BODIES:
            msg = f"line {line + 1}: expected at most {MAX_BODIES} bodies, got {num_bodies}"
            raise RejectError(RejectReason.TOO_LARGE, msg)
        after = line + 1 + _BODY_LINES * num_bodies
        if after > num_lines:
            msg = f"expected {num_frames} frames, the file ends in frame {frame} (from 0)"
            raise RejectError(RejectReason.TRUNCATED, msg)
        heads.extend(range(line + 1, after, _BODY_LINES))
        frames.extend([frame] * num_bodies)
        line = after
    if line < num_lines:
        raise _malformed(line, f"the end of the file after {num_frames} frames", table.text(line))
    return num_frames, np.array(frames, dtype=np.int64), np.array(heads, dtype=np.int64)


def _check_shape_of_bodies(table: LineTable, block: NDArray[np.int64]) -> None:
    wrong = table.num_spaces[block] != _SPACES
    if not wrong.any():
        return
    body, row = np.argwhere(wrong)[0].tolist()
    line = int(block[body, row])
    want, got = int(_SPACES[row]) + 1, int(table.num_spaces[line]) + 1
    if line == table.starts.size - 1 and got < want:
        msg = f"line {line + 1}: the file ends after {got} of {want} numbers"
        raise RejectError(RejectReason.TRUNCATED, msg)
    raise _malformed(line, f"{want} numbers", table.text(line))


def _check_joint_counts(table: LineTable, lines: NDArray[np.int64]) -> None:
    # the text must be 25: two bytes compared for all bodies at once
    chars = np.frombuffer(table.data, np.uint8)
    starts = table.starts[lines]
    right = (chars[starts] == ord("2")) & (chars[starts + 1] == ord("5"))
    right &= table.ends[lines] - starts == 2
    for line in lines[~right].tolist():
        count = _integer(table, line, "a joint count of 25")
        if count < NUM_KINECT_JOINTS:
            msg = f"line {line + 1}: expected {NUM_KINECT_JOINTS} joints, got {count}"
            raise RejectError(RejectReason.MISSING_JOINTS, msg)
        if count > NUM_KINECT_JOINTS:
            raise _malformed(line, "a joint count of 25", table.text(line))


def _body_ids(table: LineTable, lines: NDArray[np.int64]) -> tuple[int, ...]:
    data = table.data
    starts = table.starts[lines].tolist()
    words = [data[start : data.index(b" ", start)] for start in starts]
    ids: dict[bytes, int] = {}
    for line, word in zip(lines.tolist(), words, strict=True):
        if word not in ids:
            if not word.isdigit() or len(word) > _MAX_DIGITS:
                raise _malformed(line, "a body id", word)
            ids[word] = int(word)
    return tuple([ids[word] for word in words])


def _states(table: LineTable, lines: NDArray[np.int64]) -> NDArray[np.uint8]:
    chars = np.frombuffer(table.data, np.uint8)
    last = table.ends[lines] - 1
    states = chars[last] - np.uint8(ord("0"))  # wraps below "0", so one comparison serves
    wrong = (states > 2) | (chars[last - 1] != ord(" "))
    if wrong.any():
        line = int(lines[np.argmax(wrong)])
        raise _malformed(line, "a tracking state 0, 1 or 2 at its end", table.text(line)[-20:])
    return states


def _coordinates(table: LineTable, lines: NDArray[np.int64]) -> NDArray[np.float64]:
    """First three numbers of each line, shape (3 * L,)."""
    if lines.size == 0:
        return np.empty(0)
    words = _fast_words(table, lines)
    if words is None:
        words = pa.array(
            [word.decode("ascii") for n in lines.tolist() for word in table.text(n).split(b" ")[:3]]
        )
    try:
        values: NDArray[np.float64] = words.cast(pa.float64()).to_numpy()
    except pa.ArrowInvalid as error:
        msg = f"expected numbers for x, y and z: {error}"
        raise RejectError(RejectReason.MALFORMED, msg) from error
    return values


def _fast_words(table: LineTable, lines: NDArray[np.int64]) -> Any:
    """The same words as an Arrow array over the file's own bytes; None if a row is unusual."""
    data = table.data
    starts = table.starts[lines]
    if int(starts[-1]) + _HEAD_BYTES > len(data):
        data += b"\n" * _HEAD_BYTES
    chars = np.frombuffer(data, np.uint8)
    window = np.lib.stride_tricks.sliding_window_view(chars, _HEAD_BYTES)[starts]
    hits = np.flatnonzero(window == ord(" "))
    row_start = np.arange(lines.size) * _HEAD_BYTES
    first = np.searchsorted(hits, row_start)
    if int(first[-1]) + 2 >= hits.size:
        return None
    third = hits[first + 2]
    if np.any(third >= row_start + _HEAD_BYTES):
        return None
    shift = starts - row_start
    bounds = np.empty((lines.size, 6), dtype=np.int32)
    bounds[:, 0] = starts
    bounds[:, 1] = hits[first] + shift
    bounds[:, 2] = bounds[:, 1] + 1
    bounds[:, 3] = hits[first + 1] + shift
    bounds[:, 4] = bounds[:, 3] + 1
    bounds[:, 5] = third + shift
    # pieces alternate between words and what lies between them: every second one is a word
    buffers = [None, pa.py_buffer(bounds), pa.py_buffer(data)]
    pieces = pa.Array.from_buffers(pa.string(), bounds.size - 1, buffers)
    return pieces.take(pa.array(np.arange(0, bounds.size, 2)))


def _masked(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Put NaN where no point was measured: not finite, out of range, or exactly the lens."""
    with np.errstate(invalid="ignore"):
        near = np.abs(points) <= _MAX_RANGE_M
    measured = points != 0.0
    # three columns by hand: a reduction over an axis of three is ten times slower
    good = near[..., 0] & near[..., 1] & near[..., 2]
    good &= measured[..., 0] | measured[..., 1] | measured[..., 2]
    if good.all():
        return points
    return np.where(good[..., None], points, np.nan)
