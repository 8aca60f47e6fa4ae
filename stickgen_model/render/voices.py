"""Mouths that speak: when, and how far they are open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.vocabulary import ACTIONS, SPEECH_KINDS
from stickgen_model.animation import SILENT
from stickgen_model.render.easing import eased_steps
from stickgen_model.render.habits import actor_rng

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stickgen_model.animation import Animation

    Floats = NDArray[np.float64]

__all__ = ["speech_of", "voices"]

_VOICES: Final = {
    "talk": "talk",
    "phone_call": "talk",
    "shout": "shout",
    "whisper": "whisper",
    "sing": "sing",
}
_MOUTHS: Final = {
    #          open  rate  width  hold
    "talk": (0.50, 4.3, 0.95, 1.0),
    "shout": (1.05, 2.4, 1.15, 0.5),
    "whisper": (0.20, 3.6, 0.60, 1.2),
    "sing": (0.85, 1.3, 0.66, 0.4),
}
"""Largest opening, syllables a second, width, and how long it stays open (smaller: longer). Talk:
4 to 5 syllables a second (Pellegrino et al., Language 87, 2011); the others by eye."""
_NARROWER: Final = 0.15
_RESTLESS: Final = 0.22
_ONSET_S: Final = 0.12
"""A mouth begins and ends to speak."""
_PHRASE_S: Final = (1.1, 2.4)
_PAUSE_S: Final = (0.25, 0.6)


def speech_of(animation: Animation) -> NDArray[np.uint8]:
    """Id of the speech of every frame, 255 = silent, shape (N, T).

    That of the scene, else by the action, with a breath between phrases.
    """
    if animation.speech is not None:
        return animation.speech
    table = np.full(256, SILENT, dtype=np.uint8)
    for action, kind in _VOICES.items():
        table[ACTIONS.index(action)] = SPEECH_KINDS.index(kind)
    speech = table[animation.actions]
    at = np.arange(animation.num_frames) / animation.fps
    for actor, row in enumerate(speech):
        row[_breathes(animation, actor, at)] = SILENT
    return speech


def voices(animation: Animation, times: Floats) -> tuple[Floats, Floats, Floats]:
    """What speech makes of mouths.

    Args:
        animation: The scene.
        times: Seconds, shape (F,).

    Returns:
        Opening (0..1) and width, each times how far the mouth speaks, and that, 0..1; (N, F).
    """
    kinds = np.arange(len(SPEECH_KINDS))
    one_hot = (speech_of(animation)[..., None] == kinds).astype(np.float64)
    share = eased_steps(one_hot, times, fps=animation.fps, span_s=_ONSET_S)
    largest, rate, width, hold = np.array([_MOUTHS[kind] for kind in SPEECH_KINDS]).T
    pulse = np.stack(
        [
            _syllables(times, rate, hold, actor_rng(animation, actor, 2))
            for actor in range(animation.num_actors)
        ]
    )
    opening = (pulse * largest * share).sum(axis=-1)
    wide = (width * (1.0 - _NARROWER * pulse) * share).sum(axis=-1)
    return opening, wide, share.sum(axis=-1)


def _breathes(animation: Animation, actor: int, at: Floats) -> NDArray[np.bool_]:
    """Whether somebody who talks pauses, shape of `at`."""
    rng = actor_rng(animation, actor, 1)
    count = int(animation.seconds / (_PHRASE_S[0] + _PAUSE_S[0])) + 1
    low, high = zip(_PHRASE_S, _PAUSE_S, strict=True)
    edges = np.cumsum(rng.uniform(low, high, size=(count, 2)).reshape(-1))
    return np.asarray(np.searchsorted(edges, at, side="right") % 2 == 1)


def _syllables(times: Floats, rate: Floats, hold: Floats, rng: np.random.Generator) -> Floats:
    """How far a mouth is open for each kind of speech, 0..1, shape (F, kinds)."""
    phase = rng.uniform(size=(3, len(rate)))
    at = rate * times[:, None]
    # the rate wanders and so does the stress: no two syllables are alike
    beat = at + phase[0] + _RESTLESS * np.sin(2.0 * np.pi * (0.37 * at + phase[1]))
    pulse = (0.5 - 0.5 * np.cos(2.0 * np.pi * beat)) ** hold
    stress = 0.72 + 0.28 * np.sin(2.0 * np.pi * (0.23 * at + phase[2]))
    return np.asarray(pulse * stress)
