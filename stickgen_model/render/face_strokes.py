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
CLOSED: Final = (False, False, True, True, True)
WIDTHS: Final = (0.11, 0.11, 0.07, 0.07, 0.11)
NUM_POINTS: Final = 16
"""Of every stroke."""
_EYE: Final = (0.36, 0.16)
"""Place of an eye: aside, up."""
_EYE_SIZE: Final = (0.085, 0.15)
_BROW: Final = (0.37, 0.46)
_BROW_HALF: Final = 0.19
_MOUTH_Y: Final = -0.40
_MOUTH_HALF: Final = 0.36
_EDGE: Final = (0.02, 0.25)
"""Cosine between a feature and the viewer where it fades behind the head."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class FaceStrokes:
    """What is drawn of faces.

    Attributes:
        points: Shape (N, F, S, P, 2), radii.
        cover: 0 hidden behind the head .. 1, shape (N, F, S).
        widths: Of the line, radii, shape (S,).
        closed: Whether the stroke is a filled outline, shape (S,).
    """

    points: Floats
    cover: Floats
    widths: Floats
    closed: NDArray[np.bool_]


def face_strokes(track: FaceTrack, view_axes: Floats | None = None) -> FaceStrokes:
    """Lines of faces.

    Args:
        track: Faces.
        view_axes: Right, up and forward of the camera, as of `framing.view_axes`, shape
            (F, 3, 3); None = the viewer of the clip.
    """
    flat = np.stack(
        [
            _brow(track, 1.0),
            _brow(track, -1.0),
            _eye(track, 1.0),
            _eye(track, -1.0),
            _mouth(track),
        ],
        axis=2,
    )
    # lifted onto the ball
    flat = flat * np.minimum(1.0, 0.97 / np.maximum(np.linalg.norm(flat, axis=-1), 1e-9))[..., None]
    front = np.sqrt(np.maximum(1.0 - np.square(flat).sum(axis=-1), 0.0))
    ball = np.concatenate([flat, front[..., None]], axis=-1)
    axes = track.axes
    if view_axes is not None:
        # the camera's forward points away from its viewer
        turned = view_axes * np.array([[1.0], [1.0], [-1.0]])
        axes = np.einsum("nfad,fvd->nfav", track.axes, turned)
    seen = np.einsum("nfspa,nfav->nfspv", ball, axes)
    low, high = _EDGE
    cover = smooth_step((seen[..., 2].mean(axis=-1) - low) / (high - low))
    return FaceStrokes(
        points=seen[..., :2], cover=cover, widths=np.array(WIDTHS), closed=np.array(CLOSED)
    )


def _brow(track: FaceTrack, side: float) -> Floats:
    """Shape (N, F, P, 2), on the face: x towards its left ear."""
    share = np.linspace(-1.0, 1.0, NUM_POINTS)
    x = side * (_BROW[0] + _BROW_HALF * share)
    arch = 0.05 * (1.0 - share**2)
    y = (
        _BROW[1]
        + 0.14 * track.brow_height[..., None]
        - 0.13 * track.brow_tilt[..., None] * share
        + arch
    )
    return np.stack([np.broadcast_to(x, y.shape), y], axis=-1)


def _eye(track: FaceTrack, side: float) -> Floats:
    angle = 2.0 * np.pi * np.arange(NUM_POINTS) / NUM_POINTS
    gaze = 0.08 * track.gaze[..., None, :]
    x = side * _EYE[0] + _EYE_SIZE[0] * np.cos(angle)
    y = _EYE[1] + _EYE_SIZE[1] * np.sin(angle) * track.eye_open[..., None]
    return np.stack(np.broadcast_arrays(x + gaze[..., 0], y + gaze[..., 1]), axis=-1)


def _mouth(track: FaceTrack) -> Floats:
    """Upper lip from the right corner of the mouth to the left, lower lip back."""
    half = NUM_POINTS // 2
    share = np.linspace(-1.0, 1.0, half + 1)
    share = np.concatenate([share[:-1], share[::-1][:-1]])
    lower = np.arange(NUM_POINTS) >= half
    bow = 1.0 - share**2
    curve, opening = track.mouth_curve[..., None], track.mouth_open[..., None]
    x = _MOUTH_HALF * track.mouth_width[..., None] * share
    y = _MOUTH_Y + 0.16 * curve * (0.5 - bow) + 0.07 * opening * bow
    y = y - np.where(lower, 0.40 * opening * bow, 0.0)
    return np.stack(np.broadcast_arrays(x, y), axis=-1)
