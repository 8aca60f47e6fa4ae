"""Faces over time: expression, blink, mouth and the way the head looks.

Letters of shapes: N actors, F frames. A face is a few numbers (`FaceTrack`); `face_strokes` turns
them into lines and filled shapes on the head's ball, as a camera sees it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.vocabulary import ACTIONS, EXPRESSIONS
from stickgen_model.render.depth import scene_depth
from stickgen_model.render.easing import eased_steps
from stickgen_model.render.face_strokes import FaceStrokes, face_strokes
from stickgen_model.render.habits import blinks, glances
from stickgen_model.render.heads import head_axes
from stickgen_model.render.voices import voices

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stickgen_model.animation import Animation

    Floats = NDArray[np.float64]

__all__ = [
    "TRANSITION_S",
    "FaceStrokes",
    "FaceTrack",
    "expressions_of",
    "face_strokes",
    "face_track",
]

TRANSITION_S: Final = 0.3
"""From one expression to the next."""

_LOOKS: Final = {
    #            brow_h brow_t eye   curve  open  width
    "neutral": (0.00, 0.00, 1.00, 0.12, 0.00, 1.00),
    "happy": (0.25, 0.10, 0.85, 0.95, 0.12, 1.20),
    "sad": (0.05, 0.85, 0.75, -0.80, 0.00, 0.85),
    "surprised": (0.95, 0.15, 1.40, 0.00, 0.80, 0.62),
    "angry": (-0.55, -1.00, 0.80, -0.55, 0.00, 0.95),
    "excited": (0.70, 0.10, 1.25, 1.00, 0.65, 1.25),
}
"""Brow height, brow tilt (inner ends up), eye opening, mouth curve, opening and width."""
_MOODS: Final = {
    "laugh": "happy",
    "dance": "happy",
    "hug": "happy",
    "handshake": "happy",
    "wave": "happy",
    "clap": "happy",
    "skip": "happy",
    "sing": "happy",
    "high_five": "excited",
    "celebrate": "excited",
    "cartwheel": "excited",
    "fly": "excited",
    "cry": "sad",
    "fight": "angry",
    "punch": "angry",
    "kick": "angry",
    "shout": "angry",
    "fall": "surprised",
    "stagger": "surprised",
    "dodge": "surprised",
}
"""Where a scene says nothing of faces; as in the data sets, and a smile for who greets."""
_STRAIGHTER: Final = 0.4
"""How much less a speaking mouth smiles."""
_STILL_OPEN: Final = 0.25
"""Share of an open mouth's opening that its speech keeps."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class FaceTrack:
    """Faces of all actors, frame by frame; every array has shape (N, F) unless said otherwise.

    Attributes:
        brow_height: 0 at rest, 1 raised, negative lowered.
        brow_tilt: 1: inner ends up (sad); -1: inner ends down (angry).
        eye_open: 0 closed, 1 at rest, above 1 wide.
        mouth_curve: 1 smile, -1 corners down.
        mouth_open: 0 closed, 1 wide open.
        mouth_width: 1 at rest.
        gaze: Where the eyes look: to the left ear and up, -1..1, shape (N, F, 2).
        axes: The head's own axes as rows, in those of the scene: to its left ear (the right of
            whoever it looks at), up and forward, shape (N, F, 3, 3).
    """

    brow_height: Floats
    brow_tilt: Floats
    eye_open: Floats
    mouth_curve: Floats
    mouth_open: Floats
    mouth_width: Floats
    gaze: Floats
    axes: Floats

    def actor(self, number: int) -> FaceTrack:
        """The face of one of them, N = 1."""
        parts = {f.name: getattr(self, f.name)[number : number + 1] for f in fields(self)}
        return FaceTrack(**parts)


def face_track(
    animation: Animation,
    times: NDArray[np.floating],
    *,
    depth: NDArray[np.floating] | None = None,
) -> FaceTrack:
    """Faces of a scene.

    Expressions and speech of the scene rule; where it has none the action decides.

    Args:
        animation: The scene.
        times: Seconds, shape (F,).
        depth: As of `scene_depth`, where it is known already, H, shape (N, T, 10).
    """
    at = np.asarray(times, dtype=np.float64)
    deep = scene_depth(animation) if depth is None else depth
    looks = np.array([_LOOKS[name] for name in EXPRESSIONS])[expressions_of(animation)]
    look = eased_steps(looks, at, fps=animation.fps, span_s=TRANSITION_S)
    brow_height, brow_tilt, eye_open, curve, opening, width = np.moveaxis(look, -1, 0)
    said, wide, share = voices(animation, at)
    return FaceTrack(
        brow_height=brow_height,
        brow_tilt=brow_tilt,
        eye_open=eye_open * (1.0 - blinks(animation, at)),
        mouth_curve=curve * (1.0 - _STRAIGHTER * share),
        mouth_open=opening * (1.0 - (1.0 - _STILL_OPEN) * share) + said,
        mouth_width=width * (1.0 - share) + wide,
        gaze=glances(animation, at),
        axes=head_axes(animation, deep, at),
    )


def expressions_of(animation: Animation) -> NDArray[np.uint8]:
    """Id of the expression of every frame: that of the scene, else by the action; (N, T)."""
    if animation.expressions is not None:
        return animation.expressions
    table = np.zeros(256, dtype=np.uint8)
    for action, mood in _MOODS.items():
        table[ACTIONS.index(action)] = EXPRESSIONS.index(mood)
    return table[animation.actions]
