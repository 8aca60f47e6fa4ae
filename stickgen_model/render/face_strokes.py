"""The lines of a face on the ball of a head, as a camera sees them.

Units: the head's radius; x to the right of the picture, y up, the head's middle at (0, 0).
Letters of shapes: N actors, F frames, S strokes, P points of a stroke.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.render.easing import smooth_step

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stickgen_model.render.faces import FaceTrack

    Floats = NDArray[np.float64]

__all__ = ["NUM_POINTS", "STROKES", "FaceStrokes", "face_strokes"]

STROKES: Final = ("l_brow", "r_brow", "l_eye", "r_eye", "mouth")
NUM_POINTS: Final = 24
"""Of every stroke."""

_CLOSED: Final = (False, False, True, True, True)
_WIDTHS: Final = (0.12, 0.12, 0.08, 0.08, 0.12)
_BALL: Final = 0.80
"""Radius of the ball that carries the face: no line of it reaches the line around the head."""
_LIMB: Final = 0.995
_EYE: Final = (0.36, 0.14)
"""Place of an eye: aside, up."""
_EYE_SIZE: Final = (0.085, 0.155)
_WIDE_EYED: Final = 0.3
_GAZE: Final = (0.07, 0.05)
_BROW: Final = (0.37, 0.43)
_BROW_HALF: Final = 0.19
_BROW_ARCH: Final = 0.05
_BROW_RISE: Final = 0.13
_BROW_TILT: Final = 0.13
_MOUTH_Y: Final = -0.37
_MOUTH_HALF: Final = 0.35
_SMILE: Final = 0.17
_LIPS: Final = (0.10, 0.31)
"""How far the upper lip rises and the lower one falls in a mouth that is wide open."""
_ROUND: Final = (0.65, 1.0)
"""Widths of a mouth that is an O, and of one that is a bow."""
_FADE: Final = np.array([(0.1, 0.4)] * 4 + [(-0.05, 0.22)])
"""Depth, radii, between hidden behind the head and seen: of the middle of brows and eyes, so that
they do not pile up on its edge, and of the nearest point of the mouth, which shows in profile."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class FaceStrokes:
    """What is drawn of faces, in the order of `STROKES`.

    Attributes:
        points: Shape (N, F, S, P, 2), radii.
        cover: 0 hidden behind the head .. 1, shape (N, F, S).
        widths: Of the lines, with round ends and corners, radii, shape (S,).
        closed: Whether the stroke is an outline to be filled and drawn, shape (S,).
    """

    points: Floats
    cover: Floats
    widths: Floats
    closed: NDArray[np.bool_]


def face_strokes(track: FaceTrack, view_axes: Floats | None = None) -> FaceStrokes:
    """Lines of faces.

    Args:
        track: Faces.
        view_axes: Right, up and forward of the camera as rows, as of `framing.view_axes`, shape
            (F, 3, 3); None = the viewer of the clip.
    """
    strokes = (
        _brow(track, 1.0),
        _brow(track, -1.0),
        _eye(track, 1.0),
        _eye(track, -1.0),
        _mouth(track),
    )
    ball = _on_ball(np.stack(strokes, axis=2))
    axes = track.axes
    if view_axes is not None:
        # a camera looks forward, a viewer's axis points to him
        viewer = view_axes * np.array([[1.0], [1.0], [-1.0]])
        axes = track.axes @ viewer.swapaxes(-1, -2)
    seen = (ball.reshape(*axes.shape[:2], -1, 3) @ axes).reshape(ball.shape)
    ahead = seen[..., 2].mean(axis=-1)
    ahead[..., -1] = seen[..., -1, :, 2].max(axis=-1)
    cover = smooth_step((ahead - _FADE[:, 0]) / (_FADE[:, 1] - _FADE[:, 0]))
    return FaceStrokes(
        points=_before_edge(seen),
        cover=cover,
        widths=np.array(_WIDTHS),
        closed=np.array(_CLOSED),
    )


def _on_ball(flat: Floats) -> Floats:
    """Places on a face seen from the front, lifted onto the ball, shape (..., 3)."""
    away = np.hypot(flat[..., 0], flat[..., 1])
    share = np.minimum(1.0, _LIMB * _BALL / np.maximum(away, 1e-9))
    ball = np.empty((*flat.shape[:-1], 3))
    ball[..., :2] = flat * share[..., None]
    ball[..., 2] = np.sqrt(_BALL**2 - np.square(away * share))
    return ball


def _before_edge(seen: Floats) -> Floats:
    """Places in the picture; what is behind the ball's edge is laid onto it, shape (..., 2)."""
    places = seen[..., :2].copy()
    behind = seen[..., 2] < 0.0
    out = places[behind]
    away = np.hypot(out[:, 0], out[:, 1])
    places[behind] = out * (_BALL / np.maximum(away, 1e-6))[:, None]
    return places


def _brow(track: FaceTrack, side: float) -> Floats:
    """Shape (N, F, P, 2), on the face: x towards its left ear."""
    share = np.linspace(-1.0, 1.0, NUM_POINTS)
    y = (
        _BROW[1]
        + _BROW_ARCH * (1.0 - share**2)
        + _BROW_RISE * track.brow_height[..., None]
        - _BROW_TILT * track.brow_tilt[..., None] * share
    )
    x = np.broadcast_to(side * (_BROW[0] + _BROW_HALF * share), y.shape)
    return np.stack([x, y], axis=-1)


def _eye(track: FaceTrack, side: float) -> Floats:
    """A filled ellipse that shuts to a line."""
    angle = 2.0 * np.pi * np.arange(NUM_POINTS) / NUM_POINTS
    opening = track.eye_open[..., None]
    wide = _EYE_SIZE[0] * (1.0 + _WIDE_EYED * np.maximum(opening - 1.0, 0.0))
    # lids that are nearly shut leave a line as long as the eye is high
    wide = wide * (1.0 + 0.5 * np.clip(1.0 - opening, 0.0, 1.0) ** 2)
    x = side * _EYE[0] + wide * np.cos(angle) + _GAZE[0] * track.gaze[..., :1]
    y = _EYE[1] + _EYE_SIZE[1] * opening * np.sin(angle) + _GAZE[1] * track.gaze[..., 1:]
    return np.stack([x, y], axis=-1)


def _mouth(track: FaceTrack) -> Floats:
    """Upper lip from the right corner to the left, lower lip back."""
    half = NUM_POINTS // 2
    angle = np.pi * np.arange(half) / half
    share = np.concatenate([-np.cos(angle), np.cos(angle)])
    lower = np.arange(NUM_POINTS) >= half
    width, opening = track.mouth_width[..., None], track.mouth_open[..., None]
    bow = np.maximum(1.0 - share**2, 0.0)
    oval = smooth_step((_ROUND[1] - width) / (_ROUND[1] - _ROUND[0]))
    lip = bow + oval * (np.sqrt(bow) - bow)
    y = _MOUTH_Y + _SMILE * track.mouth_curve[..., None] * (0.5 - bow)
    y = y + opening * lip * np.where(lower, -_LIPS[1], _LIPS[0])
    return np.stack([_MOUTH_HALF * width * share, y], axis=-1)
