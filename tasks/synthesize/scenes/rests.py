"""Moments in which an actor does nothing but rest: between actions, and at the ends of a clip."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.take import Deed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tasks.synthesize.engine.take import Take

__all__ = ["rests_of"]

_LEAST_S: Final = 0.12
"""What is shorter belongs to nothing: a breath between two actions."""
_STILL_MPS: Final = 0.35
"""Hips that are faster do not rest: steps of a meeting, the end of a run."""
_ACTION_OF: Final = {
    "stand": "idle",
    "sit": "sit",
    "crouch": "crouch",
    "kneel": "kneel",
    "lie": "lie_down",
}
"""The action whose resting it is."""


def rests_of(take: Take, deeds: Sequence[Deed]) -> tuple[Deed, ...]:
    """What the body does where none of the deeds is: it stands, sits, kneels or lies.

    Args:
        take: Everything has played; its stances and the speed of its hips tell.
        deeds: Of the take.

    Returns:
        In time order, on whole frames, touching no deed; captions need not mention them.
    """
    fps, last_s = take.fps, float(take.t[-1])
    speed = None
    found = []
    for start, end in _gaps(deeds, last_s):
        first, stop = math.ceil(start * fps - 1e-6), math.floor(end * fps + 1e-6)
        action = _ACTION_OF.get(take.stance_at(0.5 * (start + end)), "")
        if not action or stop - first < _LEAST_S * fps or stop <= first:
            continue
        speed = _speeds(take.posture.hips, fps) if speed is None else speed
        if float(speed[first : stop + 1].mean()) > _STILL_MPS * take.body.stature / 1.7:
            continue
        found.append(Deed(action=action, start_s=first / fps, end_s=stop / fps))
    return tuple(found)


def _speeds(hips: NDArray[np.float64], fps: float) -> NDArray[np.float64]:
    """Speeds (T,) of a place (T, 3) in m/s."""
    step = np.empty_like(hips)
    step[1:-1] = 0.5 * (hips[2:] - hips[:-2])
    step[0], step[-1] = hips[1] - hips[0], hips[-1] - hips[-2]
    speed: NDArray[np.float64] = np.sqrt(np.einsum("ti,ti->t", step, step)) * fps
    return speed


def _gaps(deeds: Sequence[Deed], last_s: float) -> list[tuple[float, float]]:
    """Spans of the clip that no deed covers, seconds."""
    gaps, reached = [], 0.0
    for deed in sorted(deeds, key=lambda one: one.start_s):
        if deed.start_s > reached:
            gaps.append((reached, min(deed.start_s, last_s)))
        reached = max(reached, deed.end_s)
    if reached < last_s:
        # the last frame lasts, too
        gaps.append((reached, last_s + 1e-3))
    return gaps
