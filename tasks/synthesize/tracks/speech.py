"""When an actor's mouth is heard: phrases and pauses inside what is said, shouted, sung."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.motion import SILENT
from datasets_spec.schema import CLIP_FPS
from datasets_spec.vocabulary import SPEECH_KINDS
from tasks.synthesize.tracks.expression import num_frames_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tasks.synthesize.engine.take import Deed

__all__ = ["speech_track"]

_KINDS: Final = {
    "talk": "talk",
    "phone_call": "talk",
    "shout": "shout",
    "whisper": "whisper",
    "sing": "sing",
}
_PHRASE_S: Final = {
    "talk": (0.8, 2.4),
    "shout": (0.4, 0.9),
    "whisper": (0.7, 1.8),
    "sing": (1.6, 3.6),
}
"""Length of a stretch of sound. Spontaneous speech pauses every one to two seconds (Goldman-Eisler,
Psycholinguistics, 1968); the others by ear."""
_PAUSE_S: Final = {
    "talk": (0.2, 0.6),
    "shout": (0.25, 0.6),
    "whisper": (0.25, 0.7),
    "sing": (0.2, 0.5),
}
_LISTEN_S: Final = (0.8, 2.2)
"""On the telephone the other one talks in between."""
_LISTENER_S: Final = (1.6, 3.2)
_LEAD_S: Final = 0.15
"""The gesture begins before the voice."""
_LONG_DEED_S: Final = 600.0


def speech_track(
    deeds: Sequence[Deed], duration_s: float, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Speech of every frame.

    Args:
        deeds: What the actor did. Laughing and crying are no speech.
        duration_s: Length of the motion.
        rng: Lengths of phrases and pauses.

    Returns:
        Shape (T,), ids of SPEECH_KINDS, 255 = silent, uint8.
    """
    track = np.full(num_frames_of(duration_s), SILENT, dtype=np.uint8)
    for deed in sorted(deeds, key=lambda deed: deed.start_s):
        kind = _KINDS.get(deed.action)
        if kind is None:
            continue
        for begin, end in _phrases(deed, kind, rng):
            first, stop = (max(0, round(at * CLIP_FPS)) for at in (begin, end))
            track[first:stop] = SPEECH_KINDS.index(kind)
    return track


def _phrases(deed: Deed, kind: str, rng: np.random.Generator) -> list[tuple[float, float]]:
    """Begin and end of every stretch of sound, inside the deed."""
    begin = deed.start_s + _LEAD_S
    end = min(deed.end_s - _LEAD_S, begin + _LONG_DEED_S)
    if kind == "shout" and deed.count > 0:
        return _shouts(begin, end, deed.count)
    pause = _PAUSE_S[kind]
    if deed.action == "phone_call":
        pause = _LISTENER_S if deed.style == "listening" else _LISTEN_S
    found = []
    at = begin + (float(rng.uniform(*pause)) if deed.style == "listening" else 0.0)
    while at < end:
        stop = min(at + float(rng.uniform(*_PHRASE_S[kind])), end)
        found.append((at, stop))
        at = stop + float(rng.uniform(*pause))
    return found


def _shouts(begin: float, end: float, count: int) -> list[tuple[float, float]]:
    """As many as are to be seen, evenly spaced, with air between."""
    room = (end - begin) / count
    return [(begin + k * room, begin + (k + 0.7) * room) for k in range(count)]
