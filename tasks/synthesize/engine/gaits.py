"""Gaits by name, and what speed, manner and surroundings make of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.footsteps import GaitStyle
from tasks.synthesize.engine.ground import GOING_M, ground_slope
from tasks.synthesize.engine.setting import EARTH_GRAVITY

if TYPE_CHECKING:
    from tasks.synthesize.engine.manner import Manner
    from tasks.synthesize.engine.setting import Setting
    from tasks.synthesize.engine.take import Leg

__all__ = ["RUN", "SIDE", "WALK", "at_speed", "backing", "leg_here", "style_for"]

WALK: Final = GaitStyle()
RUN: Final = GaitStyle(
    duty=0.335,
    over=0.24,
    steps_per_s=2.40,
    lift=0.36,
    settle=3.0,
    bob=0.0,
    toe_off=1.20,
    toe_up=-0.12,
    width=0.10,
    lean=0.06,
    stoop=0.0,
    swing=0.42,
    elbow=1.80,
    flexion=-0.30,
    abduction=0.24,
    twist=0.07,
    counter=3.2,
    roll=0.10,
    sink=-0.035,
)
SIDE: Final = replace(
    WALK,
    toe_off=0.25,
    toe_up=0.05,
    swing=0.06,
    twist=0.03,
    width=0.46,
    cadence=1.35,
    over=0.5,
    lift=0.15,
    sway=0.008,
)
_MOODS: Final = {
    # share of cadence, swing, bob; lean, stoop, nod added
    "sad": (0.90, 0.50, 0.7, 0.02, 0.14, 0.30),
    "happy": (1.04, 1.20, 1.45, 0.0, -0.03, -0.06),
    "excited": (1.10, 1.30, 1.6, 0.02, -0.03, -0.06),
    "angry": (1.08, 1.05, 0.8, 0.05, 0.03, 0.08),
    "surprised": (1.0, 0.95, 1.0, -0.02, -0.02, -0.03),
}
"""By eye, after Roether et al., Critical features for the perception of emotion from gait, J. Vis.
9(6), 2009: sadness bows the head and stills the arms, anger and joy quicken."""


def backing(style: GaitStyle) -> GaitStyle:
    """The style when going backward: the foot lands on its ball and leaves over the heel."""
    return replace(
        style,
        over=1.0 - style.over,
        toe_up=-0.38 * style.toe_off,
        toe_off=-0.5 * style.toe_up,
        lean=-0.3 * style.lean,
    )


def at_speed(style: GaitStyle, speed_mps: float) -> GaitStyle:
    """What the speed makes of a gait: less double support, more swing.

    Walking: the stance shrinks from two thirds of a slow stride to 0.57 of a fast one (Murray et
    al., Am. J. Phys. Med. 45(1), 1966); running: from 0.38 at 2 m/s to a quarter at 6 m/s.
    """
    v = max(speed_mps, 0.0)
    if style.duty > 0.5:
        change = 0.055 * (1.3 - min(v, 2.3))
        size = _between(0.45 + 0.42 * v, 0.45, 1.35)
        return replace(
            style,
            duty=min(style.duty + change, 0.70),
            swing=style.swing * size,
            bob=style.bob * _between(0.25 + 0.58 * v, 0.3, 1.35),
            lift=style.lift * (0.75 + 0.19 * min(v, 2.2)),
            elbow=style.elbow * (0.7 + 0.23 * v),
            toe_off=style.toe_off * min(0.55 + 0.35 * v, 1.1),
        )
    faster = v - 3.0
    return replace(
        style,
        steps_per_s=style.steps_per_s + 0.11 * faster,
        duty=_between(style.duty - 0.028 * faster, 0.18, 0.42),
        lift=_between(style.lift * (1.0 + 0.11 * faster), 0.10, 0.62),
        lean=style.lean * _between(1.0 + 0.10 * faster, 0.6, 1.5),
        swing=style.swing * _between(1.0 + 0.12 * faster, 0.7, 1.6),
    )


def _between(value: float, least: float, most: float) -> float:
    return min(max(value, least), most)


def style_for(manner: Manner, style: GaitStyle) -> GaitStyle:
    """The gait side of a manner: age, energy, mood, asymmetry."""
    cadence, swing, bob, lean, stoop, nod = _MOODS.get(manner.mood, (1.0, 1.0, 1.0, 0.0, 0.0, 0.0))
    verve = manner.energy - 0.5
    cadence *= 1.0 + 0.4 * (manner.tempo - 1.0)
    swing *= manner.amplitude * (1.0 + 0.7 * verve)
    bob *= 1.0 + 0.6 * verve
    width, lift, duty, sink = 1.0, 1.0 + 0.3 * verve, 0.0, 0.0
    stoop -= 0.10 * verve
    if manner.age == "old":
        cadence, swing, bob = cadence * 1.10, swing * 0.65, bob * 0.8
        width, lift, duty, sink = 1.3, lift * 0.75, 0.025, 0.012
        stoop, nod = stoop + 0.22, nod - 0.10
    elif manner.age == "child":
        cadence, swing, bob, lift = cadence * 1.05, swing * 1.1, bob * 1.2, lift * 1.1
    walks = style.duty > 0.5
    return replace(
        style,
        cadence=style.cadence * cadence,
        steps_per_s=style.steps_per_s * (1.0 + 0.5 * (cadence - 1.0)),
        swing=style.swing * swing,
        bob=style.bob * bob,
        width=style.width * width,
        lift=style.lift * lift,
        duty=style.duty + (duty if walks else 0.0),
        sink=style.sink + sink,
        lean=style.lean + lean,
        stoop=style.stoop + stoop,
        nod=style.nod + nod,
        elbow=style.elbow * (1.0 + 0.4 * verve),
        twist=style.twist * (1.0 + 0.5 * verve) * (0.6 if manner.age == "old" else 1.0),
        limp=style.limp or 0.10 * manner.asymmetry,
    )


def _style_in(setting: Setting, style: GaitStyle, speed_mps: float) -> GaitStyle:
    """What the surroundings make of a gait."""
    if setting.ground.startswith("stairs") and speed_mps > 0.0:
        down = setting.ground.endswith("down")
        style = replace(
            style,
            steps_per_s=max(speed_mps / GOING_M, 0.6),
            duty=max(style.duty, 0.6),
            lift=0.10 if down else 0.16,
            toe_up=-0.30 if down else -0.05,
            toe_off=0.7 if down else 0.45,
            over=0.42 if down else 0.30,
            lean=style.lean + (0.02 if down else 0.12),
            nod=style.nod + 0.25,
            bob=0.008,
            sink=style.sink + 0.035,
        )
    elif setting.ground.startswith("slope"):
        climb = 1.0 if ground_slope(setting) > 0.0 else -1.0
        style = replace(
            style,
            cadence=style.cadence * (1.0 if climb > 0 else 1.06),
            lean=style.lean + 0.10 * climb,
            sink=style.sink + 0.015,
            lift=style.lift * 1.15,
        )
    elif setting.ground == "ice":
        style = replace(
            style,
            cadence=style.cadence * 1.25,
            duty=max(style.duty, 0.66) if style.duty > 0.5 else style.duty,
            toe_up=0.02,
            toe_off=0.22 * style.toe_off,
            lift=0.5 * style.lift,
            width=1.3 * style.width,
            swing=0.35 * style.swing,
            abduction=style.abduction + 0.55,
            elbow=style.elbow + 0.3,
            sink=style.sink + 0.03,
            nod=style.nod + 0.15,
            jitter=style.jitter + 0.12,
        )
    if setting.water_m > 0.3:
        depth = min(setting.water_m, 1.2)
        style = replace(
            style,
            steps_per_s=style.steps_per_s * (1.0 - 0.35 * depth),
            cadence=style.cadence * 0.85,
            lift=style.lift + 0.14 * depth,
            toe_off=0.6 * style.toe_off,
            lean=style.lean + 0.12 * depth,
            abduction=style.abduction + 0.75 * depth,
            elbow=style.elbow + 0.5 * depth,
            swing=style.swing * 0.8,
            twist=style.twist * 1.8,
        )
    return _on_the_moon(setting, style)


def _on_the_moon(setting: Setting, style: GaitStyle) -> GaitStyle:
    """Little weight: long flights, a slow cadence, arms held out."""
    lightness = 1.0 - setting.gravity_mps2 / EARTH_GRAVITY
    if lightness < 0.3:
        return style
    rate = style.steps_per_s or 1.8
    return replace(
        style,
        steps_per_s=rate * (1.0 - 0.62 * lightness),
        duty=min(style.duty, 0.60) * (1.0 - 0.55 * lightness),
        bob=0.0,
        lift=0.16,
        settle=1.6,
        toe_up=0.05,
        sink=style.sink + 0.035,
        lean=style.lean + 0.10,
        abduction=style.abduction + 0.35,
        elbow=style.elbow + 0.5,
        swing=0.6 * style.swing,
    )


def _speed_in(setting: Setting, leg: Leg) -> float:
    speed = leg.speed_mps
    if setting.ground.startswith("stairs"):
        # a tread a step: 1.4 to 2.1 steps/s
        speed = _between(0.45 * speed, 1.35 * GOING_M, 2.1 * GOING_M) if speed else 0.0
    elif setting.ground == "ice":
        speed *= 0.55
    if setting.water_m > 0.3:
        speed *= 1.0 - 0.5 * min(setting.water_m, 1.2)
    if setting.wind_mps:
        # towards where it blows it pushes a little; it slows whom it meets from ahead
        with_it = float(np.cos(setting.wind_yaw - leg.travel))
        strength = min(0.02 * setting.wind_mps, 0.3)
        speed *= 1.0 + strength * (0.3 * with_it if with_it > 0.0 else with_it)
    return speed


def leg_here(leg: Leg, manner: Manner, setting: Setting) -> Leg:
    """A leg as this manner and these surroundings have it: other speed, other style."""
    speed = _speed_in(setting, leg)
    style = _style_in(setting, style_for(manner, at_speed(leg.style, speed)), speed)
    if abs((leg.travel + np.pi) % (2 * np.pi) - np.pi) > 0.75 * np.pi:
        style = backing(style)
    return replace(leg, speed_mps=speed, style=style)
