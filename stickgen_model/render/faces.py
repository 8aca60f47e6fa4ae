"""Faces over time: expression, blink, mouth and the way the head looks.

Letters of shapes: N actors, F frames. A face is a few numbers (`FaceTrack`); `face_strokes` turns
them into lines and filled shapes on the head's ball, as a camera sees it.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.vocabulary import ACTIONS, EXPRESSIONS, SPEECH_KINDS
from stickgen_model.animation import SILENT
from stickgen_model.render.depth import scene_depth
from stickgen_model.render.easing import smooth_step
from stickgen_model.render.face_strokes import FaceStrokes, face_strokes
from stickgen_model.render.heads import head_axes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stickgen_model.animation import Animation

    Floats = NDArray[np.float64]
    Ids = NDArray[np.uint8]

__all__ = ["TRANSITION_S", "FaceStrokes", "FaceTrack", "face_strokes", "face_track"]

TRANSITION_S: Final = 0.3
"""From one expression to the next."""

_FEATURES: Final = ("brow_height", "brow_tilt", "eye_open", "mouth_curve", "mouth_open")
_LOOKS: Final = {
    #            brow_h brow_t eye   curve  open  width
    "neutral": (0.00, 0.00, 1.00, 0.10, 0.00, 1.00),
    "happy": (0.25, 0.10, 0.90, 0.95, 0.10, 1.20),
    "sad": (0.10, 0.85, 0.75, -0.80, 0.00, 0.85),
    "surprised": (1.00, 0.15, 1.45, 0.00, 0.75, 0.60),
    "angry": (-0.55, -1.00, 0.80, -0.55, 0.00, 0.95),
    "excited": (0.70, 0.10, 1.25, 1.00, 0.60, 1.25),
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
_VOICES: Final = {
    "talk": "talk",
    "phone_call": "talk",
    "shout": "shout",
    "whisper": "whisper",
    "sing": "sing",
}
_ONSET_S: Final = 0.12
"""A mouth begins and ends to speak."""
_MOUTHS: Final = {
    #          open  rate  width  hold
    "talk": (0.42, 4.3, 0.95, 1.0),
    "shout": (1.00, 2.4, 1.15, 0.6),
    "whisper": (0.18, 3.6, 0.62, 1.3),
    "sing": (0.80, 1.3, 0.70, 0.45),
}
"""Largest opening, syllables a second, width, and how long it stays open (smaller: longer). Talk:
4 to 5 syllables a second (Pellegrino et al., Language 87, 2011); the others by eye."""
_BLINK_EVERY_S: Final = (2.2, 5.5)
"""15 to 20 a minute (Bentivoglio et al., Movement Disorders 12, 1997)."""
_BLINK_S: Final = 0.22
_PHRASE_S: Final = (1.1, 2.4)
_PAUSE_S: Final = (0.25, 0.6)


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
        gaze: Where the eyes look: right and up, -1..1, shape (N, F, 2).
        axes: The head's own right (to its left ear, as a viewer in front has it), up and forward
            as rows, in the axes of the scene, shape (N, F, 3, 3).
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
    looks = np.array([_LOOKS[name] for name in EXPRESSIONS])[_expressions(animation)]
    look = _eased(looks, at, fps=animation.fps, span_s=TRANSITION_S)
    brow_height, brow_tilt, eye_open, curve, opening, width = np.moveaxis(look, -1, 0)
    voice, share = _voices(animation, at)
    mouth_open = (1.0 - share) * opening + voice[..., 0]
    mouth_width = (1.0 - share) * width + voice[..., 1]
    return FaceTrack(
        brow_height=brow_height,
        brow_tilt=brow_tilt,
        eye_open=eye_open * (1.0 - _blinks(animation, at)),
        mouth_curve=curve,
        mouth_open=np.clip(mouth_open, 0.0, 1.2),
        mouth_width=mouth_width,
        gaze=np.zeros((*curve.shape, 2)),
        axes=head_axes(animation, deep, at),
    )


def _expressions(animation: Animation) -> Ids:
    """Id of the expression of every frame, shape (N, T)."""
    if animation.expressions is not None:
        return animation.expressions
    table = np.zeros(256, dtype=np.uint8)
    for action, mood in _MOODS.items():
        table[ACTIONS.index(action)] = EXPRESSIONS.index(mood)
    return table[animation.actions]


def _speech(animation: Animation) -> Ids:
    """Id of the speech of every frame, 255 = silent, shape (N, T)."""
    if animation.speech is not None:
        return animation.speech
    table = np.full(256, SILENT, dtype=np.uint8)
    for action, kind in _VOICES.items():
        table[ACTIONS.index(action)] = SPEECH_KINDS.index(kind)
    speech = table[animation.actions]
    at = np.arange(animation.num_frames) / animation.fps
    for actor, row in enumerate(speech):
        row[~_phrases(animation, actor, at)] = SILENT
    return speech


def _rng(animation: Animation, actor: int, purpose: int) -> np.random.Generator:
    seed = zlib.crc32(repr(animation.facts.get("seed", 0)).encode())
    return np.random.default_rng([seed, actor, purpose])


def _phrases(animation: Animation, actor: int, at: Floats) -> NDArray[np.bool_]:
    """Whether somebody who talks is heard, or draws breath, shape (T,)."""
    rng = _rng(animation, actor, 1)
    count = int(animation.seconds / (_PHRASE_S[0] + _PAUSE_S[0])) + 1
    spans = rng.uniform((_PHRASE_S[0], _PAUSE_S[0]), (_PHRASE_S[1], _PAUSE_S[1]), size=(count, 2))
    edges = np.cumsum(spans.reshape(-1))
    return np.asarray(np.searchsorted(edges, at, side="right") % 2 == 0)


def _eased(values: Floats, times: Floats, *, fps: float, span_s: float) -> Floats:
    """Steps from frame to frame, drawn out: each change takes `span_s` from when it happens.

    Args:
        values: Shape (N, T, C).
        times: Seconds, shape (F,).
        fps: Frames a second of the values.
        span_s: Seconds.

    Returns:
        Shape (N, F, C); a mixture of the frames before, so never out of their range.
    """
    now = np.floor(times * fps + 1e-9)
    back = np.arange(int(np.ceil(span_s * fps)) + 1)
    frames = now[:, None] - back
    # how far the change at the beginning of each frame has gone, and that of the next one
    gone = smooth_step((times[:, None] - frames / fps) / span_s)
    newer = np.concatenate([np.zeros((len(times), 1)), gone[:, :-1]], axis=1)
    weights = gone - newer
    weights[:, -1] += 1.0 - gone[:, -1]
    rows = np.clip(frames, 0, values.shape[1] - 1).astype(np.intp)
    return np.asarray(np.einsum("fw,nfwc->nfc", weights, values[:, rows]))


def _voices(animation: Animation, times: Floats) -> tuple[Floats, Floats]:
    """Opening and width of speaking mouths (N, F, 2), and how far they speak, 0..1 (N, F)."""
    speech = _speech(animation)
    kinds = len(SPEECH_KINDS)
    one_hot = (speech[..., None] == np.arange(kinds)).astype(np.float64)
    share = _eased(one_hot, times, fps=animation.fps, span_s=_ONSET_S)
    shapes = np.array([_MOUTHS[kind] for kind in SPEECH_KINDS])
    openings = np.empty((len(speech), len(times), kinds))
    for actor in range(len(speech)):
        openings[actor] = _syllables(times, shapes, _rng(animation, actor, 2))
    width = (shapes[:, 2] * (1.0 - 0.15 * openings)) * share
    return (
        np.stack([(openings * shapes[:, 0] * share).sum(-1), width.sum(-1)], axis=-1),
        share.sum(-1),
    )


def _syllables(times: Floats, shapes: Floats, rng: np.random.Generator) -> Floats:
    """How far a mouth is open for each kind of speech, 0..1, shape (F, kinds)."""
    phase = rng.uniform(0.0, 1.0, size=(3, len(shapes)))
    rate, hold = shapes[:, 1], shapes[:, 3]
    at = times[:, None]
    # a rate that wanders, so that no two syllables are as long
    beat = rate * at + phase[0] + 0.22 * np.sin(2.0 * np.pi * (0.37 * rate * at + phase[1]))
    pulse = (0.5 - 0.5 * np.cos(2.0 * np.pi * beat)) ** hold
    stress = 0.72 + 0.28 * np.sin(2.0 * np.pi * (0.23 * rate * at + phase[2]))
    return np.asarray(pulse * stress)


def _blinks(animation: Animation, times: Floats) -> Floats:
    """How far eyelids are down, 0..1, shape (N, F)."""
    end = max(animation.seconds, float(times.max(initial=0.0)))
    count = int(end / _BLINK_EVERY_S[0]) + 2
    shut = np.zeros((animation.num_actors, len(times)))
    for actor, row in enumerate(shut):
        rng = _rng(animation, actor, 0)
        starts = np.cumsum(rng.uniform(*_BLINK_EVERY_S, size=count)) - rng.uniform(
            0.0, _BLINK_EVERY_S[0]
        )
        last = np.clip(np.searchsorted(starts, times, side="right") - 1, 0, count - 1)
        share = (times - starts[last]) / _BLINK_S
        row[:] = smooth_step(share / 0.35) - smooth_step((share - 0.5) / 0.5)
    return shut
