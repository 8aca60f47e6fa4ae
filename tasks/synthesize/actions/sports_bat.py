"""Swings of a bat, a club or a racquet: load, stride, hips before the trunk, follow-through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.actions.sports_bat_kinds import SWINGS, SwingKind
from tasks.synthesize.engine.arms import aim_hand
from tasks.synthesize.engine.keyposes import lay_pose, mirrored, pose
from tasks.synthesize.engine.splines import frames_of, glide
from tasks.synthesize.engine.steps import FootMove, keep_hips_in_reach, pivot_feet, step_feet
from tasks.synthesize.engine.take import ActionSpec, Beat, Deed, Take
from tasks.synthesize.engine.timing import ease, pulse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["SWING_BAT"]

_GRIP_M: Final = 0.10
"""Between both wrists on the handle, along it: one hand's breadth."""
_ENTER_S: Final = 0.75
_LEAVE_S: Final = 0.80
_RETURN_S: Final = 0.55
_THINGS: Final = {"baseball": "bat", "golf": "golf club", "tennis": "racket", "cricket": "bat"}
_FAR: Final = 0.965
"""Hands stay within this share of the arm: elbows never lock."""


def _swing(take: Take, beat: Beat) -> Deed:
    draws = take.rng.uniform(size=5)
    styles = tuple(name for name in SWINGS if beat.thing in ("", _THINGS[name])) or tuple(SWINGS)
    weights = np.cumsum([3.0 if name == "baseball" else 1.0 for name in styles])
    drawn = styles[int(np.searchsorted(weights / weights[-1], draws[0], side="right"))]
    style = beat.style or drawn
    kind = SWINGS[style]
    side = take.manner.handed if beat.side is None else beat.side
    usual = sum(kind.seconds) / take.manner.tempo
    again = _RETURN_S / take.manner.tempo
    room = beat.end_s - beat.start_s - _ENTER_S - _LEAVE_S
    most = max(1, int((room + again) / (0.7 * (usual + again))))
    count = min(beat.count or max(1, min(3, round((room + again) / (usual + again)))), most, 3)
    pace = min(1.3, (room + again) / (count * (usual + again)))
    pace *= 1.0 / take.manner.tempo
    total = count * pace * (sum(kind.seconds) + _RETURN_S) - pace * _RETURN_S
    gap = max(0.0, room - total) / (count + 1)
    starts = [
        beat.start_s + _ENTER_S + gap + k * (gap + pace * (sum(kind.seconds) + _RETURN_S))
        for k in range(count)
    ]
    keys = [start + pace * np.cumsum((0.0, *kind.seconds)) for start in starts]
    _perform(take, beat, kind, keys, side)
    direction = kind.direction
    if direction == "left":
        direction = "left" if side else "right"
    return Deed(
        action="swing_bat",
        start_s=beat.start_s,
        end_s=beat.end_s,
        side="right" if side else "left",
        count=count,
        thing=_THINGS[style],
        direction=direction,
        style=style,
    )


def _perform(take: Take, beat: Beat, kind: SwingKind, keys: list[Floats], side: int) -> None:
    posture = take.posture
    frames = frames_of(take, beat.start_s, beat.end_s)
    t = take.t[frames]
    step = step_feet(take, frames, _moves(take, beat, kind, keys, side))
    size = 0.75 + 0.25 * take.manner.amplitude
    times, rows, hands = [beat.start_s], [pose()], [(*kind.grip[0], *kind.bat[0])]
    for at in keys:
        # six keys, and the finish once more: it is held for a moment
        times += list(at)
        rows += [*kind.body, kind.body[-1] * 0.97]
        hands += [(*g, *b) for g, b in zip(kind.grip, kind.bat, strict=True)]
        hands.append((*kind.grip[-1], *kind.bat[-1]))
    times.append(beat.end_s)
    rows.append(pose())
    hands.append((*kind.grip[0], *kind.bat[0]))
    table = np.array(rows)
    table[:, 3:9] *= size
    # the trunk follows the hips by a little: they lead from the floor up
    track = glide(t, times, table)
    track[:, 0:6] = glide(t + 0.03, times, table[:, 0:6])
    waggle = pulse(t, beat.start_s + _ENTER_S, keys[0][0] + 0.2, 0.15)
    places = glide(t, times, np.array(hands))
    places[:, 0] += 0.05 * waggle * np.sin(2 * np.pi * 1.4 * (t - t[0]))
    if not side:
        track, places = mirrored(track), places * np.array([-1.0, 1, 1, -1, 1, 1])
    inside = pulse(t, beat.start_s, beat.end_s, 0.6)
    free = np.zeros((len(t), 2))
    if kind.hands == 1:
        free[:, 1 - side] = inside
    lay_pose(take, frames, track, free)
    _turn_rear_foot(take, frames, kind, keys, side)
    keep_hips_in_reach(take, frames, step.air)
    for hand, target in enumerate(_wrists(take, places, kind.hands, side)):
        if target is None:
            continue
        full, weight = np.zeros((len(posture.t), 3)), np.zeros(len(posture.t))
        full[frames], weight[frames] = target, inside
        aim_hand(posture, hand, full, weight)
        posture.elbows[frames, hand] += 0.35 * inside


def _wrists(take: Take, places: Floats, hands: int, side: int) -> list[Floats | None]:
    """Targets of both wrists in the chest's frame; together, and in reach of both arms."""
    body = take.body
    arm = body.length("l_elbow") + body.length("l_wrist")
    middle = places[:, :3] * arm
    along = places[:, 3:] / np.maximum(np.linalg.norm(places[:, 3:], axis=-1, keepdims=True), 1e-9)
    half = 0.5 * _GRIP_M * body.stature / 1.7 * along
    # the upper hand is that of the stronger side
    offsets = [half if one == side else -half for one in (0, 1)]
    shoulders = [
        np.array([body.offsets[13 + one, 0] + body.offsets[16 + one, 0], 0.0, 0.0])
        for one in (0, 1)
    ]
    users = (0, 1) if hands == 2 else (side,)
    for _ in range(4):
        for one in users:
            gap = middle + offsets[one] - shoulders[one]
            length = np.linalg.norm(gap, axis=-1, keepdims=True)
            middle = middle + gap * (np.minimum(1.0, _FAR * arm / length) - 1.0)
    return [middle + offsets[one] if one in users else None for one in (0, 1)]


def _turn_rear_foot(
    take: Take, frames: slice, kind: SwingKind, keys: list[Floats], side: int
) -> None:
    t = take.t[frames]
    turn, pitch = np.zeros((len(t), 2)), np.zeros((len(t), 2))
    drive = np.zeros(len(t))
    for at in keys:
        drive += ease((t - at[1] + 0.05) / (at[4] - at[1])) * (1.0 - ease((t - at[6]) / 0.5))
    turn[:, side] = (1.0 if side else -1.0) * kind.drag * drive
    pitch[:, side] = 0.75 * kind.drag * drive
    pivot_feet(take, frames, turn, pitch)


def _moves(
    take: Take, beat: Beat, kind: SwingKind, keys: list[Floats], side: int
) -> list[FootMove]:
    """Wide stance, a stride of the front foot with every swing, and home."""
    leg, front = take.body.leg, 1 - side
    sign = 1.0 if side else -1.0
    wide = kind.width * leg
    begin, end = beat.start_s + 0.05, beat.end_s
    out = {"left": sign * wide, "ahead": 0.0, "toe": 0.0}
    strode = {
        "left": sign * (wide + kind.stride[0] * leg),
        "ahead": kind.stride[1] * leg,
        "toe": sign * 0.35,
    }
    moves = [
        FootMove(side=side, start_s=begin, end_s=begin + 0.32, left=-sign * wide, over=0.4),
        FootMove(side=front, start_s=begin + 0.32, end_s=begin + 0.64, over=0.4, **out),
    ]
    lift = 0.10 if kind.hands == 2 else 0.05
    for k, at in enumerate(keys if any(kind.stride) else []):
        up, down = at[0] + 0.08, at[1] + 0.3 * (at[2] - at[1])
        moves.append(FootMove(side=front, start_s=up, end_s=down, over=0.45, lift=lift, **strode))
        if k + 1 < len(keys):
            up, down = at[6] + 0.06, at[6] + 0.06 + 0.75 * (keys[k + 1][0] - at[6])
            moves.append(FootMove(side=front, start_s=up, end_s=down, over=0.3, **out))
    moves += [
        FootMove(side=front, start_s=end - 0.72, end_s=end - 0.40, over=0.4),
        FootMove(side=side, start_s=end - 0.40, end_s=end - 0.08, over=0.4),
    ]
    return moves


SWING_BAT: Final = ActionSpec(
    name="swing_bat",
    kind="whole",
    seconds=(3.2, 5.5),
    play=_swing,
    sided=True,
    counts=(1, 3),
    things=tuple(sorted(set(_THINGS.values()))),
    directions=("left", "right", "forward"),
    styles=tuple(SWINGS),
)
