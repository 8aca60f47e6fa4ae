"""Dances of the street: hip-hop and robot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.actions.dance_floor import Choreography, Dance, Floor, down_on_beat, sharp
from tasks.synthesize.engine.keyposes import mirrored, pose
from tasks.synthesize.engine.splines import glide

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.steps import FootMove
    from tasks.synthesize.engine.take import Take

    Floats = NDArray[np.float64]

__all__ = ["STREET"]

_HIP_HOP: Final = (
    # both arms swing to one side, chest over it
    pose(
        hips=(-0.10, -0.10, 0.0),
        pelvis=(0.10, 0.20, 0.08),
        trunk=(0.15, 0.30, 0.22),
        head=(0.05, 0.15, 0.0),
        left=(0.85, 0.35, 0.55, 0.90),
        right=(0.30, 0.95, 0.20, 1.10),
    ),
    pose(
        hips=(0.0, -0.03, 0.0),
        trunk=(-0.08, 0.0, 0.0),
        head=(-0.08, 0.0, 0.0),
        left=(0.70, 0.45, 0.35, 1.75),
        right=(0.70, 0.45, 0.35, 1.75),
    ),
    # elbows high, fists before the chest
    pose(
        hips=(0.0, -0.15, -0.04),
        pelvis=(0.18, 0.0, 0.0),
        trunk=(0.28, 0.0, 0.0),
        head=(0.05, 0.0, 0.0),
        left=(0.75, 0.85, 0.75, 1.85),
        right=(0.75, 0.85, 0.75, 1.85),
    ),
    # throw the arms down and apart
    pose(
        hips=(0.0, -0.04, 0.02),
        pelvis=(-0.05, 0.0, 0.0),
        trunk=(-0.14, 0.0, 0.0),
        head=(-0.12, 0.0, 0.0),
        left=(-0.15, 0.75, 0.1, 0.35),
        right=(-0.15, 0.75, 0.1, 0.35),
    ),
    # one hand up to the side, the other one by the hip
    pose(
        hips=(0.09, -0.08, 0.0),
        pelvis=(0.05, -0.25, -0.08),
        trunk=(0.05, -0.30, -0.15),
        head=(-0.05, -0.20, 0.0),
        left=(0.45, 1.65, -0.3, 1.05),
        right=(0.15, 0.35, 0.3, 1.20),
    ),
    # punch across
    pose(
        hips=(0.06, -0.12, 0.0),
        pelvis=(0.12, 0.30, 0.0),
        trunk=(0.15, 0.45, 0.05),
        head=(0.0, -0.30, 0.0),
        left=(0.10, 0.40, 0.3, 1.60),
        right=(1.35, -0.10, 0.2, 0.35),
    ),
)


def _hip_hop(floor: Floor, take: Take) -> Choreography:
    """Down on every beat; hits of arms and chest on the beat, each bar another pair of them."""
    b, num = floor.counts, floor.num_counts
    order = take.rng.permutation(len(_HIP_HOP))
    times, rows = [-0.7], [_HIP_HOP[1]]
    for k in range(num):
        row = _HIP_HOP[order[(k // 4 * 2 + k % 2) % len(order)]]
        row = row if (k // 2 + floor.side) % 2 else mirrored(row)
        times += [k - 0.08, k + 0.28]
        rows += [row, row * 0.94]
    track = glide(b, times, np.array(rows))
    track[:, :12] *= floor.size
    track[:, 1] += down_on_beat(b, 0.05 + 0.05 * floor.energy, sharpness=1.5)
    track[:, 6] += 0.10 * np.cos(2 * np.pi * (b - 0.12))
    track[:, 9] += 0.16 * np.cos(2 * np.pi * (b - 0.18))
    track[:, 15] += 0.18 * np.cos(2 * np.pi * b)
    track[:, 19] += 0.18 * np.cos(2 * np.pi * b)
    return Choreography(rows=track, moves=_bouncy_steps(floor))


def _bouncy_steps(floor: Floor) -> list[FootMove]:
    """Two steps a count: out, out, in, in; or a kick ahead, home, behind, home."""
    wide, moves = 0.30 * floor.size, []
    short = {"share": 0.46, "over": 0.55}
    for at in range(0, floor.num_counts, 2):
        first = floor.side ^ (at // 2 % 2)
        sign = 1.0 if first == 0 else -1.0
        # all steps of a pair of counts end before the next pair begins
        if floor.lots[at // 4 % 8] < 0.5:
            moves += [
                floor.step(first, at, left=sign * wide, lift=0.11, **short),
                floor.step(1 - first, at + 0.5, left=-sign * wide, lift=0.11, **short),
                floor.step(first, at + 1.0, lift=0.11, **short),
                floor.step(1 - first, at + 1.5, lift=0.11, **short),
            ]
            continue
        moves += [
            floor.step(first, at, ahead=1.3 * wide, lift=0.20, **short),
            floor.step(first, at + 0.5, left=0.2 * sign * wide, lift=0.14, **short),
            floor.step(1 - first, at + 1, ahead=-wide, left=-0.4 * sign * wide, **short),
            floor.step(1 - first, at + 1.5, lift=0.14, **short),
            floor.step(first, at + 1.54, lift=0.03, share=0.3, over=0.3),
        ]
    return moves


_ROBOT: Final = (
    pose(left=(0.0, 0.12, 0.0, 1.57), right=(0.0, 0.12, 0.0, 1.57)),
    pose(
        trunk=(0.0, 0.45, 0.0),
        head=(0.0, -0.5, 0.0),
        left=(0.0, 0.12, 0.0, 1.57),
        right=(1.57, 0.10, 0.0, 0.10),
    ),
    pose(
        trunk=(0.0, -0.35, 0.0),
        head=(0.0, 0.6, 0.0),
        left=(0.0, 1.57, -1.45, 1.57),
        right=(0.0, 0.12, 0.0, 1.57),
    ),
    pose(
        trunk=(0.0, 0.0, 0.0),
        head=(0.0, 0.0, 0.25),
        left=(0.0, 1.57, -1.45, 1.57),
        right=(0.0, 1.57, 1.45, 1.57),
    ),
    pose(
        pelvis=(0.15, 0.0, 0.0),
        trunk=(0.50, 0.0, 0.0),
        head=(-0.25, 0.0, 0.0),
        left=(0.60, 0.15, 0.0, 0.10),
        right=(0.60, 0.15, 0.0, 0.10),
    ),
    pose(
        hips=(-0.05, -0.06, 0.0),
        trunk=(0.0, 0.30, 0.28),
        head=(0.0, 0.3, -0.2),
        left=(1.57, 0.15, 0.0, 1.57),
        right=(-0.45, 0.12, 0.0, 1.57),
    ),
    pose(
        hips=(0.05, -0.08, 0.0),
        trunk=(0.0, -0.40, -0.15),
        head=(0.25, -0.2, 0.0),
        left=(-0.45, 0.12, 0.0, 1.57),
        right=(1.57, 0.15, 0.0, 1.57),
    ),
)


def _robot(floor: Floor, take: Take) -> Choreography:
    """One joint group after another jumps to its next place, stops dead, and shakes a little."""
    b, num = floor.counts, floor.num_counts
    rows = _robot_poses(num, take.rng.integers(1, len(_ROBOT), size=64))
    clock = np.clip(sharp(b, 0.48), 0.0, num - 1e-6)
    whole = np.floor(clock).astype(int)
    first = clock - whole
    track = rows[whole] + first[:, None] * (rows[np.minimum(whole + 1, num)] - rows[whole])
    # a hard stop rings
    after = np.mod(b, 1.0) - 0.48
    ring = np.where(after > 0.0, np.exp(-9.0 * after) * np.sin(2 * np.pi * 3.2 * after), 0.0)
    track[:, 15] += 0.10 * ring
    track[:, 19] -= 0.10 * ring
    track[:, 9] += 0.05 * ring
    track[:, 1] -= 0.03
    wide = 0.05
    moves: list[FootMove] = []
    for k in range(3, num, 4):
        side = floor.side ^ (k // 4 % 2)
        sign = 1.0 if side == 0 else -1.0
        moves += [
            floor.step(side, k - 1, left=sign * wide, ahead=0.16, lift=0.10, share=0.40),
            floor.step(side, k + 0.5, lift=0.10, share=0.40),
        ]
    return Choreography(rows=track, moves=moves)


def _robot_poses(num: int, picks: NDArray[np.int64]) -> Floats:
    """Poses at every count, (num + 1, 20): each count moves only a part of the body."""
    table = [_ROBOT[0]]
    for k in range(num):
        pick = int(picks[k % 64])
        row = _ROBOT[pick]
        row = row if picks[(k + 7) % 64] % 2 else mirrored(row)
        # head, left arm, right arm, trunk, or all of it
        part = (
            (slice(9, 12),),
            (slice(12, 16),),
            (slice(16, 20),),
            (slice(0, 9),),
            (slice(0, 12), slice(12, 20)),
        )[int(picks[(k + 13) % 64] + k) % 5]
        fresh = table[-1].copy()
        for one in part if k % 3 else (*part, slice(12, 20)):
            fresh[one] = row[one]
        table.append(fresh)
    return np.array(table)


STREET: Final = {
    "hip_hop": Dance(bpm=(88.0, 112.0), bar=4, compose=_hip_hop),
    "robot": Dance(bpm=(92.0, 116.0), bar=4, compose=_robot, arms_s=0.5),
}
