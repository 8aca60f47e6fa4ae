"""Dances of a party: groove, twist, disco, and an arm dance everybody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.actions.dance_floor import Choreography, Dance, Floor, down_on_beat
from tasks.synthesize.engine.keyposes import mirrored, pose
from tasks.synthesize.engine.splines import glide
from tasks.synthesize.engine.timing import ease

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.take import Take

    Floats = NDArray[np.float64]

__all__ = ["PARTY"]


def _groove(floor: Floor, take: Take) -> Choreography:
    """Step to the side, touch, and back; arms swing across, the chest answers the hips."""
    del take
    b = floor.counts
    wide = (0.21 + 0.11 * floor.lots[0]) * floor.size
    first = floor.side
    moves = []
    for k in range(0, floor.num_counts, 2):
        side = first ^ (k // 2 % 2)
        sign = 1.0 if side == 0 else -1.0
        last = k + 2 >= floor.num_counts
        place = 0.0 if last else sign * wide
        moves.append(floor.step(side, k, left=place, lift=0.07))
        close = 0.0 if last else place - sign * 0.03
        moves.append(floor.step(1 - side, k + 1, left=close, lift=0.10, over=0.75))
    swing = np.cos(np.pi * (b - 0.1) / 2) * (1.0 if first == 0 else -1.0)
    double = np.cos(np.pi * b)
    rows = floor.blank()
    rows[:, 1] = -0.02 + down_on_beat(b, (0.045 + 0.05 * floor.energy) * floor.size)
    rows[:, 4] = 0.16 * swing * floor.size
    rows[:, 5] = -0.09 * swing * floor.size
    rows[:, 6] = 0.06 - 0.09 * np.cos(2 * np.pi * b)
    rows[:, 7] = -0.38 * swing * floor.size
    rows[:, 8] = 0.17 * swing * floor.size
    rows[:, 9] = 0.14 * np.cos(2 * np.pi * (b - 0.08))
    rows[:, 10] = 0.22 * swing
    rows[:, 11] = -0.10 * double
    high = 0.35 * floor.lots[1]
    for side, sign in ((0, 1.0), (1, -1.0)):
        at = 12 + 4 * side
        rows[:, at] = 0.50 + high + sign * 0.75 * swing * floor.size + 0.2 * double
        rows[:, at + 1] = 0.45 + 0.25 * np.cos(np.pi * b / 2 + side) + 0.12 * double
        rows[:, at + 2] = 0.30 + 0.30 * swing * sign
        rows[:, at + 3] = 1.35 + 0.55 * np.cos(2 * np.pi * (b - 0.2)) - 0.3 * sign * swing
    return Choreography(rows=rows, moves=moves)


def _twist(floor: Floor, take: Take) -> Choreography:
    """Both feet on their balls, hips one way and chest the other, down and up again."""
    del take
    b = floor.counts
    inside = ease(b / 1.0) * (1.0 - ease(b - floor.num_counts + 1.0))
    spin = np.sin(np.pi * b) * inside
    deep = 0.5 - 0.5 * np.cos(2 * np.pi * b / (6.0 + 4.0 * floor.lots[0]))
    rows = floor.blank()
    size = floor.size
    rows[:, 0] = 0.06 * np.sin(np.pi * b / 4) * inside
    rows[:, 1] = -(0.07 + 0.16 * deep * size) * inside - 0.02 * np.cos(2 * np.pi * b) * inside
    rows[:, 2] = -0.35 * 0.16 * deep * inside
    rows[:, 3] = (0.10 + 0.35 * deep) * inside
    rows[:, 4] = 0.48 * spin * size
    rows[:, 6] = 0.08 * inside
    rows[:, 7] = -0.85 * spin * size
    rows[:, 8] = 0.16 * np.sin(np.pi * b / 4) * inside
    rows[:, 9] = -0.25 * deep * inside
    rows[:, 10] = 0.30 * spin
    for side, sign in ((0, 1.0), (1, -1.0)):
        at = 12 + 4 * side
        rows[:, at] = 0.55 + sign * 0.45 * spin + 0.25 * deep
        rows[:, at + 1] = 0.45 + 0.15 * spin * sign
        rows[:, at + 2] = 0.25 - 0.35 * spin * sign
        rows[:, at + 3] = 1.55 + 0.25 * np.cos(2 * np.pi * b)
    angle = 0.62 * size * spin
    wide = 0.06
    moves = [
        floor.step(0, 0.0, left=wide, over=0.3),
        floor.step(1, 0.9, left=-wide, over=0.3),
        floor.step(0, floor.num_counts - 0.7, over=0.3),
        floor.step(1, floor.num_counts - 0.05, over=0.3),
    ]
    heel = 0.28 * inside
    return Choreography(
        rows=rows,
        moves=moves,
        pivot=np.stack([angle, angle], axis=-1),
        heels=np.stack([heel, heel], axis=-1),
    )


_UP: Final = pose(
    hips=(-0.09, -0.03, 0.0),
    pelvis=(0.0, 0.20, 0.12),
    trunk=(-0.05, -0.25, -0.22),
    head=(-0.25, -0.35, -0.05),
    left=(-0.10, 0.75, -0.2, 1.75),
    right=(0.55, 2.35, -0.6, 0.15),
)
"""Pointing to the ceiling, hip out, the other hand on the hip."""
_ACROSS: Final = pose(
    hips=(0.10, -0.10, 0.0),
    pelvis=(0.05, -0.15, -0.10),
    trunk=(0.22, 0.35, 0.15),
    head=(0.30, 0.25, 0.0),
    left=(-0.10, 0.75, -0.2, 1.75),
    right=(0.65, -0.25, 0.75, 0.45),
)
_ROLL: Final = pose(
    hips=(0.0, -0.08, -0.03),
    pelvis=(0.12, 0.0, 0.0),
    trunk=(0.15, 0.0, 0.0),
    head=(0.05, 0.0, 0.0),
    left=(0.95, 0.20, 0.65, 1.55),
    right=(0.75, 0.20, 0.65, 1.75),
)


def _disco(floor: Floor, take: Take) -> Choreography:
    """Point up and across, hips to the beat, then roll the forearms; a new arm every half bar."""
    del take
    times, rows = _disco_poses(floor)
    b = floor.counts
    track = glide(b, times, np.array(rows))
    track[:, :12] *= floor.size
    track[:, 1] += down_on_beat(b + 0.5, 0.035 + 0.03 * floor.energy)
    rolling = ((b // 4) % 3 == 2) & (b > 0) & (b < floor.num_counts)
    around = np.where(rolling, np.sin(np.pi * (b % 4) / 4) ** 2, 0.0)
    angle = 2 * np.pi * 1.5 * b
    for side in (0, 1):
        at = 12 + 4 * side
        track[:, at] += 0.35 * around * np.sin(angle + np.pi * side)
        track[:, at + 3] += 0.45 * around * np.cos(angle + np.pi * side)
    moves, heels = [], np.zeros((len(b), 2))
    first = floor.side
    wide = 0.24 * floor.size
    for k in range(0, floor.num_counts, 2):
        side = first ^ (k // 2 % 2)
        place = 0.0 if k + 2 >= floor.num_counts else wide * (1.0 - 2.0 * side)
        moves.append(floor.step(side, k, left=place, lift=0.07, over=0.6))
        # the other one comes along and only taps
        tap = floor.step(1 - side, k + 1, left=0.7 * place, ahead=0.3 * abs(place), lift=0.09)
        moves.append(tap)
        bounce = ease((b - k - 1.0) / 0.2) * (1.0 - ease((b - k - 1.2) / 0.2))
        heels[:, 1 - side] += 0.3 * bounce
    return Choreography(rows=track, moves=moves, heels=heels)


def _disco_poses(floor: Floor) -> tuple[list[float], list[Floats]]:
    """Counts and the poses there: four with one arm, four with the other, four with both."""
    times: list[float] = [-0.6]
    rows = [_ACROSS if floor.side else mirrored(_ACROSS)]
    for k in range(floor.num_counts):
        block = k // 4 % 3
        arm = (k // 4 // 3 + floor.side) % 2
        if block == 2:
            row = _ROLL.copy()
            row[0] = 0.09 * (1 if k % 2 else -1)
            row[5] = -0.10 * (1 if k % 2 else -1)
        else:
            row = _UP if k % 2 == 0 else _ACROSS
            row = row if (arm ^ (block == 1)) else mirrored(row)
        # reach the pose a little before the beat and hold it over it: that is what makes a point
        times += [k - 0.10, k + 0.14]
        rows += [row, row]
    return times, rows


_FRONT: Final = (0.24, 0.00, 0.93)
_SIDE: Final = (0.92, 0.08, 0.25)
_SHOULDER: Final = (-0.30, -0.03, 0.26)
_HEAD_BACK: Final = (0.30, 0.34, 0.02)
_BELLY: Final = (-0.26, -0.66, 0.34)
_HIP: Final = (0.38, -0.78, 0.08)
_KNEE: Final = (0.25, -0.80, 0.45)
_TOP: Final = (0.35, 0.88, 0.10)
_CHEEK: Final = (0.34, 0.22, 0.38)
_LINES: Final = (
    (_FRONT, _SHOULDER, _HEAD_BACK, _BELLY, _HIP),
    (_SIDE, _CHEEK, _TOP, _SHOULDER, _HIP),
    (_KNEE, _HIP, _SHOULDER, _FRONT, _TOP),
)
"""Places of a hand in the order of the dance; shares of the arm: outwards, up, ahead."""


def _arm_dance(floor: Floor, take: Take) -> Choreography:
    """One hand, then the other, to place after place on every count; then the hips roll."""
    del take
    b = floor.counts
    num_frames, first = len(b), floor.side
    rolling = ease((b % 12 - 9.5) / 0.6) * (1.0 - ease((b % 12 - 11.6) / 0.4))
    rolling *= (b > 0) * (1.0 - ease(b - floor.num_counts + 0.5))
    hip = np.sin(np.pi * b)
    around = np.pi * 2 * b
    rows = floor.blank()
    size = floor.size
    rows[:, 0] = 0.055 * hip * size * (1 - rolling) + 0.11 * rolling * np.sin(around)
    rows[:, 1] = -0.03 + down_on_beat(b, 0.03 + 0.03 * floor.energy)
    rows[:, 2] = 0.06 * rolling * np.cos(around)
    rows[:, 3] = 0.06 - 0.12 * rolling * np.cos(around)
    rows[:, 4] = 0.14 * hip * size
    rows[:, 5] = -0.13 * hip * size
    rows[:, 6] = 0.05 + 0.06 * rolling * np.cos(around)
    rows[:, 7] = -0.16 * hip * size
    rows[:, 8] = 0.20 * hip * size
    rows[:, 9] = 0.10 * np.cos(around)
    rows[:, 11] = 0.12 * hip
    heels = np.zeros((num_frames, 2))
    alive = (b > 0) * (1.0 - ease(b - floor.num_counts + 1.0))
    heels[:, 0] = 0.30 * np.maximum(-hip, 0.0) ** 2 * alive * rolling
    heels[:, 1] = 0.30 * np.maximum(hip, 0.0) ** 2 * alive * rolling
    moves, wide = [], 0.17 * size
    for k in range(floor.num_counts):
        # a step to each side in turn while the hands work, still feet while the hips roll
        home = k + 2 >= floor.num_counts
        if k % 12 >= 10 and not home:
            continue
        side = first ^ (k % 2)
        out = 0.0 if home else wide * (1 - 2 * side)
        moves.append(floor.step(side, k, left=out * (1.0 if k % 4 < 2 else 0.2), lift=0.07))
    return Choreography(
        rows=rows,
        moves=moves,
        heels=heels,
        hands=_arm_places(floor),
        hands_weight=np.ones((num_frames, 2)),
    )


def _arm_places(floor: Floor) -> Floats:
    """Targets of both hands, (n, 2, 3): one after the other goes from place to place."""
    b = floor.counts
    line = _LINES[int(floor.lots[0] * len(_LINES))]
    num_frames = len(b)
    hands, first = np.zeros((num_frames, 2, 3)), floor.side
    for side in (0, 1):
        sign = np.array([1.0 if side == 0 else -1.0, 1.0, 1.0])
        times, places = [-1.0], [np.array(_HIP) * sign]
        for k in range(floor.num_counts):
            beat = k % 12
            if beat >= 10 or beat % 2 != (side != first):
                continue
            goal = np.array(line[beat // 2]) * sign
            # around the shoulder, not through it
            way = (places[-1] + goal) / 2 + np.array([0.16, 0.0, 0.40]) * sign
            times += [k - 0.72, k - 0.38, k - 0.04]
            places += [places[-1], way, goal]
        # to the hips at last: from there the arms fall without passing the shoulders
        home, last = np.array(_HIP) * sign, max(times[-1], floor.num_counts - 1.0)
        times += [last + 0.05, last + 0.35, last + 0.7]
        places += [places[-1], (places[-1] + home) / 2 + np.array([0.16, 0.0, 0.40]) * sign, home]
        hands[:, side] = glide(b, times, np.array(places))
    return hands


PARTY: Final = {
    "groove": Dance(bpm=(96.0, 126.0), bar=4, compose=_groove),
    "twist": Dance(bpm=(130.0, 168.0), bar=4, compose=_twist),
    "disco": Dance(bpm=(104.0, 126.0), bar=4, compose=_disco),
    "arm_dance": Dance(bpm=(96.0, 120.0), bar=2, compose=_arm_dance),
}
