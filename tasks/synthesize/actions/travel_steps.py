"""Steps of their own kind: marching, skipping, hopping, limping, turning, staggering."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.actions.travel_gaits import at_pace, travelled
from tasks.synthesize.engine.footsteps import GaitStyle
from tasks.synthesize.engine.frames import drift
from tasks.synthesize.engine.gaits import WALK, style_for
from tasks.synthesize.engine.take import LEFT, RIGHT, ActionSpec, Beat, Deed, Leg, Take
from tasks.synthesize.engine.timing import pulse
from tasks.synthesize.engine.travelled import landings

if TYPE_CHECKING:
    from tasks.synthesize.engine.body import Body
    from tasks.synthesize.engine.manner import Manner
    from tasks.synthesize.engine.setting import Setting

__all__ = ["SPECS"]

_SIDES: Final = ("left", "right")
MARCH: Final = replace(
    WALK,
    steps_per_s=1.85,
    lift=0.36,
    settle=1.5,
    toe_off=0.7,
    toe_up=0.05,
    swing=0.72,
    elbow=0.25,
    flexion=0.12,
    twist=0.06,
    lean=0.0,
    stoop=-0.06,
    width=0.16,
    bob=0.012,
    roll=0.02,
    over=0.42,
)
SKIP: Final = replace(
    WALK,
    steps_per_s=1.55,
    duty=0.47,
    over=0.45,
    skip=True,
    lift=0.30,
    bob=0.0,
    toe_up=-0.1,
    swing=0.75,
    elbow=0.7,
    sink=0.03,
    lean=0.10,
    width=0.12,
)
HOP: Final = GaitStyle(
    steps_per_s=4.0,
    duty=0.52,
    over=0.47,
    lift=0.07,
    settle=1.5,
    bob=0.0,
    toe_off=0.55,
    toe_up=-0.18,
    width=0.03,
    lean=0.10,
    swing=0.10,
    elbow=1.1,
    flexion=0.25,
    abduction=0.45,
    twist=0.04,
    roll=0.0,
    sway=0.0,
    sink=0.03,
)
"""Two hops a second, a quarter second in the air: hopping in place is most at ease at 2.2 Hz
(Farley et al., J. Appl. Physiol. 71(6), 1991)."""


def _counted(style: GaitStyle, beat: Beat, manner: Manner, *, per_count: float) -> GaitStyle:
    """The style with a step rate that gives the wished count, within what is natural."""
    scale = style_for(manner, style).steps_per_s / style.steps_per_s
    natural = style.steps_per_s * scale
    if beat.count:
        wished = beat.count * per_count / (beat.end_s - beat.start_s)
        natural = float(np.clip(wished, 0.65 * natural, 1.4 * natural))
    return replace(style, steps_per_s=natural / scale)


def _march(
    beat: Beat, body: Body, manner: Manner, setting: Setting, rng: np.random.Generator
) -> Leg:
    del setting
    chance = rng.uniform(size=3)
    style = _counted(MARCH, beat, manner, per_count=1.0)
    style = replace(style, lift=0.32 + 0.2 * float(chance[1]), swing=0.5 + 0.4 * float(chance[2]))
    on_spot = beat.style == "on the spot" or (not beat.style and chance[0] < 0.25)
    speed = 0.0 if on_spot else beat.amount or at_pace(0.9 + 0.3 * float(chance[1]), body, manner)
    return Leg(start_s=beat.start_s, end_s=beat.end_s, speed_mps=speed, style=style)


def _marched(take: Take, beat: Beat) -> Deed:
    count = sum(landings(take, beat.start_s, beat.end_s))
    deed = travelled(take, beat, direction="forward", count=count)
    if deed.speed_mps < 0.25:
        return replace(deed, direction="", style="on the spot")
    return deed


def _skip(
    beat: Beat, body: Body, manner: Manner, setting: Setting, rng: np.random.Generator
) -> Leg:
    del setting
    chance = rng.uniform(size=3)
    style = _counted(SKIP, beat, manner, per_count=1.0)
    style = replace(style, lift=0.24 + 0.14 * float(chance[1]), swing=0.5 + 0.5 * float(chance[2]))
    speed = beat.amount or at_pace(1.6 + 0.8 * float(chance[0]), body, manner)
    return Leg(start_s=beat.start_s, end_s=beat.end_s, speed_mps=speed, style=style)


def _skipped(take: Take, beat: Beat) -> Deed:
    # two landings of a foot make one skip
    count = sum(landings(take, beat.start_s, beat.end_s)) // 2
    return travelled(take, beat, direction="forward", count=count)


def _hop(beat: Beat, body: Body, manner: Manner, setting: Setting, rng: np.random.Generator) -> Leg:
    del setting
    chance = rng.uniform(size=2)
    side = _hop_side(beat, manner)
    style = replace(_counted(HOP, beat, manner, per_count=2.0), hop=side)
    mps = 0.0 if chance[0] < 0.2 else 0.3 + 0.9 * float(chance[1])
    speed = beat.amount or at_pace(mps, body, manner)
    return Leg(start_s=beat.start_s, end_s=beat.end_s, speed_mps=speed, style=style)


def _hop_side(beat: Beat, manner: Manner) -> int:
    return manner.handed if beat.side is None else beat.side


def _hopped(take: Take, beat: Beat) -> Deed:
    side = _hop_side(beat, take.manner)
    count = landings(take, beat.start_s, beat.end_s)[side]
    deed = travelled(take, beat, direction="forward", count=count)
    direction = "forward" if deed.speed_mps > 0.2 else ""
    return replace(deed, side=_SIDES[side], direction=direction)


def _limp(
    beat: Beat, body: Body, manner: Manner, setting: Setting, rng: np.random.Generator
) -> Leg:
    del setting
    chance = rng.uniform(size=3)
    share = 0.6 + 0.5 * float(chance[0])
    sign = 1.0 if _limp_side(beat, manner) == LEFT else -1.0
    style = replace(WALK, limp=sign * share, stoop=0.06, cadence=0.95, sink=0.012, lift=0.09)
    speed = beat.amount or at_pace(0.55 + 0.35 * float(chance[1]), body, manner)
    return Leg(start_s=beat.start_s, end_s=beat.end_s, speed_mps=speed, style=style)


def _limp_side(beat: Beat, manner: Manner) -> int:
    if beat.side is not None:
        return beat.side
    return LEFT if manner.asymmetry > 0.0 else RIGHT


def _limped(take: Take, beat: Beat) -> Deed:
    deed = travelled(take, beat, direction="forward")
    return replace(deed, side=_SIDES[_limp_side(beat, take.manner)])


def _turn(
    beat: Beat, body: Body, manner: Manner, setting: Setting, rng: np.random.Generator
) -> Leg:
    del body, manner, setting
    chance = rng.uniform(size=3)
    sign = {"left": 1.0, "right": -1.0}.get(beat.direction, 1.0 if chance[0] < 0.5 else -1.0)
    usual = np.pi if beat.direction == "around" or chance[1] < 0.4 else np.pi / 2
    angle = beat.amount or sign * (usual + 0.25 * (float(chance[2]) - 0.5))
    return Leg(start_s=beat.start_s, end_s=beat.end_s, turn_rad=angle)


def _turned(take: Take, beat: Beat) -> Deed:
    count = sum(landings(take, beat.start_s, beat.end_s))
    deed = travelled(take, beat, direction="", count=count)
    return replace(deed, direction="left" if deed.angle_deg > 0.0 else "right", speed_mps=0.0)


def _stagger(
    beat: Beat, body: Body, manner: Manner, setting: Setting, rng: np.random.Generator
) -> Leg:
    del setting
    chance = rng.uniform(size=3)
    style = replace(
        WALK,
        jitter=1.1 + 0.6 * float(chance[0]),
        width=0.30,
        stoop=0.16,
        nod=0.16,
        swing=0.22,
        sink=0.02,
        cadence=1.1,
    )
    return Leg(
        start_s=beat.start_s,
        end_s=beat.end_s,
        speed_mps=beat.amount or at_pace(0.30 + 0.35 * float(chance[1]), body, manner),
        weave_rad=0.45 + 0.3 * float(chance[2]),
        style=style,
    )


def _staggered(take: Take, beat: Beat) -> Deed:
    posture, weight = take.posture, pulse(take.t, beat.start_s, beat.end_s, 0.5)
    sway = drift(take.t, take.rng, 6) * weight[:, None] * take.manner.amplitude
    posture.trunk[:, 0] += 0.17 * sway[:, 0]
    posture.trunk[:, 2] += 0.23 * sway[:, 1]
    posture.head[:, 0] += 0.16 * sway[:, 2]
    posture.head[:, 2] += 0.16 * sway[:, 3]
    # the arms fly out when the trunk tips: balance is caught
    tip = np.abs(sway[:, 1])
    posture.arms[:, :, 1] += (0.38 * tip)[:, None] * (1.0 + 0.4 * sway[:, 4:6])
    posture.arms[:, :, 3] += (0.30 * tip)[:, None]
    return travelled(take, beat, direction="forward")


SPECS: Final = (
    ActionSpec(
        name="march",
        kind="travel",
        seconds=(2.5, 7.0),
        play=_marched,
        go=_march,
        counts=(4, 16),
        styles=("forward", "on the spot"),
    ),
    ActionSpec(
        name="skip", kind="travel", seconds=(2.5, 6.0), play=_skipped, go=_skip, counts=(3, 10)
    ),
    ActionSpec(
        name="hop",
        kind="travel",
        seconds=(2.0, 5.0),
        play=_hopped,
        go=_hop,
        sided=True,
        counts=(3, 12),
    ),
    ActionSpec(name="limp", kind="travel", seconds=(2.5, 7.0), play=_limped, go=_limp, sided=True),
    ActionSpec(
        name="turn",
        kind="whole",
        seconds=(1.6, 3.2),
        play=_turned,
        go=_turn,
        directions=("left", "right", "around"),
    ),
    ActionSpec(name="stagger", kind="travel", seconds=(2.5, 7.0), play=_staggered, go=_stagger),
)
