"""The grammar of `.skeleton` files: frame count, then a frame's bodies, then 25 joints a body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

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
_SPACES: Final = np.array([_BODY_TOKENS - 1, 0, *[_JOINT_TOKENS - 1] * NUM_KINECT_JOINTS])
_PIECES: Final = 6
_EVERY_SECOND: Final = 0b01010101
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
    spaces = _spaces_of_joints(table, block)
    _check_joint_counts(table, heads + 1)
    joint_lines = block[:, 2:].ravel()
    points = _coordinates(table, joint_lines, spaces).reshape(-1, NUM_KINECT_JOINTS, 3)
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


def _spaces_of_joints(table: LineTable, block: NDArray[np.int64]) -> NDArray[np.int32]:
    """Byte index of the spaces of each joint row, shape (25 * R, 11); every line checked."""
    num_head = _BODY_TOKENS - 1
    if table.spaces.size == len(block) * _SPACES.sum():
        by_body = table.spaces.reshape(len(block), _SPACES.sum())
        heads, joints = by_body[:, :num_head], by_body[:, num_head:].reshape(-1, _JOINT_TOKENS - 1)
        # in order and as many as due: if all lie in their own line, each line has its number
        if _lie_within(table, block[:, 0], heads) and _lie_within(
            table, block[:, 2:].ravel(), joints
        ):
            return joints
    raise _wrong_shape(table, block)


def _lie_within(table: LineTable, lines: NDArray[np.int64], spaces: NDArray[np.int32]) -> bool:
    after = spaces[:, 0] > table.starts[lines]
    return bool((after & (spaces[:, -1] < table.ends[lines])).all())


def _wrong_shape(table: LineTable, block: NDArray[np.int64]) -> RejectError:
    num_spaces = table.num_spaces()
    # a frame's or the file's count of several words has been refused before
    body, row = np.argwhere(num_spaces[block] != _SPACES)[0].tolist()
    line = int(block[body, row])
    want, got = int(_SPACES[row]) + 1, int(num_spaces[line]) + 1
    if line == table.starts.size - 1 and got < want:
        msg = f"line {line + 1}: the file ends after {got} of {want} numbers"
        return RejectError(RejectReason.TRUNCATED, msg)
    return _malformed(line, f"{want} numbers", table.text(line))


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


def _coordinates(
    table: LineTable, lines: NDArray[np.int64], spaces: NDArray[np.int32]
) -> NDArray[np.float64]:
    """First three numbers of each line, shape (L, 3)."""
    if lines.size == 0:
        return np.empty((0, 3))
    bounds = np.empty((lines.size, _PIECES), dtype=np.int32)
    bounds[:, 0] = table.starts[lines]
    bounds[:, 1::2] = spaces[:, :3]
    bounds[:, 2::2] = spaces[:, :2] + 1
    # an Arrow array over the file's own bytes: word, space, word, space, word, rest of the row;
    # all but the words are null, so nothing is copied and nothing else is read as a number
    num_pieces = bounds.size - 1
    words_only = np.full(num_pieces // 8 + 1, _EVERY_SECOND, dtype=np.uint8)
    buffers = [pa.py_buffer(words_only), pa.py_buffer(bounds), pa.py_buffer(table.data)]
    words = pa.Array.from_buffers(pa.string(), num_pieces, buffers)
    try:
        numbers = words.cast(pa.float64())
    except pa.ArrowInvalid as error:
        msg = f"expected numbers for x, y and z: {error}"
        raise RejectError(RejectReason.MALFORMED, msg) from error
    values = np.frombuffer(numbers.buffers()[1], np.float64, count=num_pieces)
    return values[::2].reshape(-1, 3)


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
