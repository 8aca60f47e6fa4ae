"""Signs made with the hands: waving, pointing, clapping, saluting, folded arms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.repeats import bumps
from tasks.synthesize.engine.strokes import Act, begin_act
from tasks.synthesize.engine.take import ActionSpec, Beat, Deed, Take
from tasks.synthesize.engine.timing import keyed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["SPECS"]

_WAVES: Final = ("raised", "overhead", "small", "both_hands", "royal")
_WAVE_S: Final = {
    "raised": 0.62,
    "overhead": 0.85,
    "small": 0.45,
    "both_hands": 0.80,
    "royal": 1.15,
}
"""Length of one swing to and fro; by eye."""
_CLAPS: Final = ("in_front", "overhead", "slow")
_SALUTES: Final = ("brow", "stiff", "casual")
_FOLDS: Final = ("high", "low")
_POINTS: Final = ("hold", "jab")
_AIMS: Final = ("forward", "up", "down", "left", "right", "backward")


def _wave(take: Take, beat: Beat) -> Deed:
    act = begin_act(take, beat, styles=_WAVES, two_handed=("both_hands",))
    ramp = 0.5 if act.style != "small" else 0.42
    borders = act.times(ramp, period=_WAVE_S[act.style], fewest=2, least_period=0.3)
    count = len(borders) - 1
    swing = bumps(act.t, borders, min(act.size, 1.25) * act.heights(count))
    lift = act.weight(ramp)
    both = act.style == "both_hands"
    for side in (0, 1) if both else (act.side,):
        act.arm(side, _wave_angles(act, swing, lift), lift)
    lean = 0.07 if act.style == "overhead" else 0.03
    late = act.weight(ramp + 0.15, late=0.08)
    if not both:
        act.trunk(late, lean=-lean * act.size + 0.03 * swing)
        act.shift(late, aside=-0.018 * act.size)
        act.head(late, tilt=0.10, turn=0.1)
        act.posture.arms[:, act.other, 1] += late * (0.06 + 0.05 * swing)
    act.head(late, nod=-0.05 - 0.03 * swing)
    return act.done(side="both" if both else act.hand(), count=count)


def _wave_angles(act: Act, swing: Floats, lift: Floats) -> Floats:
    """Flexion, abduction, inward turn and elbow: the forearm goes out with every swing."""
    v = act.vary(0, 0.05)
    flexion, abduction, inward, elbow = {
        "raised": (0.30, 1.35 * v, -1.40, 2.10),
        "overhead": (0.25, 2.35 * v, -1.10, 1.00),
        "small": (0.45, 0.30 * v, -0.75, 2.25),
        "both_hands": (0.20, 2.20 * v, -1.15, 1.05),
        "royal": (0.25, 0.95 * v, -1.35, 1.95),
    }[act.style]
    curl = 2.6 - elbow
    shoulder, forearm = {
        "raised": (0.05, -0.78),
        "overhead": (-0.30, -0.75),
        "small": (0.04, -0.50),
        "both_hands": (-0.28, -0.75),
        "royal": (0.02, -0.42),
    }[act.style]
    return np.stack(
        [
            np.full_like(swing, flexion),
            abduction + shoulder * swing,
            inward - 0.05 * swing,
            # the hand goes up along the body, not out like a wing
            elbow + forearm * swing + curl * (1.0 - lift),
        ],
        axis=-1,
    )


def _point(take: Take, beat: Beat) -> Deed:
    act = begin_act(take, beat, styles=_POINTS)
    direction = beat.direction if beat.direction in _AIMS else "forward"
    facing = take.posture.turn[min(int(beat.start_s * take.fps), len(take.t) - 1), :, 2]
    yaw = {"left": 1.45, "right": -1.45, "backward": 2.5 * act.away}.get(direction, 0.0)
    if beat.bearing is not None:
        yaw = float(np.angle(np.exp(1j * (beat.bearing - np.arctan2(facing[0], facing[2])))))
        direction = _side_of(yaw)
    # what lies on one side is pointed at with the hand of that side, unless a hand is asked for
    if beat.side is None and abs(yaw) > 0.5:
        act = act.led_by(0 if yaw > 0 else 1)
        yaw = abs(yaw) * act.away if direction == "backward" else yaw
    pitch = {"up": 1.15, "down": -0.75}.get(direction, 0.02) + 0.06 * float(act.dice[50])
    yaw += 0.08 * float(act.dice[51])
    _aim(act, yaw, pitch)
    return act.done(side=act.hand(), direction=direction)


def _aim(act: Act, yaw: float, pitch: float) -> None:
    lift, late = act.weight(0.55), act.weight(0.7, late=0.06)
    early = act.weight(0.45)
    twist = float(np.clip(0.30 * yaw, -0.55, 0.55))
    pelvis = float(np.clip(0.18 * yaw, -0.35, 0.35))
    rest = yaw - twist - pelvis
    ahead = np.array([np.sin(rest) * np.cos(pitch), np.sin(pitch), np.cos(rest) * np.cos(pitch)])
    stretch = np.full_like(act.t, 0.545)
    if act.style == "jab":
        borders = act.times(0.55, period=0.75, most=4, least_period=0.45)
        stretch += 0.06 * act.size * (bumps(act.t, borders, act.heights(len(borders) - 1)) - 1.0)
    shoulder = act.place(-0.195, 0.0, 0.0)
    act.reach(act.side, shoulder + (act.scale * stretch)[:, None] * ahead, lift, out=0.25)
    act.trunk(early, twist=act.away * twist, lean=-0.03, bend=0.04 if pitch < 0.5 else -0.10)
    act.swivel(early, pelvis)
    act.head(early, turn=0.6 * act.away * rest, nod=-0.45 * pitch)
    act.shift(late, aside=-0.012, ahead=0.015 * np.cos(yaw))
    act.posture.arms[:, act.other, 0] -= 0.10 * late


def _side_of(yaw: float) -> str:
    if abs(yaw) < 0.6:
        return "forward"
    if abs(yaw) > 2.2:
        return "backward"
    return "left" if yaw > 0 else "right"


def _clap(take: Take, beat: Beat) -> Deed:
    act = begin_act(take, beat, styles=_CLAPS)
    period = {"in_front": 0.42, "overhead": 0.55, "slow": 1.05}[act.style]
    borders = act.times(0.5, period=period, fewest=3, least_period=0.22)
    count = len(borders) - 1
    sharp = 2.0 if act.style == "slow" else 1.3
    shut = bumps(act.t, borders, np.ones(count), sharp=sharp)
    width = act.size * {"in_front": 0.13, "overhead": 0.20, "slow": 0.24}[act.style]
    wide = width * (1.0 + 0.5 * (bumps(act.t, borders, act.heights(count)) - shut))
    gap = 0.042 + wide * (1.0 - shut)
    high, ahead = (0.40, 0.12) if act.style == "overhead" else (-0.13, 0.31)
    high += 0.02 * float(act.dice[50])
    tilt = 0.02 * act.vary(1, 1.0)
    lift = act.weight(0.5)
    for side, sign in ((0, 1.0), (1, -1.0)):
        wrist = np.stack(
            [sign * gap, high + 0.02 * shut + sign * tilt, ahead - 0.02 * (1.0 - shut)], axis=-1
        )
        act.reach(side, act.scale * wrist, lift, out=0.30 if high < 0 else 0.6)
    late = act.weight(0.7, late=0.05)
    act.trunk(late, bend=0.05 + 0.03 * act.size * shut - (0.10 if high > 0 else 0.0))
    act.head(late, nod=0.10 * shut)
    act.shift(late, down=0.012 * act.energy * shut)
    return act.done(count=count)


def _salute(take: Take, beat: Beat) -> Deed:
    act = begin_act(take, beat, styles=_SALUTES)
    ramp = {"brow": 0.6, "stiff": 0.46, "casual": 0.5}[act.style]
    lift = act.weight(ramp)
    brow = act.place(-0.135, 0.235, 0.125)
    if act.style == "casual":
        off = keyed(
            act.t, (act.end - 2.0 * act.ramp(ramp), act.end - 1.1 * act.ramp(ramp)), (0.0, 1.0)
        )
        brow = brow + off[:, None] * act.place(-0.16, 0.10, 0.16)
    act.reach(act.side, brow, lift, out=0.40 if act.style != "casual" else 0.2)
    late = act.weight(ramp + 0.1, late=0.05)
    proud = {"brow": 0.04, "stiff": 0.10, "casual": 0.0}[act.style]
    act.trunk(late, bend=-proud, lean=0.03 if act.style == "casual" else 0.0)
    act.head(late, nod=0.10 if act.style == "casual" else -proud, tilt=0.06)
    act.shift(late, ahead=0.5 * proud * 0.2)
    if act.style == "stiff":
        act.arm(act.other, np.array([-0.05, 0.06, 0.10, 0.12]), late)
    return act.done(side=act.hand())


def _cross_arms(take: Take, beat: Beat) -> Deed:
    act = begin_act(take, beat, styles=_FOLDS)
    high = (-0.205 if act.style == "high" else -0.27) + 0.015 * float(act.dice[50])
    lift, late = act.weight(0.8), act.weight(0.85, late=0.16)
    # the leading hand goes over the other forearm and comes away first
    act.reach(act.other, act.place(0.02, high - 0.05, 0.17, side=act.other), lift, out=0.60)
    act.reach(act.side, act.place(0.02, high, 0.235), late, out=0.60)
    act.trunk(late, bend=-0.04 if act.style == "high" else 0.05, lean=0.05)
    act.head(late, tilt=0.06, nod=-0.05 if act.style == "high" else 0.1)
    act.shift(act.weight(1.1, late=0.2), aside=0.03 * act.vary(1, 0.3))
    return act.done()


SPECS: Final = (
    ActionSpec(
        name="wave",
        kind="upper",
        seconds=(1.8, 4.0),
        play=_wave,
        over=("stand", "walk", "sit", "crouch", "kneel"),
        sided=True,
        counts=(1, 8),
        styles=_WAVES,
    ),
    ActionSpec(
        name="point",
        kind="upper",
        seconds=(1.5, 3.5),
        play=_point,
        over=("stand", "walk", "sit", "crouch", "kneel"),
        sided=True,
        directions=_AIMS,
        styles=_POINTS,
    ),
    ActionSpec(
        name="clap",
        kind="upper",
        seconds=(1.8, 4.5),
        play=_clap,
        over=("stand", "walk", "sit", "kneel"),
        counts=(1, 10),
        styles=_CLAPS,
    ),
    ActionSpec(
        name="salute",
        kind="upper",
        seconds=(1.6, 3.5),
        play=_salute,
        over=("stand", "walk", "sit", "kneel"),
        sided=True,
        styles=_SALUTES,
    ),
    ActionSpec(
        name="cross_arms",
        kind="upper",
        seconds=(2.4, 6.0),
        play=_cross_arms,
        over=("stand", "walk", "sit"),
        styles=_FOLDS,
    ),
)
