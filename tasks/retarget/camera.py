"""Where the camera of a clip stands and how it moves.

A camera is three numbers a frame: the centre of the picture (x, y in H) and its zoom (1: a picture
2 H high and wide). They move and scale a flat picture; they do not turn what is seen. So a dolly
is a zoom whose centre goes with the subject, and an orbit is what its walk around the subject
does to the frame: it swings aside and back while the distance grows and shrinks.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.schema import CAMERA_DIM, CLIP_FPS
from tasks.retarget.framing import Framing, fit_half, keep_inside, union_box
from tasks.retarget.moves import MOVES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from datasets_spec.shot import Shot

__all__ = ["camera_of", "dominant_move", "moving_camera", "still_camera"]

_CAMERA_Y: Final = 0.5
"""Height at which the camera looks while the figure stays in its picture."""
_PICTURE_H: Final = 2.0
"""Height of the picture at zoom 1, H."""
_PICTURE_MARGIN: Final = 0.2
"""Added to the extent of the motion: head and limbs are drawn with a width."""


def still_camera(bodies: list[NDArray[np.float64]]) -> NDArray[np.float32]:
    """A camera that stands still and holds every actor from the first to the last frame.

    Args:
        bodies: Points of each actor in the view's axes, shape (T, 15, 3), H.

    Returns:
        Shape (T, 3): centre x, y (H) and zoom (1: a picture 2 H high and wide).
    """
    box = union_box(bodies)
    low, high = box[:, :2].min(axis=0), box[:, 2:].max(axis=0)
    centre = (low + high) / 2.0
    half = (_PICTURE_H - _PICTURE_MARGIN) / 2.0
    if low[1] >= _CAMERA_Y - half and high[1] <= _CAMERA_Y + half:
        centre[1] = _CAMERA_Y
    extent = float((high - low).max()) + _PICTURE_MARGIN
    row = np.array([centre[0], centre[1], min(1.0, _PICTURE_H / extent)], dtype=np.float32)
    return np.broadcast_to(row, (bodies[0].shape[0], CAMERA_DIM)).copy()


def moving_camera(
    bodies: list[NDArray[np.float64]], shots: Sequence[Shot], *, start_s: float = 0.0
) -> NDArray[np.float32]:
    """A camera that makes the moves of its shots, joined smoothly, subjects kept in the picture.

    Args:
        bodies: Points of each actor in the view's axes, shape (T, 15, 3), H.
        shots: Moves; where they overlap, the later one wins; where none is, the camera stands.
        start_s: Start of the window in the time of the shots, seconds.

    Returns:
        Shape (T, 3): centre x, y (H) and zoom. Whoever a shot follows (all, if nobody) lies
        inside the picture in every frame of it.
    """
    num_frames = bodies[0].shape[0]
    track = np.empty((num_frames, CAMERA_DIM))
    kept = np.empty((num_frames, 4))
    for frames, shot in _stretches(shots, num_frames, start_s=start_s):
        part = [body[frames] for body in bodies]
        if shot is None:
            box = union_box(part)
            whole = np.array([*box[:, :2].min(axis=0), *box[:, 2:].max(axis=0)])
            middle = (whole[:2] + whole[2:]) / 2.0
            track[frames] = [*middle, max(1.0, float(fit_half(whole[None])[0]))]
            kept[frames] = box
            continue
        t = start_s + np.arange(frames.start, frames.stop) / CLIP_FPS
        framing: Framing = MOVES[shot.move](part, shot, t)
        track[frames], kept[frames] = framing.track, framing.kept
    return keep_inside(track, kept)


def camera_of(
    bodies: list[NDArray[np.float64]], shots: Sequence[Shot], *, start_s: float
) -> NDArray[np.float32]:
    """The still camera of a sequence without shots, else the moving one. Shape (T, 3)."""
    return moving_camera(bodies, shots, start_s=start_s) if shots else still_camera(bodies)


def dominant_move(shots: Sequence[Shot], num_frames: int, *, start_s: float) -> str:
    """The move of most frames; `static` if the camera mostly stands."""
    frames: dict[str, int] = {"static": 0}
    for span, shot in _stretches(shots, num_frames, start_s=start_s):
        move = "static" if shot is None else shot.move
        frames[move] = frames.get(move, 0) + span.stop - span.start
    return max(frames, key=lambda move: frames[move])


def _stretches(
    shots: Sequence[Shot], num_frames: int, *, start_s: float
) -> list[tuple[slice, Shot | None]]:
    """Every frame once: maximal runs of frames of one shot, or of none."""
    owner = np.full(num_frames, -1)
    for number, shot in enumerate(shots):
        first, stop = (round((s - start_s) * CLIP_FPS) for s in (shot.start_s, shot.end_s))
        owner[max(first, 0) : max(stop, 0)] = number
    edges = [0, *(np.flatnonzero(np.diff(owner)) + 1).tolist(), num_frames]
    return [
        (slice(first, stop), shots[owner[first]] if owner[first] >= 0 else None)
        for first, stop in pairwise(edges)
        if stop > first
    ]
