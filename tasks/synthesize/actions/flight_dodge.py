"""Dodging: a lean, a duck or a quick side step out of the way, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.motion.rotations import axis_rotation
from tasks.synthesize.engine.arms import aim_hand, sided
from tasks.synthesize.engine.carry import Ground, ground_at
from tasks.synthesize.engine.cycles import arc, between, through
from tasks.synthesize.engine.take import ActionSpec, Beat, Deed, Take
from tasks.synthesize.engine.timing import pulse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["SPECS"]

_WAYS: Final = ("left", "right", "backward", "down")
_AWAY_S: Final = 0.26
"""A startled trunk is out of the way in a quarter of a second; by eye."""
_BACK_S: Final = 0.48
_GUARD: Final = (0.075, -0.03, 0.155)
"""Fists before the chin: right wrist in the chest's frame, shares of stature."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Dodge:
    """One way out; lengths as shares of stature, radians. Side-ways numbers: for the left."""

    aside: float = 0.0
    ahead: float = 0.0
    drop: float = 0.0
    pitch: float = 0.0
    bend: float = 0.0
    lean: float = 0.0
    twist: float = 0.0
    nod: float = 0.0
    tilt: float = 0.0
    step: float = 0.0
    """How far the foot of that side (backward: the rear foot) steps out."""


_DODGES: Final = {
    "slip": _Dodge(
        aside=0.075, drop=0.065, pitch=0.16, bend=0.20, lean=0.42, twist=0.25, tilt=0.15
    ),
    "step": _Dodge(
        aside=0.190, drop=0.075, pitch=0.10, bend=0.16, lean=0.20, twist=0.10, step=0.24
    ),
    "sway": _Dodge(ahead=-0.035, drop=0.045, pitch=-0.16, bend=-0.36, nod=0.22),
    "step_back": _Dodge(ahead=-0.150, drop=0.050, pitch=-0.06, bend=-0.22, nod=0.18, step=0.27),
    "duck": _Dodge(ahead=-0.035, drop=0.230, pitch=0.52, bend=0.50, nod=-0.45),
}


def _dodge(take: Take, beat: Beat) -> Deed:
    draws = take.rng.uniform(size=10)
    start, end = max(beat.start_s, 0.0), min(beat.end_s, float(take.t[-1]))
    slow = 1.0 / (take.manner.tempo * (0.85 + 0.3 * take.manner.energy))
    away, back = _AWAY_S * slow, _BACK_S * slow
    one = away + back + (0.06 + 0.16 * float(draws[0])) * slow
    num = beat.count or int(between((end - start - 0.5) / one, 1, 4))
    scale = min(1.0, (end - start - 0.3) / (num * one))
    ground = ground_at(take.posture, start)
    slack = max(0.0, end - start - 0.7 - num * one)
    first = start + 0.28 + 0.4 * slack * float(draws[1])
    ways = [_way_of(beat, draws[2 + k], k) for k in range(num)]
    for number, (way, kind) in enumerate(ways):
        at = first + number * one * scale
        out = through(
            take.t,
            (at, at + away * scale, at + (one - back) * scale, at + one * scale),
            (0.0, 1.0, 1.0, 0.0),
        )
        # the foot is down before the weight is on it, and leaves after the weight has gone
        there = through(
            take.t,
            (at - 0.08, at + 0.9 * away * scale, at + (one - 0.8 * back) * scale, at + one * scale),
            (0.0, 1.0, 1.0, 0.0),
        )
        _evade(take, ground, (way, kind), out, there)
    done = min(first + num * one * scale + 0.35, end)
    _guard(take, start, done, 0.75 + 0.35 * draws[8])
    same = len({way for way, _ in ways}) == 1
    alike = len({kind for _, kind in ways}) == 1
    return Deed(
        action="dodge",
        start_s=start,
        end_s=done,
        count=num,
        direction=ways[0][0] if same else "",
        side=ways[0][0] if same and ways[0][0] in ("left", "right") else "",
        style=ways[0][1] if alike else "",
    )


def _way_of(beat: Beat, draw: float, number: int) -> tuple[str, str]:
    """Direction and kind of one dodge."""
    way = beat.direction
    if beat.side is not None:
        way = ("left", "right")[beat.side]
    if not way and beat.style:
        way = {"duck": "down", "sway": "backward", "step_back": "backward"}.get(beat.style, "")
    free = draw * 4.0 % 1.0
    if not way:
        way = _WAYS[int(draw * 4)] if not beat.style else _WAYS[(number + int(draw * 2)) % 2]
    if way == "down":
        return way, "duck"
    kinds = ("sway", "step_back") if way == "backward" else ("slip", "step")
    return way, beat.style if beat.style in kinds else kinds[int(free * 2)]


def _evade(take: Take, ground: Ground, kind: tuple[str, str], out: Floats, there: Floats) -> None:
    """One dodge: its way and its kind; how far out of the way, how far the foot has stepped."""
    posture, tall = take.posture, take.body.stature
    size = out * between(take.manner.amplitude, 0.8, 1.2)
    way = kind[0]
    sign = -1.0 if way == "right" else 1.0
    one = _DODGES[kind[1]]
    posture.hips += (sign * one.aside * tall * size)[:, None] * ground.basis[:, 0]
    posture.hips += (one.ahead * tall * size)[:, None] * ground.basis[:, 2]
    posture.hips[:, 1] -= one.drop * tall * size
    posture.turn = posture.turn @ axis_rotation("X", one.pitch * size)
    posture.trunk += size[:, None] * np.array([one.bend, sign * -one.twist, sign * one.lean])
    posture.head += size[:, None] * np.array(
        [one.nod - 0.5 * one.bend, sign * one.twist, sign * one.tilt]
    )
    if one.step:
        side = {"left": 0, "right": 1}.get(way, take.manner.handed)
        axis, reach = (2, -one.step) if way == "backward" else (0, sign * one.step)
        posture.ankles[:, side] += (reach * tall * there)[:, None] * ground.basis[:, axis]
        posture.ankles[:, side, 1] += 0.05 * tall * arc(there)


def _guard(take: Take, start: float, end: float, height: float) -> None:
    """Hands before the face while it lasts, elbows in."""
    on = pulse(take.t, start, end, 0.28)
    for side in (0, 1):
        place = sided(_GUARD, side) * take.body.stature
        place[1] += 0.05 * (height - 0.75) * take.body.stature
        aim_hand(take.posture, side, place, on)


SPECS: Final = (
    ActionSpec(
        name="dodge",
        kind="whole",
        seconds=(1.5, 4.0),
        play=_dodge,
        sided=True,
        counts=(1, 4),
        directions=_WAYS,
        styles=tuple(_DODGES),
    ),
)
