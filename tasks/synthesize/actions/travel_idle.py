"""Standing about: at ease, hands on hips or behind the back, fidgeting, swaying."""

from __future__ import annotations

from typing import Final

import numpy as np

from tasks.synthesize.engine.arms import aim_hand, sided
from tasks.synthesize.engine.frames import drift
from tasks.synthesize.engine.take import ActionSpec, Beat, Deed, Take
from tasks.synthesize.engine.timing import pulse

__all__ = ["SPECS"]

_STYLES: Final = ("at ease", "hands on hips", "hands behind back", "fidget", "sway")
_SHARES: Final = (0.40, 0.15, 0.12, 0.18, 0.15)
_PLACES: Final = {
    # wrist from mid-shoulders for the right hand, shares of the stature; elbow outward
    "hands on hips": ((0.115, -0.265, 0.055), 0.75),
    "hands behind back": ((0.02, -0.30, -0.105), 0.35),
}


def _idled(take: Take, beat: Beat) -> Deed:
    chance = take.rng.uniform(size=4)
    style = beat.style or _STYLES[int(np.searchsorted(np.cumsum(_SHARES), chance[0]))]
    weight = pulse(take.t, beat.start_s, beat.end_s, 0.7)
    if style in _PLACES:
        place, out = _PLACES[style]
        for side in (0, 1):
            aim_hand(take.posture, side, sided(place, side) * take.body.stature, weight)
            take.posture.elbows[:, side] += out * weight
    elif style == "fidget":
        _fidget(take, beat, float(chance[1]))
    elif style == "sway":
        _sway(take, weight, float(chance[2]))
    return Deed(action="idle", start_s=beat.start_s, end_s=beat.end_s, style=style)


def _fidget(take: Take, beat: Beat, when: float) -> None:
    """Now and then a hand comes up to the belly, the head drops and looks."""
    t, posture = take.t, take.posture
    noise = drift(t, take.rng, 6) * take.manner.noise
    span = min(1.8, 0.6 * (beat.end_s - beat.start_s))
    low, high = max(beat.start_s, 0.1), min(beat.end_s, float(t[-1])) - span
    start = low + when * max(high - low, 0.0)
    weight = pulse(t, start, start + span, 0.5)
    for side in (0, 1):
        place = np.array(sided((0.045, -0.20, 0.13), side)) * take.body.stature
        target = place + 0.012 * noise[:, 3 * side : 3 * side + 3] * take.body.stature
        aim_hand(posture, side, target, weight)
    posture.head[:, 0] += 0.28 * weight


def _sway(take: Take, weight: np.ndarray, phase: float) -> None:
    """The whole body swings slowly over the feet, arms loose."""
    wave = weight * np.sin(2 * np.pi * (0.33 * take.manner.tempo * take.t + phase))
    side = take.posture.turn[:, :, 0]
    take.posture.hips += (0.03 * take.body.leg * wave)[:, None] * side * np.array([1.0, 0.0, 1.0])
    take.posture.trunk[:, 2] -= 0.05 * wave
    take.posture.trunk[:, 1] += 0.16 * wave
    take.posture.arms[:, :, 0] += 0.12 * wave[:, None] * np.array([-1.0, 1.0])


SPECS: Final = (
    ActionSpec(name="idle", kind="travel", seconds=(2.0, 6.0), play=_idled, styles=_STYLES),
)
