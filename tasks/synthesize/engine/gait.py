"""Walking, running, sidestepping, standing: whole-body tracks over planted feet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine import carriage
from tasks.synthesize.engine.body import joint
from tasks.synthesize.engine.feet import foot_turns, step_feet
from tasks.synthesize.engine.flights import bounce, impact
from tasks.synthesize.engine.footfalls import keep_time, plan_footfalls
from tasks.synthesize.engine.frames import drift, yaw_pitch_roll
from tasks.synthesize.engine.gaits import RUN, SIDE, WALK
from tasks.synthesize.engine.ground import ground_slope, ground_tilt
from tasks.synthesize.engine.leg_reach import hips_in_reach, keep_legs_in_reach, within_reach
from tasks.synthesize.engine.manner import Manner
from tasks.synthesize.engine.posture import Posture
from tasks.synthesize.engine.setting import Setting

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.body import Body
    from tasks.synthesize.engine.course import Course

    Floats = NDArray[np.float64]

__all__ = ["RUN", "SIDE", "WALK", "keep_legs_in_reach", "move"]

_LEG_SHARE: Final = 0.064
"""Share of an ankle's height in the height of the body centre: a leg has 16 % of the mass (Winter,
Biomechanics and Motor Control of Human Movement, 2009), its centre 40 % of the way down."""
_WIND_LEAN: Final = 0.0018
"""Radians of lean per (m/s)2 of wind: what balances a drag area of 0.7 m2 on 75 kg."""


def move(
    t: Floats,
    body: Body,
    course: Course,
    rng: np.random.Generator,
    *,
    manner: Manner,
    setting: Setting,
) -> Posture:
    """Whole-body tracks along a course.

    Args:
        t: Times, shape (T,), seconds.
        body: Who moves.
        course: The way; its styles already carry manner and surroundings.
        rng: For the phase, the spread of the steps and the slow noise.
        manner: Its noise is used.
        setting: Ground, gravity and wind.
    """
    rhythm = keep_time(course, body, first_phase=float(rng.uniform()))
    falls = plan_footfalls(course, rhythm, body, setting=setting, rng=rng, noise=manner.noise)
    slow = drift(t, rng, carriage.NUM_DRIFTS) * manner.noise
    beat = carriage.beating(t, course, rhythm, rng, slow)
    hips, yaw, pitch, roll = carriage.pelvis(body, beat)
    slope = ground_slope(setting)
    if slope:
        hips[:, 1] += slope * course.at(t, course.way)
    feet = step_feet(
        t, body, falls, hips=hips, yaw=beat.yaw, vigour=beat.vigour, tilt=ground_tilt(setting)
    )
    flight = bounce(t, falls, gravity=setting.gravity_mps2)
    if flight.any():
        # the body centre is to fall freely, not the hips: high feet lift it
        lifted = feet.ankles[1].sum(axis=0) - 2 * body.ankle_height
        hips[:, 1] += (flight - _LEG_SHARE * lifted) / (1.0 - 2 * _LEG_SHARE)
    hips[:, 1] += beat.vigour * impact(t, falls)
    turn = yaw_pitch_roll(yaw, pitch, roll)
    hips[:, 1] = hips_in_reach(body, hips, turn[:, :, 0], feet, fps=1.0 / (t[1] - t[0]))
    turns, knees = foot_turns(feet)
    num = len(t)
    posture = Posture(
        t=t,
        hips=hips,
        turn=turn,
        trunk=carriage.trunk(beat),
        head=carriage.head(beat),
        arms=carriage.arms(beat),
        ankles=within_reach(body, hips, turn[:, :, 0], feet),
        feet=turns,
        knees=knees,
        reach=np.zeros((num, 2, 3)),
        reach_weight=np.zeros((num, 2)),
        hold=np.zeros((num, 2, 3)),
        hold_weight=np.zeros((num, 2)),
        elbows=np.zeros((num, 2)),
    )
    if slope:
        # the lowest ground of the clip is its floor
        ball = body.offsets[joint("l_foot")]
        low = (posture.ankles + posture.feet @ ball)[..., 1].min() - body.ankle_height - ball[1]
        posture.ankles[..., 1] -= low
        posture.hips[:, 1] -= low
    if setting.wind_mps:
        _lean_into_wind(posture, beat.yaw, setting)
    return posture


def _lean_into_wind(posture: Posture, yaw: Floats, setting: Setting) -> None:
    """The trunk leans against the wind, in gusts."""
    gust = 1.0 + 0.25 * np.sin(2.1 * posture.t) * np.sin(0.7 * posture.t + 1.0)
    lean = np.minimum(_WIND_LEAN * setting.wind_mps**2, 0.35) * gust
    against = setting.wind_yaw - yaw
    posture.trunk[:, 0] -= lean * np.cos(against)
    posture.trunk[:, 2] -= lean * np.sin(against)
    posture.head[:, 0] += 0.5 * lean * np.cos(against)
