"""Celebrating: pumping fists, a V of both arms, jumping for joy, turning with arms up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.motion.rotations import axis_rotation
from tasks.synthesize.engine.arms import aim_arm
from tasks.synthesize.engine.carry import ground_at
from tasks.synthesize.engine.cycles import arc, between
from tasks.synthesize.engine.hops import Rhythm, free_flights, hop, plan_hops
from tasks.synthesize.engine.take import ActionSpec, Beat, Deed, Take
from tasks.synthesize.engine.timing import ease, pulse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["SPECS"]

_STYLES: Final = ("both_fists", "one_fist", "victory", "jump_for_joy", "spin")
_COUNTED: Final = ("both_fists", "one_fist", "jump_for_joy")
_ROUND_S: Final = 1.1
"""Quickest turn on the spot."""
_PUMP_HZ: Final = 1.7
_UP: Final = (2.85, 0.22, 0.0, 0.15)
"""Arm straight overhead: flexion, abduction, inward turn, bend."""
_COCKED: Final = (1.95, 0.35, 0.0, 1.55)
_HIP: Final = (-0.35, 0.25, 0.25, 1.75)


def _celebrate(take: Take, beat: Beat) -> Deed:
    draws = take.rng.uniform(size=4)
    names: tuple[str, ...] = _STYLES if beat.side is None else ("one_fist",)
    if beat.count:
        names = tuple(name for name in names if name in _COUNTED)
    style = beat.style or names[int(draws[0] * len(names))]
    start, end = max(beat.start_s, 0.0), min(beat.end_s, float(take.t[-1]))
    side = take.manner.handed if beat.side is None else beat.side
    count, done = 0, beat.end_s
    if style in ("both_fists", "one_fist"):
        count = _pump(take, beat, draws, sides=(0, 1) if style == "both_fists" else (side,))
        start = beat.start_s
    elif style == "jump_for_joy":
        count, done = _joy(take, beat, start, end, draws)
    elif style == "spin":
        count = _spin(take, beat, start, end, draws)
        done = end
    else:
        _victory(take, beat, draws)
        start = beat.start_s
    return Deed(
        action="celebrate",
        start_s=start,
        end_s=done,
        side={"one_fist": ("left", "right")[side], "both_fists": "both"}.get(style, ""),
        count=count,
        style=style,
    )


def _pump(take: Take, beat: Beat, draws: Floats, *, sides: tuple[int, ...]) -> int:
    """Fists punch up again and again; knees and trunk give the beat."""
    t, posture, size = take.t, take.posture, take.manner.amplitude
    ramp = min(0.45, 0.3 * (beat.end_s - beat.start_s))
    length = beat.end_s - beat.start_s - ramp
    rate = _PUMP_HZ * take.manner.tempo * (0.8 + 0.35 * draws[1])
    num = min(beat.count or 99, max(1, int((1.5 if beat.count else 1.0) * rate * length)))
    turns = np.clip((t - beat.start_s - 0.6 * ramp) / length * num, 0.0, num)
    u = turns - np.floor(turns)
    # quick up, slower down
    up = ease(u / 0.42) * (1.0 - ease((u - 0.5) / 0.5))
    on = pulse(t, beat.start_s, beat.end_s, ramp)
    low, high = (_COCKED, _UP) if len(sides) == 2 or draws[2] < 0.6 else (_HIP, _COCKED)
    if len(sides) == 1 and draws[2] >= 0.6:
        # the low pump: the bent arm is drawn down to the hip, sharply
        up = 1.0 - up
    angles = np.array(low) + up[:, None] * (np.array(high) - np.array(low))
    for side in sides:
        aim_arm(posture, side, angles, on)
    give = on * (1.0 - up)
    posture.hips[:, 1] -= 0.030 * take.body.stature * size * give
    posture.trunk[:, 0] += (0.16 * give - 0.10 * on) * size
    posture.head[:, 0] -= 0.22 * on * up
    if len(sides) == 1:
        sign = 1.0 - 2.0 * sides[0]
        posture.trunk[:, 1] -= sign * 0.16 * on * up
        posture.trunk[:, 2] -= 0.10 * sign * on * up
        aim_arm(posture, 1 - sides[0], np.array([0.0, 0.25, 0.3, 0.7]), 0.8 * on)
    return num


def _victory(take: Take, beat: Beat, draws: Floats) -> None:
    """Arms in a V, swaying from foot to foot, face to the sky."""
    t, posture, tall = take.t, take.posture, take.body.stature
    on = pulse(t, beat.start_s, beat.end_s, 0.5)
    ground = ground_at(posture, max(beat.start_s, 0.0))
    sway = np.sin(2 * np.pi * 0.75 * take.manner.tempo * (t - beat.start_s) + 6.28 * draws[1])
    shake = 0.10 * np.sin(2 * np.pi * 2.6 * take.manner.tempo * t + 6.28 * draws[2])
    for side, sign in ((0, 1.0), (1, -1.0)):
        angles = np.stack(
            [
                0.20 + 0.4 * shake,
                2.35 + 0.12 * sign * sway + shake,
                0.0 * t,
                0.18 + 0.5 * np.abs(shake),
            ],
            axis=-1,
        )
        aim_arm(posture, side, angles, on)
    posture.hips += (0.028 * tall * on * sway)[:, None] * ground.basis[:, 0]
    posture.hips[:, 1] -= 0.012 * tall * on * (1.0 + np.cos(4 * np.pi * 0.75 * t)) * 0.5
    posture.trunk[:, 2] -= 0.09 * on * sway
    posture.trunk[:, 0] -= 0.14 * on
    posture.head[:, 0] -= 0.28 * on


def _joy(take: Take, beat: Beat, start: float, end: float, draws: Floats) -> tuple[int, float]:
    """Small quick hops with both fists in the air."""
    t, leg = take.t, take.body.leg
    rhythm = Rhythm(
        height_m=(0.09 + 0.12 * draws[1]) * take.manner.amplitude,
        dip_m=0.13 * leg,
        tempo=between(take.manner.tempo, 0.85, 1.2),
        low_s=0.34,
        push_s=0.20,
        give_s=0.14,
        settle_s=0.55,
        tuck_m=(0.02 + 0.14 * draws[2]) * leg,
    )
    hops, done = plan_hops(take, rhythm, start_s=start, end_s=end, count=beat.count)
    ground = ground_at(take.posture, start)
    bend = hop(take, ground, hops, start_s=start, end_s=done)
    on = pulse(t, start, done, 0.45)
    drop = np.clip(1.3 * bend, 0.0, 1.0)[:, None]
    angles = np.array(_UP) + drop * (np.array([2.2, 0.5, 0.0, 1.1]) - np.array(_UP))
    for side in (0, 1):
        aim_arm(take.posture, side, angles, on)
    take.posture.head[:, 0] -= 0.2 * on
    free_flights(take, hops)
    return len(hops), done


def _spin(take: Take, beat: Beat, start: float, end: float, draws: Floats) -> int:
    """Once or more around on the spot in small steps, arms up."""
    t, posture, tall = take.t, take.posture, take.body.stature
    num = min(beat.count or (2 if end - start > 4.5 else 1), max(1, int((end - start) / _ROUND_S)))
    sign = 1.0 if draws[1] < 0.5 else -1.0
    low, high = start + 0.25, end - 0.35
    ground = ground_at(posture, start)
    steps = 2 * int(between(round((high - low) * 2.0 * take.manner.tempo / 2), 2 * num, 5 * num))
    beats = np.clip((t - low) / (high - low), 0.0, 1.0) * steps
    full = 2 * np.pi * num * sign
    yaw = full * (0.75 * beats / steps + 0.25 * ease(beats / steps))
    yaw = np.where(t <= low, 0.0, yaw)
    on = pulse(t, start, end, 0.45)
    _step_round(take, beats, steps, full)
    turn = ground.basis @ axis_rotation("Y", yaw) @ ground.basis.T
    pivot = ground.origin
    posture.hips = (turn @ (posture.hips - pivot)[..., None])[..., 0] + pivot
    posture.turn = turn @ posture.turn
    posture.hips[:, 1] -= 0.012 * tall * on * (1.0 - np.cos(2 * np.pi * beats)) * 0.5
    bounce = np.sin(2 * np.pi * beats)
    for side in (0, 1):
        angles = np.array(_UP) + np.stack(
            [-0.35 + 0.1 * bounce, 0.25 + 0.08 * bounce, 0 * t, 0.15 + 0.1 * bounce], axis=-1
        )
        aim_arm(posture, side, angles, on)
    posture.head[:, 0] -= 0.25 * on
    posture.trunk[:, 0] -= 0.08 * on
    return num


def _step_round(take: Take, beats: Floats, steps: int, full: float) -> None:
    """Feet step in turn around their middle; each step turns one foot by two shares."""
    posture, tall = take.posture, take.body.stature
    pivot = posture.ankles.mean(axis=1)
    first = 0 if full > 0.0 else 1
    for side in (0, 1):
        own = beats if side == first else beats - 1.0
        number = np.floor(own / 2.0)
        u = np.clip(own - 2.0 * number, 0.0, 1.0)
        at = np.where(own < 0.0, 0.0, (2.0 * number + 2.0 * ease(u)) / steps)
        swing = np.where((own >= 0.0) & (beats < steps), arc(u), 0.0)
        yaw = full * np.minimum(at, 1.0)
        turn = axis_rotation("Y", yaw)
        posture.ankles[:, side] = (turn @ (posture.ankles[:, side] - pivot)[..., None])[
            ..., 0
        ] + pivot
        posture.ankles[:, side, 1] += 0.045 * tall * swing
        posture.feet[:, side] = turn @ posture.feet[:, side]
        posture.knees[:, side] = (turn @ posture.knees[:, side, :, None])[..., 0]


SPECS: Final = (
    ActionSpec(
        name="celebrate",
        kind="whole",
        seconds=(1.8, 5.0),
        play=_celebrate,
        sided=True,
        counts=(1, 8),
        styles=_STYLES,
    ),
)
