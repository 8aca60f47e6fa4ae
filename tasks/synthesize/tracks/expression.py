"""The face of an actor, frame by frame: it follows what is done, and else the mood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.schema import CLIP_FPS
from datasets_spec.vocabulary import EXPRESSIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tasks.synthesize.engine.manner import Manner
    from tasks.synthesize.engine.take import Deed

__all__ = ["expression_track", "num_frames_of"]

_FACES: Final = {
    "laugh": "happy",
    "dance": "happy",
    "hug": "happy",
    "handshake": "happy",
    "high_five": "excited",
    "celebrate": "excited",
    "cartwheel": "excited",
    "fly": "excited",
    "skip": "happy",
    "cry": "sad",
    "fight": "angry",
    "punch": "angry",
    "push": "angry",
    "shout": "angry",
    "fall": "surprised",
    "stagger": "surprised",
    "dodge": "surprised",
}
_GIVES_WAY: Final[dict[str, frozenset[str]]] = {
    # somebody glad shouts for joy; a happy dancer may be excited, a sad one stays sad
    "shout": frozenset({"happy", "excited", "surprised"}),
    "dance": frozenset({"excited", "sad"}),
    "skip": frozenset({"excited"}),
    "handshake": frozenset({"angry", "sad", "excited"}),
    "push": frozenset({"happy", "excited", "sad"}),
    "punch": frozenset({"happy", "excited"}),
}
"""Moods that stay on the face in spite of the action."""
_PARTNERED: Final = frozenset({"push", "punch"})
"""Only against somebody: who pushes a cart, or trains, is not angry."""
_LAG_S: Final = 0.12
"""A face changes a little after the body begins, and relaxes a little after it ends; by eye."""
_SURPRISE_S: Final = 1.6
"""Surprise does not last."""
_EPSILON: Final = 1e-6


def num_frames_of(duration_s: float) -> int:
    """Frames of a motion of that length at the rate of clips, first and last included."""
    return int(np.floor(duration_s * CLIP_FPS + _EPSILON)) + 1


def expression_track(deeds: Sequence[Deed], manner: Manner, duration_s: float) -> NDArray[np.uint8]:
    """Face of every frame.

    Args:
        deeds: What the actor did; where two overlap, the one that began later rules.
        manner: Its mood rules elsewhere.
        duration_s: Length of the motion.

    Returns:
        Shape (T,), ids of EXPRESSIONS, uint8.
    """
    face = np.full(num_frames_of(duration_s), EXPRESSIONS.index(manner.mood), dtype=np.uint8)
    for deed in sorted(deeds, key=lambda deed: deed.start_s):
        name = _face_of(deed, manner.mood)
        if name is None:
            continue
        end_s = deed.end_s
        if name == "surprised":
            end_s = min(end_s, deed.start_s + _SURPRISE_S)
        first, stop = (max(0, round((at + _LAG_S) * CLIP_FPS)) for at in (deed.start_s, end_s))
        face[first:stop] = EXPRESSIONS.index(name)
    return face


def _face_of(deed: Deed, mood: str) -> str | None:
    if deed.action in _PARTNERED and deed.partner is None:
        return None
    if mood in _GIVES_WAY.get(deed.action, ()):
        return None
    return _FACES.get(deed.action)
