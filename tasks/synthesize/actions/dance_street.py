"""Dances of the street: hip-hop, robot, moonwalk, jumping."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.actions.dance_floor import Choreography, Dance, Floor, down_on_beat, sharp
from tasks.synthesize.engine.keyposes import mirrored, pose
from tasks.synthesize.engine.splines import glide
from tasks.synthesize.engine.timing import ease

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
    wide = 0.30 * floor.size
    moves: list[FootMove] = []
    for bar in range(0, num, 4):
        first = floor.side ^ (bar // 4 % 2)
        sign = 1.0 if first == 0 else -1.0
        if floor.lots[bar // 4 % 8] < 0.5:
            # out, out, in, in
            moves += [
                floor.step(first, bar, left=sign * wide, lift=0.08, over=0.5, share=0.5),
                floor.step(1 - first, bar + 1, left=-sign * wide, lift=0.08, over=0.5, share=0.5),
                floor.step(first, bar + 2, lift=0.08, over=0.5, share=0.5),
                floor.step(1 - first, bar + 3, lift=0.08, over=0.5, share=0.5),
            ]
            continue
        # rock ahead, back on the other foot, behind, home
        moves += [
            floor.step(first, bar, ahead=1.3 * wide, lift=0.16, over=0.8),
            floor.step(first, bar + 1, lift=0.12, over=0.8),
            floor.step(1 - first, bar + 2, ahead=-0.8 * wide, left=-sign * wide, over=0.6),
            floor.step(1 - first, bar + 3, lift=0.14, over=0.8),
        ]
    return Choreography(rows=track, moves=moves)


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


def _moonwalk(floor: Floor, take: Take) -> Choreography:
    """Slide back on a flat foot while the other one stands on its toes; then walk up again."""
    del take
    b, num = floor.counts, floor.num_counts
    long = 0.42 * floor.size
    slides = max(2, num // 2)
    moves: list[FootMove] = []
    place = [0.0, 0.0]
    heels = np.zeros((len(b), 2))
    for k in range(slides):
        side = floor.side ^ (k % 2)
        place[side] = -(k + 1) * long / 1.0 + 0.5 * long * (k == 0)
        moves.append(floor.step(side, k + 0.9, ahead=place[side], lift=0.0, over=0.15, share=0.85))
        # the foot that stays stands on its toes until the other one has gone past it
        up = ease((b - k + 0.15) / 0.3) * (1.0 - ease((b - k - 0.7) / 0.28))
        heels[:, 1 - side] += 0.85 * up
    steps = num - slides
    far = (place[0] + place[1]) / 2
    side = floor.side ^ (slides % 2)
    for k in range(steps):
        last = k >= steps - 2
        ahead = 0.0 if last else far * (1.0 - (k + 1.5) / (steps - 0.5))
        moves.append(floor.step(side, slides + k + 0.95, ahead=ahead, lift=0.09, share=0.7))
        side = 1 - side
    swing = np.cos(np.pi * b) * (1.0 if floor.side == 0 else -1.0)
    back = ease(b - slides + 0.5)
    rows = floor.blank()
    rows[:, 1] = -0.05 + 0.02 * np.cos(2 * np.pi * b)
    rows[:, 3] = 0.10 * (1.0 - back)
    rows[:, 4] = 0.10 * swing
    rows[:, 6] = 0.16 * (1.0 - back)
    rows[:, 7] = -0.25 * swing
    rows[:, 9] = -0.10 + 0.10 * np.cos(2 * np.pi * b)
    for one, sign in ((0, 1.0), (1, -1.0)):
        at = 12 + 4 * one
        rows[:, at] = 0.15 - sign * 0.50 * swing
        rows[:, at + 1] = 0.22
        rows[:, at + 2] = 0.25
        rows[:, at + 3] = 0.75 - 0.35 * sign * swing
    return Choreography(rows=rows, moves=moves, heels=heels, direction="backward")


def _jumping(floor: Floor, take: Take) -> Choreography:
    """Small jumps on every count, arms pumping overhead, feet apart and together."""
    b, num = floor.counts, floor.num_counts
    gravity, period = take.setting.gravity_mps2, floor.period_s
    # a flight of this share of a count; knees and ankles take the rest
    share = 0.50
    flight_s = share * period
    speed = 0.5 * gravity * flight_s
    phase = np.mod(b + 0.5 * share, 1.0)
    on = (b > 0.5) & (b < num - 0.5)
    air = np.clip(phase / share, 0.0, 1.0)
    ground = np.clip((phase - share) / (1.0 - share), 0.0, 1.0)
    up = speed * flight_s * air * (1.0 - air)
    # on the ground half a sine takes the speed of landing over into that of take-off
    dip = speed * (1.0 - share) * period / np.pi * np.sin(np.pi * ground)
    hips = np.where(phase < share, up, -dip) * on
    feet = np.where(on & (phase < share), 0.9 * up, 0.0)
    heel = np.where(on, 0.45 * np.sin(np.pi * np.clip((phase + 0.18) / (share + 0.30), 0, 1)), 0.0)
    pump = 0.5 + 0.5 * np.cos(2 * np.pi * (b - 0.1))
    rows = floor.blank()
    rows[:, 1] = -0.045 * ease(b + 0.5) * (1.0 - ease(b - num + 0.5))
    rows[:, 3] = 0.06
    rows[:, 6] = 0.06 - 0.08 * pump
    rows[:, 7] = 0.22 * np.sin(np.pi * b / 2) * floor.size
    rows[:, 9] = 0.18 * np.cos(2 * np.pi * b)
    rows[:, 10] = 0.15 * np.sin(np.pi * b / 2)
    one_arm = floor.lots[0] < 0.4
    for side in (0, 1):
        at = 12 + 4 * side
        raised = not (one_arm and side != floor.side)
        rows[:, at] = (1.9 + 0.55 * pump) if raised else 0.45
        rows[:, at + 1] = 0.50 if raised else 0.35
        rows[:, at + 2] = 0.0
        rows[:, at + 3] = (1.15 - 0.75 * pump) if raised else (1.25 + 0.3 * pump)
    flight = np.stack([hips, feet], axis=-1)
    heels = np.stack([heel, heel], axis=-1)
    return Choreography(rows=rows, flight=flight, heels=heels)


STREET: Final = {
    "hip_hop": Dance(bpm=(88.0, 112.0), bar=4, compose=_hip_hop),
    "robot": Dance(bpm=(92.0, 116.0), bar=4, compose=_robot, arms_s=0.5),
    "moonwalk": Dance(bpm=(92.0, 116.0), bar=4, compose=_moonwalk),
    "jumping": Dance(bpm=(120.0, 136.0), bar=4, compose=_jumping),
}
