"""Jumps: up, along, tucked, starred, and jumping jacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.carry import ground_at
from tasks.synthesize.engine.cycles import between, through
from tasks.synthesize.engine.hops import Hop, Rhythm, free_flights, hop, plan_hops
from tasks.synthesize.engine.take import ActionSpec, Beat, Deed, Take
from tasks.synthesize.engine.timing import pulse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["SPECS"]

_STYLES: Final = ("up", "long", "tuck", "star", "jacks")
_HEIGHT_M: Final = (0.20, 0.42)
"""Rise of the body centre; CMU trials 13_11, 13_13, 13_32, 13_39 to 13_42 and 02_04 take off at
2.2 to 3.1 m/s, which is 0.25 to 0.49 m."""
_LONG_M: Final = (0.7, 1.4)
"""CMU trials 13_11, 13_13 and 13_32 travel 1.2 m."""
_LEAST_M: Final = {"star": 0.26, "tuck": 0.28, "long": 0.26}
_BUSY_S: Final = 1.7
"""Time that one jump takes with crouch and landing."""
_WAIT_S: Final = 1.1
"""Longest time of collecting oneself before it, and of standing after it; the trials above stand
for 0.4 to 1.6 s at either end."""
_FASTEST_MPS: Final = 3.0
"""Speed over the floor of a standing long jump at take-off (Wakai and Linthorne, Optimum takeoff
angle in the standing long jump, Human Movement Science 24, 2005: 2.7 to 3.1 m/s)."""
_AWAY: Final = {
    "forward": (0.0, 1.0),
    "backward": (0.0, -0.45),
    "left": (0.6, 0.0),
    "right": (-0.6, 0.0),
}


def _jump(take: Take, beat: Beat) -> Deed:
    draws = take.rng.uniform(size=10)
    style, direction = _variant(beat, draws[0])
    first, end = max(beat.start_s, 0.0), min(beat.end_s, float(take.t[-1]))
    # who is asked for many jumps has no time to collect himself
    spare = 0.0 if beat.count > 2 else max(0.0, end - first - _BUSY_S)
    start, until = first + min(0.45 * spare, _WAIT_S) * draws[5], end
    if style != "jacks":
        until = end - min(0.45 * spare, _WAIT_S) * draws[6]
    rhythm = _rhythm(take, beat, style, direction, draws)
    count = beat.count
    if not count and style in ("long", "tuck", "star"):
        count = 1 if draws[1] < 0.7 else 0
    if not count and style == "up":
        count = 1 if draws[1] < 0.55 else 0
    num = 2 * count if style == "jacks" else count
    hops, done = plan_hops(take, rhythm, start_s=start, end_s=until, count=num)
    if style == "jacks" and len(hops) % 2:
        hops, done = plan_hops(
            take, rhythm, start_s=start, end_s=until, count=max(2, len(hops) - 1)
        )
    ground = ground_at(take.posture, start)
    hop(take, ground, hops, start_s=start, end_s=done)
    if style == "jacks":
        _clap_arms(take, hops, start)
    else:
        high = 1.25 + 0.45 * draws[4] if style == "star" else 0.35 + 1.35 * draws[4]
        _swing_arms(take, hops, (start, done), style=style, high=high, bend=draws[8:])
    free_flights(take, hops)
    rest = min(end - done, _WAIT_S * (0.3 + draws[7])) if spare > 0.0 else 0.0
    return Deed(
        action="jump",
        start_s=first,
        end_s=done + rest,
        count=len(hops) // 2 if style == "jacks" else len(hops),
        direction=direction,
        style=style,
    )


def _variant(beat: Beat, draw: float) -> tuple[str, str]:
    """Style and direction that go together."""
    style, direction = beat.style, beat.direction
    if not style:
        along = direction in _AWAY
        free = ("long",) if along else ("up", "up", "up", "long", "long", "tuck", "star", "jacks")
        style = "up" if direction == "up" else free[int(draw * len(free))]
    if style == "long":
        return style, direction if direction in _AWAY else "forward"
    return style, "up"


def _rhythm(
    take: Take, beat: Beat, style: str, direction: str, draws: NDArray[np.float64]
) -> Rhythm:
    """Sizes of one variant, as the body and its manner have them."""
    manner, leg = take.manner, take.body.leg
    vigour = 0.75 + 0.5 * manner.energy
    height = _HEIGHT_M[0] + draws[2] * (_HEIGHT_M[1] - _HEIGHT_M[0])
    height = beat.amount or between(height * manner.amplitude * vigour, 0.12, 0.55)
    height *= min(1.0, leg / 0.83)
    tempo = between(manner.tempo, 0.8, 1.25)
    if style == "jacks":
        return Rhythm(
            height_m=0.07 + 0.05 * draws[2],
            dip_m=0.055 * leg,
            tempo=1.1 * tempo,
            low_s=0.25,
            push_s=0.16,
            give_s=0.10,
            settle_s=0.45,
            stances_m=((0.24 + 0.06 * draws[3]) * leg, 0.0),
        )
    # limbs need time in the air to go out or up and come back
    height = max(height, _LEAST_M.get(style, 0.0))
    rise = 0.75 * height if style == "long" else height
    away = _AWAY.get(direction, (0.0, 0.0))
    size = _LONG_M[0] + draws[3] * (_LONG_M[1] - _LONG_M[0])
    size *= between(manner.amplitude, 0.7, 1.15) * leg / 0.83
    size = min(size, _FASTEST_MPS * 2.0 * float(np.sqrt(2.0 * rise / take.setting.gravity_mps2)))
    return Rhythm(
        height_m=rise,
        dip_m=leg * (0.22 + 0.35 * height),
        tempo=tempo,
        low_s=0.45 + 0.40 * draws[9],
        settle_s=0.70 + 0.35 * draws[7],
        travel=(away[0] * size, away[1] * size),
        tuck_m={"tuck": 0.36, "long": 0.10}.get(style, 0.02) * leg,
        spread_m=0.42 * leg if style == "star" else 0.0,
    )


def _swing_arms(
    take: Take,
    hops: Sequence[Hop],
    span: tuple[float, float],
    *,
    style: str,
    high: float,
    bend: NDArray[np.float64],
) -> None:
    """Back in the crouch, up to the shoulders or over the head at take-off, down for balance."""
    start, end = span
    # whoever does not throw the arms up hardly takes them back either
    size = min(take.manner.amplitude, 1.1) * (0.35 + 0.65 * min(1.0, high))
    times, flexion, out = [start], [0.0], [0.0]
    for number, one in enumerate(hops):
        flight = one.land_s - one.off_s
        # the arms start forward before the hips are lowest, so that they help to push
        back = one.low_s - 0.06 if number == 0 else one.low_s
        times += [max(back, times[-1] + 0.05), one.off_s + 0.06, one.off_s + 0.55 * flight]
        times += [max(one.land_s, times[-1] + 0.05), max(one.deep_s, times[-1] + 0.10)]
        top = high if number == 0 else 0.8 * high
        flexion += [
            -0.65 * size if number == 0 else 0.10,
            top,
            top - 0.15,
            0.65 * size,
            0.35 * size,
        ]
        out += [0.12, 0.10, 0.20, 0.40, 0.30]
        if style == "star":
            flexion[-4:] = [0.55, 0.25, 0.30, 0.30]
            out[-4:] = [0.95, 1.90, 1.35, 0.55]
    times.append(end)
    flexion.append(0.0)
    out.append(0.0)
    swing, wide = through(take.t, times, flexion), through(take.t, times, out)
    on = pulse(take.t, start, end, 0.3)
    arms = take.posture.arms
    arms[:, :, 0] += swing[:, None]
    arms[:, :, 1] += wide[:, None]
    arms[:, :, 2] *= 1.0 - 0.7 * on[:, None]
    folded = (0.15 + 0.55 * bend[0]) * np.abs(swing) + (0.1 + 0.9 * bend[1]) * on
    arms[:, :, 3] += (0.15 * np.abs(swing) if style == "star" else folded)[:, None]


def _clap_arms(take: Take, hops: Sequence[Hop], start: float) -> None:
    """Over the head when the feet land apart, at the sides when they land together."""
    times, out = [start], [0.0]
    for one in hops:
        times += [max(one.off_s - 0.05, times[-1] + 0.01), one.land_s + 0.04]
        out += [out[-1], 2.60 if one.stance_m else 0.0]
    wide = through(take.t, times, out)
    arms = take.posture.arms
    arms[:, :, 1] += wide[:, None]
    arms[:, :, 3] += 0.25 * (wide / 2.6)[:, None]


SPECS: Final = (
    ActionSpec(
        name="jump",
        kind="whole",
        seconds=(2.0, 5.0),
        play=_jump,
        counts=(1, 6),
        directions=("up", "forward", "backward", "left", "right"),
        styles=_STYLES,
    ),
)
