"""Dances of the stage: ballet, and free modern dance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.actions.dance_floor import Choreography, Dance, Floor
from tasks.synthesize.engine.keyposes import mirrored, pose
from tasks.synthesize.engine.splines import glide
from tasks.synthesize.engine.timing import ease

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.steps import FootMove
    from tasks.synthesize.engine.take import Take

    Floats = NDArray[np.float64]

__all__ = ["STAGE"]

_LOW: Final = ((0.30, 0.35, 0.45, 0.45), (0.30, 0.35, 0.45, 0.45))
_FIRST: Final = ((1.15, 0.35, 0.65, 0.75), (1.15, 0.35, 0.65, 0.75))
_SECOND: Final = ((0.30, 1.45, 0.0, 0.30), (0.30, 1.45, 0.0, 0.30))
_FIFTH: Final = ((0.45, 2.65, -0.3, 0.65), (0.45, 2.65, -0.3, 0.65))
_FOURTH: Final = ((0.30, 1.45, 0.0, 0.30), (0.45, 2.65, -0.3, 0.65))
_PLIE: Final = pose(hips=(0.0, -0.17, -0.01), arms=_SECOND)
_TALL: Final = pose(hips=(0.0, 0.02, 0.0), trunk=(-0.06, 0, 0), head=(-0.12, 0, 0), arms=_FIFTH)
_ARABESQUE: Final = pose(
    hips=(0.0, -0.01, 0.02),
    pelvis=(0.55, 0.0, 0.0),
    trunk=(-0.25, 0.0, 0.0),
    head=(-0.35, 0.0, 0.0),
    left=(1.75, 0.15, 0.0, 0.10),
    right=(0.10, 1.45, 0.0, 0.15),
)
_BACK_LEG: Final = (-1.10, 0.10, 0.35, 0.12, 1.0)
_OFF_LEG: Final = (-0.10, 0.04, 0.1, 0.22, 0.5)
_BEND: Final = pose(
    hips=(0.03, -0.05, 0.0),
    pelvis=(0.0, 0.0, 0.05),
    trunk=(0.0, 0.20, 0.50),
    head=(0.0, 0.3, 0.2),
    left=(0.45, 2.60, -0.3, 0.65),
    right=(0.45, 0.30, 0.5, 0.60),
)


def _ballet(floor: Floor, take: Take) -> Choreography:
    """Plie, rise, balance on one leg, side bend, and a turn in small steps on the toes."""
    del take
    b, num = floor.counts, floor.num_counts
    stand = 1 - floor.side
    start = [(-0.4, pose(arms=_LOW))]
    moves: list[FootMove] = []
    heels = np.zeros(len(b))
    lift = np.zeros(len(b))
    turned = 0.0
    figures = [("plie", "arabesque", "turn"), ("bend", "turn", "plie"), ("turn", "plie", "bend")]
    order = figures[int(floor.lots[0] * 3)]
    leg_times, leg_rows = [-1.0], [_OFF_LEG]
    for k, at in enumerate(range(0, num, 4)):
        figure = order[k % 3]
        start += [(at + one, row) for one, row in _figure(figure, floor.side)]
        if figure == "turn":
            way = 1.0 if floor.lots[1 + k % 4] < 0.5 else -1.0
            moves += _little_steps(floor, at, turned, way * 2 * np.pi)
            turned += way * 2 * np.pi
            heels += 0.75 * ease((b - at - 0.3) / 0.5) * (1.0 - ease((b - at - 3.4) / 0.5))
        elif figure == "plie":
            heels += 0.75 * ease((b - at - 1.9) / 0.7) * (1.0 - ease((b - at - 3.2) / 0.6))
        elif figure == "arabesque":
            lift += ease((b - at - 0.3) / 0.9) * (1.0 - ease((b - at - 3.0) / 0.9))
            leg_times += [at + 0.6, at + 1.8, at + 2.9, at + 3.8]
            leg_rows += [_OFF_LEG, _BACK_LEG, _BACK_LEG, _OFF_LEG]
    track = glide(b, [one[0] for one in start], np.array([one[1] for one in start]))
    track[:, :12] *= floor.size
    track[:, 0] += 0.098 * lift * (1.0 if stand == 0 else -1.0)
    legs = ((floor.side, glide(b, leg_times, leg_rows), lift),)
    out = 0.5 * ease(b + 0.3) * (1.0 - ease(b - num + 0.3))
    return Choreography(
        rows=track,
        moves=moves,
        heels=np.stack([heels * (1 - lift), heels * (1 - lift)], axis=-1),
        turnout=np.stack([out, -out], axis=-1),
        legs=legs,
        turn_rad=turned,
    )


def _figure(name: str, side: int) -> list[tuple[float, Floats]]:
    """Counts of a bar and the poses there."""
    first, second, low = pose(arms=_FIRST), pose(arms=_SECOND), pose(arms=_LOW)
    if name == "turn":
        return [(0.8, first), (1.6, _TALL), (3.2, _TALL), (3.9, low)]
    if name == "plie":
        return [(0.6, first), (1.5, _PLIE), (2.6, _TALL), (3.1, _TALL), (3.9, second)]
    if name == "bend":
        one = _BEND if side else mirrored(_BEND)
        return [(0.6, second), (1.4, one), (1.8, one), (2.6, pose(arms=_FOURTH)), (3.9, first)]
    # the leg of the side goes back, the other one bears
    one = _ARABESQUE if side else mirrored(_ARABESQUE)
    return [(0.7, first), (1.8, one), (2.9, one), (3.9, second)]


def _little_steps(floor: Floor, at: float, before: float, turn: float) -> list[FootMove]:
    """A turn on the spot in eight quick steps on the toes."""
    moves = []
    for k in range(8):
        side = (0 if turn > 0 else 1) ^ (k % 2)
        # two steps a stage; the last two stand in the new front together
        yaw = before + turn * min(1.0, (k // 2 + 1 - 0.35 * (k % 2 == 0) * (k < 6)) / 4)
        moves.append(
            floor.step(side, at + 0.8 + 0.36 * k, yaw=yaw, lift=0.03, over=0.35, share=0.32)
        )
    return moves


_MODERN: Final = (
    pose(
        hips=(0.0, -0.16, 0.0),
        pelvis=(0.25, 0.0, 0.0),
        trunk=(0.65, 0.0, 0.0),
        head=(0.35, 0.0, 0.0),
        left=(0.95, 0.25, 0.5, 0.55),
        right=(0.95, 0.25, 0.5, 0.55),
    ),
    pose(
        hips=(0.0, 0.0, 0.0),
        pelvis=(-0.08, 0.0, 0.0),
        trunk=(-0.32, 0.0, 0.0),
        head=(-0.35, 0.0, 0.0),
        left=(0.35, 2.30, -0.3, 0.35),
        right=(0.35, 2.30, -0.3, 0.35),
    ),
    pose(
        hips=(0.10, -0.06, 0.0),
        pelvis=(0.0, 0.25, -0.08),
        trunk=(0.05, 0.50, -0.42),
        head=(0.0, 0.4, -0.2),
        left=(0.20, 1.05, 0.0, 0.30),
        right=(0.80, 2.10, -0.2, 0.50),
    ),
    pose(
        hips=(-0.08, -0.11, 0.0),
        pelvis=(0.10, -0.35, 0.05),
        trunk=(0.20, -0.55, 0.25),
        head=(0.1, -0.45, 0.1),
        left=(1.45, 0.20, 0.3, 0.25),
        right=(-0.55, 0.85, 0.0, 0.30),
    ),
    pose(
        hips=(0.0, -0.08, 0.0),
        trunk=(0.10, 0.0, 0.0),
        head=(0.2, 0.0, 0.0),
        left=(0.65, 0.35, 0.95, 1.65),
        right=(0.65, 0.35, 0.95, 1.65),
    ),
)


def _modern(floor: Floor, take: Take) -> Choreography:
    """Long flowing lines: contract, open, lunge to a side, spiral, sweep the arms."""
    b, num = floor.counts, floor.num_counts
    picks = take.rng.integers(0, len(_MODERN), size=32)
    times, rows = [-0.7], [_MODERN[4]]
    moves: list[FootMove] = []
    turned = 0.0
    for k in range(0, num, 2):
        pick = int(picks[k % 32])
        pick = (pick + 1) % len(_MODERN) if k and pick == int(picks[(k - 2) % 32]) else pick
        flip = (k // 2 + floor.side) % 2 == 1
        row = _MODERN[pick] if flip else mirrored(_MODERN[pick])
        times += [k + 0.75, k + 1.15]
        rows += [row, row * 1.04]
        side = 1 if flip else 0
        sign = 1.0 if side == 0 else -1.0
        if k % 8 == 6 and k + 2 < num and floor.lots[k % 8] < 0.6:
            moves += [
                floor.step(side, k, left=sign * 0.1, yaw=turned + sign * 2.0, share=0.9),
                floor.step(1 - side, k + 0.85, yaw=turned + sign * 4.2, share=1.1),
                floor.step(side, k + 1.5, yaw=turned + sign * 2 * np.pi, over=0.6, share=0.7),
                floor.step(1 - side, k + 1.7, yaw=turned + sign * 2 * np.pi, over=0.4, share=0.8),
            ]
            turned += sign * 2 * np.pi
            continue
        reach = 0.52 * floor.size
        ahead = (0.25, -0.15, 0.0, 0.30, 0.0)[pick] * floor.size
        moves.append(
            floor.step(
                side, k + 0.5, left=sign * reach, ahead=ahead, yaw=turned, share=0.8, over=0.6
            )
        )
        moves.append(floor.step(side, k + 1.75, yaw=turned, share=0.8, over=0.7, lift=0.05))
    track = glide(b, times, np.array(rows))
    track[:, :12] *= floor.size
    track[:, 1] -= 0.03
    wave = np.sin(2 * np.pi * b / 4)
    track[:, 15] += 0.15 * wave
    track[:, 19] -= 0.15 * wave
    return Choreography(rows=track, moves=moves, turn_rad=turned)


STAGE: Final = {
    "ballet": Dance(bpm=(72.0, 92.0), bar=4, compose=_ballet, arms_s=0.6),
    "modern": Dance(bpm=(84.0, 110.0), bar=2, compose=_modern, arms_s=0.5),
}
