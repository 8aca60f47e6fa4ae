"""Dancing: a style with its music, danced for whole bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.actions.dance_ballroom import BALLROOM
from tasks.synthesize.actions.dance_battle import BATTLE
from tasks.synthesize.actions.dance_club import CLUB
from tasks.synthesize.actions.dance_floor import NUM_LOTS, Choreography, Dance, Floor
from tasks.synthesize.actions.dance_party import PARTY
from tasks.synthesize.actions.dance_stage import STAGE
from tasks.synthesize.actions.dance_street import STREET
from tasks.synthesize.engine.arms import aim_hand
from tasks.synthesize.engine.freeleg import aim_leg
from tasks.synthesize.engine.keyposes import ARMS, lay_pose
from tasks.synthesize.engine.splines import frames_of
from tasks.synthesize.engine.steps import keep_hips_in_reach, pivot_feet, step_feet
from tasks.synthesize.engine.take import ActionSpec, Beat, Deed, Take
from tasks.synthesize.engine.timing import pulse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["DANCE", "DANCES"]

DANCES: Final[dict[str, Dance]] = {**PARTY, **BALLROOM, **STREET, **CLUB, **STAGE, **BATTLE}
"""All styles by name."""
_EDGE_S: Final = 0.35
"""Time to come into the first pose, and out of the last one."""
_ARM_LIMITS: Final = (np.array([-0.9, -0.3, -1.2, 0.05]), np.array([2.6, 2.8, 1.2, 2.4]))
"""Flexion, abduction, inward turn and bend of the elbow that dancers use, radians; by eye."""
_WIDEST: Final = 1.33
"""Largest size of a dance, at which all choreographies are still in reach."""
_HURRIED: Final = 0.85
"""A bar may be this much shorter than at the fastest music of its style."""


def _dance(take: Take, beat: Beat) -> Deed:
    lots = take.rng.uniform(size=NUM_LOTS)
    room = beat.end_s - beat.start_s - 2 * _EDGE_S
    style = _chosen(beat.style, room, float(lots[-1]))
    dance = DANCES[style]
    manner = take.manner
    frames = frames_of(take, beat.start_s, beat.end_s)
    low, high = dance.bpm
    # half of the tempo is the dancer's own, half the music's
    bpm = (low + (high - low) * lots[-2]) * manner.tempo**0.5
    room = beat.end_s - beat.start_s - 2 * _EDGE_S
    period = 60.0 / bpm
    num_bars = max(1, round(room / (dance.bar * period)))
    period = min(room / (num_bars * dance.bar), 1.2 * period)
    num_counts = num_bars * dance.bar
    floor = Floor(
        t=take.t[frames],
        start_s=beat.start_s + _EDGE_S + 0.5 * max(0.0, room - num_counts * period),
        period_s=period,
        num_counts=num_counts,
        leg=take.body.leg,
        size=min((0.45 + 0.65 * manner.amplitude) * (0.9 + 0.35 * float(lots[-4])), _WIDEST),
        energy=manner.energy,
        lots=lots,
        side=(1 - manner.handed if lots[-3] < 0.7 else manner.handed)
        if beat.side is None
        else beat.side,
    )
    choreography = dance.compose(floor, take)
    choreography.rows = _widened(choreography.rows, 0.9 + 0.5 * float(lots[-5]))
    _perform(take, beat, choreography, dance)
    return Deed(
        action="dance",
        start_s=beat.start_s,
        end_s=beat.end_s,
        style=style,
        direction=choreography.direction,
        angle_deg=float(np.degrees(choreography.turn_rad)),
    )


def _widened(rows: Floats, factor: float) -> Floats:
    """Poses (n, 20) whose arms go further, or less far, from where they are on the whole."""
    wide = rows.copy()
    arms = rows[:, ARMS].reshape(-1, 2, 4)
    mean = arms.mean(axis=0)
    wide[:, ARMS] = np.clip(mean + factor * (arms - mean), *_ARM_LIMITS).reshape(len(rows), 8)
    return wide


def _chosen(wish: str, room_s: float, lot: float) -> str:
    """The style asked for, or a drawn one, of those whose bar can be danced in the time."""
    fit = [
        name
        for name, dance in DANCES.items()
        if _HURRIED * dance.bar * 60.0 / dance.bpm[1] <= room_s
    ] or ["groove"]
    return wish if wish in fit else fit[int(lot * len(fit))]


def _perform(take: Take, beat: Beat, moves: Choreography, dance: Dance) -> None:
    posture = take.posture
    frames = frames_of(take, beat.start_s, beat.end_s)
    t = take.t[frames]
    step = step_feet(take, frames, moves.moves)
    inside = pulse(t, beat.start_s, beat.end_s, 0.4)
    arms = pulse(t, beat.start_s, beat.end_s, dance.arms_s)
    rows = moves.rows.copy()
    rows[:, :12] *= inside[:, None]
    lay_pose(take, frames, rows, arms)
    if moves.pivot is not None or moves.heels is not None:
        none = np.zeros((len(t), 2))
        turn = none if moves.pivot is None else moves.pivot
        rise = none if moves.heels is None else np.maximum(moves.heels, 0.0)
        rise = rise * inside[:, None]
        pivot_feet(take, frames, turn * inside[:, None], rise)
        if moves.flight is None:
            # on both balls the whole body is taller, not its knees more bent
            ball = take.body.offsets[10]
            both = rise.min(axis=1)
            posture.hips[frames, 1] += ball[2] * np.sin(both) + ball[1] * (1.0 - np.cos(both))
    if moves.turnout is not None:
        still = np.zeros((len(t), 2))
        pivot_feet(take, frames, moves.turnout * inside[:, None], still, on_heels=True)
    air = step.air
    for side, _, weight in moves.legs:
        air = air.copy()
        air[:, side] = np.maximum(air[:, side], weight)
    keep_hips_in_reach(take, frames, air)
    for side, angles, weight in moves.legs:
        aim_leg(take, frames, side, angles, weight)
    if moves.flight is not None:
        posture.hips[frames, 1] += moves.flight[:, 0]
        posture.ankles[frames, :, 1] += moves.flight[:, 1, None]
    if moves.hands is not None and moves.hands_weight is not None:
        _place_hands(take, frames, moves.hands, moves.hands_weight * arms[:, None])


def _place_hands(take: Take, frames: slice, hands: Floats, weights: Floats) -> None:
    posture, body = take.posture, take.body
    arm = body.length("l_elbow") + body.length("l_wrist")
    for side in (0, 1):
        full, weight = np.zeros((len(posture.t), 3)), np.zeros(len(posture.t))
        full[frames], weight[frames] = hands[:, side] * arm, weights[:, side]
        aim_hand(posture, side, full, weight)
        posture.elbows[frames, side] += 0.35 * weights[:, side]


DANCE: Final = ActionSpec(
    name="dance",
    kind="whole",
    seconds=(4.0, 9.0),
    play=_dance,
    styles=tuple(DANCES),
)
