"""Dances of circles and battles: house, waacking, krump, and jazz with its kicks and turns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.actions.dance_floor import Choreography, Dance, Floor, down_on_beat
from tasks.synthesize.engine.keyposes import mirrored, pose
from tasks.synthesize.engine.splines import glide
from tasks.synthesize.engine.timing import ease

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.steps import FootMove
    from tasks.synthesize.engine.take import Take

    Floats = NDArray[np.float64]

__all__ = ["BATTLE"]

_QUICK: Final = {"share": 0.46, "over": 0.6}


def _house(floor: Floor, take: Take) -> Choreography:
    """Two steps a count, crossing, kicking and turning, over a body that jacks and drops."""
    b, num = floor.counts, floor.num_counts
    levels = np.append(take.rng.uniform(-0.22, 0.0, size=24), 0.0)
    rows = floor.blank()
    half = np.pi * b * (1.0 if floor.side else -1.0)
    drops = [*range(0, num, 2), num]
    rows[:, 1] = glide(b, drops, levels[[*range(len(drops) - 1), -1]]) * floor.size
    rows[:, 1] += down_on_beat(2.0 * b, 0.04 + 0.04 * floor.energy)
    rows[:, 3] = 0.10 + 0.10 * np.cos(2 * np.pi * b)
    rows[:, 4] = 0.30 * np.sin(half) * floor.size
    rows[:, 6] = 0.16 - 0.26 * np.cos(2 * np.pi * (b - 0.1)) * floor.size
    rows[:, 7] = -0.45 * np.sin(half) * floor.size
    rows[:, 9] = 0.16 * np.cos(2 * np.pi * (b - 0.2))
    high = 0.5 * floor.lots[1]
    for side, sign in ((0, 1.0), (1, -1.0)):
        swing = sign * np.sin(half - 0.3)
        arm = 12 + 4 * side
        rows[:, arm] = 0.35 + high + 0.8 * swing * floor.size
        rows[:, arm + 1] = 0.55 + 0.45 * np.cos(half / 2 + side)
        rows[:, arm + 2] = 0.25 + 0.35 * swing
        rows[:, arm + 3] = 1.15 + 0.70 * np.sin(2 * half + side) * floor.size
    moves, turned = _footwork(floor)
    return Choreography(rows=rows, moves=moves, turn_rad=turned)


def _footwork(floor: Floor) -> tuple[list[FootMove], float]:
    """Bars of two counts: a turn, kicks, or a run to a side and back."""
    wide, turned = 0.38 * floor.size, 0.0
    moves: list[FootMove] = []
    for at in range(0, floor.num_counts, 2):
        side = floor.side ^ (at // 2 % 2)
        sign, lot = 1.0 - 2.0 * side, floor.lots[at // 2 % 8]
        if lot < 0.25 and at + 2 < floor.num_counts:
            for k in range(4):
                foot, yaw = side ^ (k % 2), turned + sign * 2 * np.pi * min(1.0, (k + 1) / 3)
                moves.append(floor.step(foot, at + 0.5 * k, yaw=yaw, lift=0.07, **_QUICK))
            turned += sign * 2 * np.pi
        elif lot < 0.6:
            moves += [
                floor.step(side, at, ahead=1.2 * wide, yaw=turned, lift=0.30, **_QUICK),
                floor.step(side, at + 0.5, left=sign * 0.3 * wide, yaw=turned, **_QUICK),
                floor.step(1 - side, at + 1, ahead=wide, yaw=turned, lift=0.30, **_QUICK),
                floor.step(1 - side, at + 1.5, yaw=turned, lift=0.12, **_QUICK),
                floor.step(side, at + 1.54, yaw=turned, lift=0.06, share=0.34, over=0.4),
            ]
        else:
            moves += [
                floor.step(side, at, left=1.3 * sign * wide, yaw=turned, lift=0.12, **_QUICK),
                floor.step(
                    1 - side,
                    at + 0.5,
                    left=0.9 * sign * wide,
                    ahead=-0.5 * wide,
                    yaw=turned,
                    lift=0.16,
                    **_QUICK,
                ),
                floor.step(side, at + 1, yaw=turned, lift=0.12, **_QUICK),
                floor.step(1 - side, at + 1.5, yaw=turned, lift=0.14, **_QUICK),
            ]
    return moves, turned


_OPEN: Final = (
    (0.30, 2.60, -0.3, 0.20),
    (0.05, 1.55, 0.0, 0.10),
    (1.45, 0.25, 0.3, 0.20),
    (0.20, 0.45, 0.2, 0.15),
    (0.90, 1.90, -0.2, 0.15),
)
_SHUT: Final = ((0.45, 1.35, 0.3, 2.25), (0.60, 2.00, -0.4, 2.20), (0.80, 0.55, 0.6, 2.15))


def _waacking(floor: Floor, take: Take) -> Choreography:
    """Arms whirl: folded by the shoulder on the half count, thrown open on the count."""
    b, num = floor.counts, floor.num_counts
    picks = take.rng.integers(0, 60, size=(2, 64))
    rows = floor.blank()
    sway = np.cos(np.pi * b) * (1.0 if floor.side else -1.0)
    rows[:, 0] = 0.09 * sway * floor.size
    rows[:, 1] = -0.02 + down_on_beat(b, 0.03 + 0.03 * floor.energy)
    rows[:, 4] = 0.22 * np.sin(np.pi * b / 2) * floor.size
    rows[:, 5] = -0.12 * sway * floor.size
    rows[:, 6] = -0.06 + 0.12 * np.cos(np.pi * b / 2)
    rows[:, 7] = -0.35 * np.sin(np.pi * b / 2) * floor.size
    rows[:, 8] = 0.16 * sway * floor.size
    rows[:, 10] = 0.45 * np.sin(np.pi * b / 2 + 0.5)
    both = floor.lots[1] < 0.4
    for side in (0, 1):
        own = picks[0 if both else side]
        times, arms = [-0.8], [_OPEN[3]]
        for k in range(num):
            # an arm may wait a count for the other one
            if own[k % 64] % 5 == 0 and not both:
                continue
            times += [k - 0.45, k - 0.02, k + 0.15]
            row = _OPEN[own[k % 64] % len(_OPEN)]
            arms += [_SHUT[own[(k + 9) % 64] % len(_SHUT)], row, row]
        rows[:, 12 + 4 * side : 16 + 4 * side] = glide(b, times, np.array(arms))
    moves, wide = [], 0.26 * floor.size
    for k in range(0, num, 2):
        side = floor.side ^ (k // 2 % 2)
        out = 0.0 if k + 2 >= num else wide * (1.0 - 2.0 * side)
        ahead = 0.0 if k + 2 >= num else 0.6 * wide * (floor.lots[k % 8] - 0.3)
        moves.append(floor.step(side, k, left=out, ahead=ahead, lift=0.07))
        moves.append(floor.step(1 - side, k + 1, left=0.7 * out, lift=0.10))
    return Choreography(rows=rows, moves=moves)


_BATTLE: Final = (
    # arm swung down across, low over the legs
    pose(
        hips=(0.05, -0.24, -0.03),
        pelvis=(0.30, 0.20, 0.0),
        trunk=(0.35, 0.35, 0.10),
        head=(-0.20, 0.0, 0.0),
        left=(-0.45, 0.60, 0.1, 0.80),
        right=(0.85, 0.10, 0.6, 0.45),
    ),
    # chest thrown up, arms flung back and apart
    pose(
        hips=(0.0, -0.10, 0.04),
        pelvis=(-0.10, 0.0, 0.0),
        trunk=(-0.22, 0.0, 0.0),
        head=(-0.15, 0.0, 0.0),
        left=(0.10, 1.35, -0.4, 1.10),
        right=(0.10, 1.35, -0.4, 1.10),
    ),
    # fist high, ready to strike
    pose(
        hips=(-0.05, -0.14, 0.0),
        pelvis=(0.05, -0.25, -0.05),
        trunk=(-0.05, -0.35, -0.10),
        head=(0.05, 0.25, 0.0),
        left=(0.95, 0.45, 0.5, 1.80),
        right=(1.60, 1.55, -0.3, 1.50),
    ),
    pose(
        hips=(0.0, -0.16, 0.0),
        pelvis=(0.15, 0.0, 0.0),
        trunk=(0.30, 0.0, 0.0),
        head=(0.15, 0.0, 0.0),
        left=(0.60, 0.30, 0.9, 2.00),
        right=(0.60, 0.30, 0.9, 2.00),
    ),
)


def _krump(floor: Floor, take: Take) -> Choreography:
    """Stomps on wide legs, chest pops, and arms swung like hammers."""
    b, num = floor.counts, floor.num_counts
    order = take.rng.permutation(len(_BATTLE))
    times, rows = [-0.7], [_BATTLE[3] * 0.5]
    for k in range(num):
        row = _BATTLE[order[(k + k // 4) % len(order)]]
        row = row if (k // 2 + floor.side) % 2 else mirrored(row)
        times += [k - 0.08, k + 0.35]
        rows += [row, row * 0.90]
    track = glide(b, times, np.array(rows))
    track[:, :12] *= floor.size
    pop = np.exp(-5.0 * np.mod(b - 0.02, 1.0)) * np.sin(2 * np.pi * np.mod(b - 0.02, 1.0))
    track[:, 6] -= 0.40 * pop * floor.size
    moves, wide = [], 0.22 * floor.size
    for k in range(num):
        side = floor.side ^ (k % 2)
        home = k + 2 >= num
        out = 0.0 if home else wide * (1.0 - 2.0 * side)
        ahead = 0.0 if home else 0.7 * wide * (2.0 * floor.lots[k % 8] - 1.0)
        high = 0.14 + 0.16 * floor.lots[(k + 3) % 8]
        moves.append(floor.step(side, k, left=out, ahead=ahead, lift=high, over=0.8))
    return Choreography(rows=track, moves=moves)


_REACH: Final = pose(trunk=(-0.12, 0.15, 0.0), left=(0.9, 2.3, -0.3, 0.1), right=(0.0, 1.5, 0, 0.1))
_GATHER: Final = pose(
    hips=(0.0, -0.14, 0.0),
    trunk=(0.15, 0, 0),
    left=(0.8, 0.3, 0.8, 1.7),
    right=(0.8, 0.3, 0.8, 1.7),
)
_WINGS: Final = pose(trunk=(-0.05, 0, 0), left=(0.1, 1.5, 0, 0.15), right=(0.1, 1.5, 0, 0.15))
_KICKS: Final = (
    (1.60, 0.10, 0.1, 0.10, 0.9),
    (0.55, 0.95, 0.5, 0.10, 0.9),
    (-1.00, 0.15, 0.3, 0.15, 0.9),
)
"""Legs as in `freeleg.aim_leg`: ahead, aside, back."""
_REST: Final = (0.05, 0.05, 0.1, 0.30, 0.4)


def _jazz(floor: Floor, take: Take) -> Choreography:
    """A high kick, then a turn that travels to the side, and back again."""
    b, num = floor.counts, floor.num_counts
    kicks = take.rng.integers(0, len(_KICKS), size=8)
    times, rows = [-0.7], [_GATHER * 0.3]
    moves: list[FootMove] = []
    lift = np.zeros(len(b))
    leg_times, leg_rows = [-1.0], [_REST]
    stand, turned, far = 1 - floor.side, 0.0, 0.55 * floor.size
    sign = 1.0 if stand == 0 else -1.0
    for k, at in enumerate(range(0, num, 4)):
        one, two = (_REACH, _WINGS) if stand else (mirrored(_REACH), _WINGS)
        if k % 2 == 0:
            lift += ease((b - at + 0.1) / 0.6) * (1.0 - ease((b - at - 2.2) / 0.7))
            leg_times += [at + 0.5, at + 1.2, at + 1.5, at + 2.6]
            leg_rows += [_REST, _KICKS[kicks[k % 8]], _KICKS[kicks[k % 8]], _REST]
            times += [at + 0.3, at + 1.2, at + 1.6, at + 2.8]
            rows += [_GATHER * 0.6, one, one, _GATHER]
            continue
        moves += [
            floor.step(stand, at, left=sign * far, yaw=turned + sign * 2.2, over=0.7),
            floor.step(1 - stand, at + 0.7, left=sign * far, yaw=turned + sign * 4.6),
            floor.step(stand, at + 1.4, left=1.4 * sign * far, yaw=turned + sign * 2 * np.pi),
            floor.step(1 - stand, at + 2.0, left=0.5 * sign * far, yaw=turned + sign * 2 * np.pi),
            floor.step(stand, at + 2.7, yaw=turned + sign * 2 * np.pi),
            floor.step(1 - stand, at + 3.3, yaw=turned + sign * 2 * np.pi),
        ]
        turned += sign * 2 * np.pi
        times += [at + 1.0, at + 2.3, at + 3.6]
        rows += [_GATHER * 0.8, one if floor.lots[2] < 0.4 else two, _GATHER * 0.5]
    track = glide(b, times, np.array(rows))
    track[:, :12] *= floor.size
    track[:, 0] += 0.098 * lift * sign
    track[:, 1] += down_on_beat(b, 0.04) * (1.0 - lift)
    legs = ((floor.side, glide(b, leg_times, leg_rows), lift),)
    return Choreography(rows=track, moves=moves, legs=legs, turn_rad=turned)


BATTLE: Final = {
    "house": Dance(bpm=(104.0, 126.0), bar=4, compose=_house),
    "waacking": Dance(bpm=(100.0, 126.0), bar=4, compose=_waacking),
    "krump": Dance(bpm=(84.0, 108.0), bar=4, compose=_krump),
    "jazz": Dance(bpm=(100.0, 124.0), bar=8, compose=_jazz),
}
