"""Flying: like a hero with fists ahead, like a bird with arms for wings, or hovering upright."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.motion.rotations import axis_rotation
from tasks.synthesize.engine.carry import Figure, Window, ground_at, lay_over, move_rest, window
from tasks.synthesize.engine.cycles import advance
from tasks.synthesize.engine.hops import tip_feet
from tasks.synthesize.engine.take import ActionSpec, Beat, Deed, Take
from tasks.synthesize.engine.timing import wobble

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["SPECS"]

_STYLES: Final = ("hero_one", "hero_both", "wings", "hover")
_PITCH: Final = {"hero_one": 1.35, "hero_both": 1.42, "wings": 1.20, "hover": 0.42}
_SPEED_MPS: Final = {"hero_one": 3.2, "hero_both": 3.4, "wings": 2.0, "hover": 0.25}
_FLAP_HZ: Final = 1.15
"""People who flap their arms full swing; by eye."""
_FLAP_RAD: Final = 0.80
"""Half swing of a wing."""
_RAMP_S: Final = 1.25
_HURRY: Final = 2.0
"""More flaps than this share of the usual are not tried, whatever is asked for."""
_CROUCH_M: Final = 0.13
"""Share of stature by which the hips sink before the start."""


def _fly(take: Take, beat: Beat) -> Deed:
    draws = take.rng.uniform(size=6)
    slow = wobble(take.t, take.rng, (4,))
    style = beat.style or _STYLES[int(draws[0] * len(_STYLES))]
    if beat.count and not beat.style:
        style = "wings"
    ramp = _RAMP_S / take.manner.tempo
    span = window(take, beat, enter_s=ramp, leave_s=1.15 * ramp)
    ground = ground_at(take.posture, max(beat.start_s, 0.0))
    speed = beat.amount or _SPEED_MPS[style] * (0.75 + 0.5 * float(draws[1])) * take.manner.tempo
    gone = _gone(take, span, speed)
    flaps, count = _flaps(take, beat, span, draws)
    height = take.body.stature * (
        (0.38 if style == "hover" else 0.25) + 0.40 * draws[2] * take.manner.amplitude
    )
    side = take.manner.handed if beat.side is None else beat.side
    figure = _figure(take, style, side, gone, height, flaps, slow)
    _crouch(take, span)
    move_rest(take.posture, gone[:, None] * ground.basis[:, 2])
    weight = span.part(take.t, 0.30, 1.0)
    legs = span.part(take.t, 0.34, 0.95)
    arms = span.part(take.t, 0.15, 0.85)
    lay_over(
        take.posture,
        ground,
        figure,
        weight,
        legs=np.stack([legs, legs], axis=-1),
        hands=np.stack([arms, arms], axis=-1),
    )
    return Deed(
        action="fly",
        start_s=beat.start_s,
        end_s=beat.end_s,
        side=("left", "right")[side] if style == "hero_one" else "",
        count=count if style == "wings" else 0,
        direction="" if style == "hover" else "forward",
        style=style,
        speed_mps=speed if style != "hover" else 0.0,
    )


def _gone(take: Take, span: Window, speed: float) -> Floats:
    start, end = span.start_s + 0.4 * span.enter_s, span.end_s - 0.4 * span.leave_s
    ramp = min(1.0, (end - start) / 2)
    gone = speed * (end - start - ramp) * advance(take.t, start, end, ramp_s=ramp)
    return gone - (gone[0] if span.start_s < 0.0 else 0.0)


def _flaps(take: Take, beat: Beat, span: Window, draws: Floats) -> tuple[Floats, int]:
    """Turns of the wings over time, and how many are to be seen (0: not told)."""
    start, end = span.start_s + 0.5 * span.enter_s, span.end_s - 0.5 * span.leave_s
    rate = _FLAP_HZ * take.manner.tempo * (0.8 + 0.4 * draws[3])
    whole = beat.start_s >= 0.0 and beat.end_s <= float(take.t[-1])
    if not whole:
        return rate * (take.t - start) + draws[4], 0
    num = min(beat.count or round(rate * (end - start)), int(_HURRY * rate * (end - start)))
    num = max(1, num)
    return num * np.clip((take.t - start) / (end - start), 0.0, 1.0), num


def _crouch(take: Take, span: Window) -> None:
    """Sink before the start and after the landing."""
    posture, t = take.posture, take.t
    down = span.part(t, 0.0, 0.32) * (1.0 - span.part(t, 0.32, 0.70))
    posture.hips[:, 1] -= _CROUCH_M * take.body.stature * down
    posture.turn = posture.turn @ axis_rotation("X", 0.35 * down)
    posture.trunk[:, 0] += 0.25 * down
    posture.arms[:, :, 0] -= 0.7 * down[:, None]
    tip_feet(posture, take.body, 0.7 * span.part(t, 0.30, 0.42))


def _figure(
    take: Take, style: str, side: int, gone: Floats, height: float, flaps: Floats, slow: Floats
) -> Figure:
    """All tracks in the air."""
    body, tall, t = take.body, take.body.stature, take.t
    num, zero = len(t), np.zeros(len(t))
    bank = (0.05 if style == "hover" else 0.16) * slow[:, 0]
    beat_wave = np.sin(2 * np.pi * flaps)
    bob = 0.03 * np.sin(2 * np.pi * 0.45 * t) + 0.02 * slow[:, 1]
    lift = 0.035 * np.cos(2 * np.pi * flaps + np.pi) if style == "wings" else zero
    hips = np.zeros((num, 3))
    hips[:, 0] = 0.10 * tall * bank
    hips[:, 1] = body.hip_height - body.ankle_height + height + tall * (bob + lift)
    hips[:, 2] = gone
    pitch = _PITCH[style] + 0.05 * slow[:, 2] - (0.06 * beat_wave if style == "wings" else 0.0)
    turn = axis_rotation("Y", -0.4 * bank) @ axis_rotation("X", pitch)
    turn = turn @ axis_rotation("Y", 0.9 * bank)
    ankles, knees = _legs(take, style, side, hips, turn)
    point = turn @ axis_rotation("X", np.full(num, 1.0))
    bend = -0.18 if style != "hover" else 0.0
    return Figure(
        hips=hips,
        turn=turn,
        trunk=np.stack([zero + bend, 0.3 * bank, zero], axis=-1),
        head=np.stack([zero - 0.45 * _PITCH[style], -0.4 * bank, 0.2 * bank], axis=-1),
        ankles=ankles,
        feet=np.stack([point, point], axis=1),
        knees=knees,
        arms=None if style == "wings" else _arms(take, style, side, slow),
        reach=_wings(take, flaps) if style == "wings" else None,
    )


def _legs(take: Take, style: str, side: int, hips: Floats, turn: Floats) -> tuple[Floats, Floats]:
    """Ankles and knee directions, (T, 2, 3): trailing behind, one knee bent in some styles."""
    body, zero = take.body, np.zeros(len(take.t))
    sway = 0.02 * np.sin(2 * np.pi * 0.7 * take.t)
    back = -0.05 if style != "hover" else -0.30
    feet, fronts = [], []
    for one, sign in ((0, 1.0), (1, -1.0)):
        bent = one == side and style in ("hero_one", "hover")
        up, front = (-0.80, 0.16) if bent else (-0.985, 0.0)
        # who hovers lets the legs trail, knees a little bent
        up *= 0.92 if style == "hover" else 1.0
        ahead = (front + back + sign * sway) * body.leg
        out = zero + sign * 0.055 * body.stature
        place = np.stack([out, zero + up * body.leg, ahead], axis=-1)
        feet.append(hips + (turn @ place[..., None])[..., 0])
        fronts.append(turn @ np.array([sign * 0.15, 0.0, 1.0]))
    return np.stack(feet, axis=1), np.stack(fronts, axis=1)


def _arms(take: Take, style: str, side: int, slow: Floats) -> Floats:
    """Angles of both arms, (T, 2, 4)."""
    num = len(take.t)
    arms = np.zeros((num, 2, 4))
    own = 0.05 * slow[:, 3]
    for one in (0, 1):
        ahead = style == "hero_both" or (style == "hero_one" and one == side)
        if ahead:
            arms[:, one] = (2.95, 0.10, 0.0, 0.12)
        elif style == "hero_one":
            arms[:, one] = (-0.10, 0.22, 0.2, 0.35)
        else:
            arms[:, one] = (0.15, 0.75, 0.1, 0.40)
            arms[:, one, 1] += 2.0 * own + 0.10 * np.sin(2 * np.pi * 0.45 * take.t)
        arms[:, one, 0] += own
    return arms


def _wings(take: Take, flaps: Floats) -> Floats:
    """Wrists of beating arms, (T, 2, 3) in the chest's frame; drawn in on the way up."""
    turn = 2 * np.pi * flaps
    angle = _FLAP_RAD * take.manner.amplitude * np.cos(turn)
    drawn = np.maximum(np.sin(turn + np.pi), 0.0)
    out = 0.312 - 0.075 * drawn
    hands = [
        np.stack(
            [
                sign * (0.115 + out * np.cos(angle)),
                0.03 - 0.06 * np.sin(turn),
                0.02 - out * np.sin(angle),
            ],
            axis=-1,
        )
        for sign in (1.0, -1.0)
    ]
    return np.stack(hands, axis=1) * take.body.stature


SPECS: Final = (
    ActionSpec(
        name="fly",
        kind="whole",
        seconds=(4.0, 8.0),
        play=_fly,
        sided=True,
        counts=(2, 12),
        directions=("forward",),
        styles=_STYLES,
    ),
)
