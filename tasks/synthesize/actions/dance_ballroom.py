"""Dances with a fixed basic step: waltz, salsa, line dance, charleston."""

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

__all__ = ["BALLROOM"]

_HOLD: Final = pose(
    trunk=(-0.06, 0.0, 0.0),
    head=(-0.05, 0.35, -0.08),
    left=(0.55, 1.30, -0.10, 0.95),
    right=(0.85, 0.95, 0.55, 1.15),
)
"""Arms around a partner who is not there: led hand out and high, the other on the back."""


def _rotated(left: float, ahead: float, yaw: float) -> tuple[float, float]:
    """A way (left, ahead) of a body that has turned by `yaw`, in the frame of the start."""
    cosine, sine = float(np.cos(yaw)), float(np.sin(yaw))
    return left * cosine + ahead * sine, ahead * cosine - left * sine


def _waltz(floor: Floor, take: Take) -> Choreography:
    """Box step in three-four time, with rise and fall; the box turns if there is time for it."""
    del take
    b, num = floor.counts, floor.num_counts
    long, wide = 0.36 * floor.size, 0.30 * floor.size
    turning = num % 12 == 0 and floor.lots[0] < 0.7
    quarter = (np.pi / 2 if turning else 0.0) * (1.0 if floor.side == 0 else -1.0)
    moves: list[FootMove] = []
    x = z = yaw = 0.0
    for bar in range(num // 3):
        lead = floor.side ^ (bar % 2)
        sign = 1.0 if lead == 0 else -1.0
        forward = 1.0 if bar % 2 == 0 else -1.0
        dx, dz = _rotated(0.0, forward * long, yaw)
        x, z = x + dx, z + dz
        moves.append(
            floor.step(lead, 3 * bar, left=x, ahead=z, yaw=yaw + quarter / 2, lift=0.04, share=0.7)
        )
        yaw += quarter
        # the free foot passes beside the other one and goes out to its side; the first one closes
        dx, dz = _rotated(-sign * wide, 0.0, yaw)
        x, z = x + dx, z + dz
        if bar == num // 3 - 1:
            x = z = 0.0
        step = {"left": x, "ahead": z, "yaw": yaw, "share": 0.72}
        moves.append(floor.step(1 - lead, 3 * bar + 1, lift=0.05, **step))
        moves.append(floor.step(lead, 3 * bar + 2, lift=0.03, **step))
    rise, rows = _rise_and_sway(floor)
    heel = 0.55 * rise * (1.0 - ease(b - num + 1.0))
    return Choreography(
        rows=rows,
        moves=moves,
        heels=np.stack([heel, heel], axis=-1),
        turn_rad=yaw,
        direction="around" if turning else "",
    )


def _rise_and_sway(floor: Floor) -> tuple[Floats, Floats]:
    """Rise on two and three (n,), and the poses that go with it (n, 20)."""
    b = floor.counts
    phase = np.mod(b, 3.0)
    rise = glide(phase, (0.0, 0.9, 1.9, 2.35, 3.0), (0.0, 0.75, 1.0, 0.85, 0.0))
    rise *= (b > 0.0) * 1.0
    sway = np.sin(2 * np.pi * (b - 0.4) / 6.0) * (1.0 if floor.side == 0 else -1.0)
    rows = np.tile(_HOLD, (len(b), 1))
    rows[:, 1] = -0.075 * (1.0 - rise) + 0.03 * rise
    rows[:, 3] = -0.03
    rows[:, 5] = 0.05 * sway * rise
    rows[:, 7] = 0.18 * sway
    rows[:, 8] = 0.13 * sway * rise
    rows[:, 10] += 0.15 * sway
    rows[:, 12] += 0.10 * sway
    rows[:, 13] += 0.12 * sway * rise
    rows[:, 16] += 0.10 * sway
    if floor.side:
        rows[:, 12:] = mirrored(rows)[:, 12:]
    return rise, rows


def _salsa(floor: Floor, take: Take) -> Choreography:
    """Forward and back on one, two, three, five, six, seven; hips roll over the bearing leg."""
    del take
    b = floor.counts
    first, moves = floor.side, _salsa_steps(floor)
    weight = np.sin(np.pi * b + 0.3) * (1.0 if first == 0 else -1.0)
    double = np.cos(2 * np.pi * b)
    size = floor.size
    rows = floor.blank()
    rows[:, 0] = 0.035 * weight * size
    rows[:, 1] = -0.045 + 0.012 * double
    rows[:, 4] = 0.26 * np.cos(np.pi * b) * size
    rows[:, 5] = -0.22 * weight * size
    rows[:, 6] = 0.05
    rows[:, 7] = -0.36 * np.cos(np.pi * b) * size
    rows[:, 8] = 0.30 * weight * size
    rows[:, 9] = 0.03 * double
    rows[:, 10] = 0.12 * np.cos(np.pi * b)
    rows[:, 11] = -0.10 * weight
    flourish = ease(np.mod(b, 16.0) - 8.0) * (1.0 - ease(np.mod(b, 16.0) - 14.0))
    for side, sign in ((0, 1.0), (1, -1.0)):
        at = 12 + 4 * side
        swing = sign * np.cos(np.pi * b + 0.4)
        up = flourish * (side == first) * (floor.lots[1] < 0.75)
        rows[:, at] = 0.45 + 0.42 * swing * size + 0.25 * up
        rows[:, at + 1] = 0.42 + 0.12 * weight + 1.75 * up
        rows[:, at + 2] = 0.35 - 0.5 * up
        rows[:, at + 3] = 1.55 + 0.30 * double * 0.5 - 0.35 * swing - 0.7 * up
    return Choreography(rows=rows, moves=moves)


def _salsa_steps(floor: Floor) -> list[FootMove]:
    """One, two, three, tap: ahead and behind, or out to both sides."""
    num = floor.num_counts
    long = 0.30 * floor.size
    first, side_basic = floor.side, floor.lots[0] < 0.35
    moves: list[FootMove] = []
    for bar in range(0, num, 8):
        for half, lead in ((0, first), (4, 1 - first)):
            sign = 1.0 if lead == 0 else -1.0
            ahead = (long if half == 0 else -long) if not side_basic else 0.0
            left = sign * long if side_basic else 0.0
            at = bar + half
            moves += [
                floor.step(lead, at, left=left, ahead=ahead, lift=0.05, over=0.75),
                floor.step(1 - lead, at + 1, lift=0.06, over=0.8),
                floor.step(lead, at + 2, lift=0.05, over=0.75),
            ]
            if half == 0 or bar + 8 < num:
                # a tap on the count nobody steps on
                tap = 0.04 * (1 if half == 0 else -1)
                moves.append(floor.step(1 - lead, at + 3, ahead=-tap, lift=0.05, over=0.8))
    return moves


_BELT: Final = pose(left=(-0.05, 0.55, 0.35, 1.35), right=(-0.05, 0.55, 0.35, 1.35))


def _line(floor: Floor, take: Take) -> Choreography:
    """Vine to one side and back, forward and back, thumbs in the belt; a whole turn for a vine."""
    del take
    b, num = floor.counts, floor.num_counts
    wide = 0.34 * floor.size
    first = 1 - floor.side
    moves: list[FootMove] = []
    turned = 0.0
    claps: list[float] = []
    for bar in range(num // 8):
        spin = floor.lots[bar % 8] < 0.45
        for half in (0, 1):
            lead = first ^ half
            sign = 1.0 if lead == 0 else -1.0
            at, base = 8 * bar + 4 * half, 0.0 if half == 0 else -sign * 2 * wide
            turn = sign * 2 * np.pi if spin and half == 1 else 0.0
            moves += _vine(floor, lead, at=at, base=base, wide=wide, yaw=(turned, turn))
            turned += turn
            claps.append(at + 3.0)
    weight = np.sin(np.pi * (b - 0.35)) * (1.0 if first == 0 else -1.0)
    rows = np.tile(_BELT, (len(b), 1))
    rows[:, 1] = -0.02 + down_on_beat(b, 0.03 + 0.04 * floor.energy)
    rows[:, 4] = 0.14 * weight * floor.size
    rows[:, 5] = -0.08 * weight * floor.size
    rows[:, 6] = 0.04
    rows[:, 7] = -0.22 * weight * floor.size
    rows[:, 8] = 0.08 * weight
    rows[:, 9] = 0.08 * np.cos(2 * np.pi * b)
    rows[:, 10] = 0.12 * weight
    hands, clap = _claps(b, claps)
    return Choreography(
        rows=rows,
        moves=moves,
        hands=hands,
        hands_weight=np.stack([clap, clap], axis=-1),
        turn_rad=turned,
    )


def _claps(b: Floats, counts: list[float]) -> tuple[Floats, Floats]:
    """Targets of both hands that clap at counts, and the weight of it: (n, 2, 3), (n,)."""
    hands = np.zeros((len(b), 2, 3))
    clap, open_ = np.zeros(len(b)), np.zeros(len(b))
    for at in counts:
        clap += ease((b - at + 0.75) / 0.6) * (1.0 - ease((b - at - 0.15) / 0.6))
        open_ += ease((b - at + 0.75) / 0.35) * (1.0 - ease((b - at + 0.36) / 0.34))
        open_ += ease((b - at - 0.02) / 0.4)
        open_ -= ease((b - at - 0.5) / 0.3)
    for side, sign in ((0, 1.0), (1, -1.0)):
        hands[:, side] = np.array([sign * 0.07, -0.10, 0.58])
        hands[:, side, 0] += sign * 0.30 * open_
        hands[:, side, 1] -= 0.10 * open_
    return hands, clap


def _vine(
    floor: Floor, lead: int, *, at: int, base: float, wide: float, yaw: tuple[float, float]
) -> list[FootMove]:
    """Side, behind, side, touch; or the same way with a whole turn in three steps."""
    sign = 1.0 if lead == 0 else -1.0
    before, turn = yaw
    rest = base + sign * 2 * wide
    if turn:
        return [
            floor.step(lead, at, left=base + sign * wide, yaw=before + turn / 3, share=0.9),
            floor.step(
                1 - lead,
                at + 1,
                left=base + sign * 1.5 * wide,
                yaw=before + 2 * turn / 3,
                share=1.05,
            ),
            floor.step(lead, at + 2, left=rest, yaw=before + turn, share=1.1),
            floor.step(1 - lead, at + 3, left=rest, yaw=before + turn, lift=0.10),
        ]
    # behind: past the other foot, which stands half a hip's width to the side
    behind = base + sign * (wide + 0.32)
    held = {"yaw": before}
    return [
        floor.step(lead, at, left=base + sign * wide, **held),
        floor.step(1 - lead, at + 1, left=behind, ahead=-0.20, **held),
        floor.step(lead, at + 2, left=rest, **held),
        floor.step(1 - lead, at + 3, left=rest, lift=0.10, **held),
    ]


def _charleston(floor: Floor, take: Take) -> Choreography:
    """Step, kick ahead, step back, tap behind; heels swing out and in, arms against the legs."""
    del take
    b, num = floor.counts, floor.num_counts
    first, moves = floor.side, _charleston_steps(floor)
    alive = ease(b) * (1.0 - ease(b - num + 1.2))
    swivel = 0.34 * np.cos(2 * np.pi * b) * alive * floor.size
    swing = np.cos(np.pi * (b - 1.0) / 2) * (1.0 if first == 0 else -1.0)
    rows = floor.blank()
    rows[:, 1] = -0.055 + down_on_beat(b, 0.04 + 0.03 * floor.energy)
    rows[:, 3] = 0.08 + 0.05 * np.cos(np.pi * b / 2)
    rows[:, 4] = 0.14 * swing
    rows[:, 6] = 0.10 - 0.14 * np.cos(np.pi * (b - 1.0) / 2)
    rows[:, 7] = -0.42 * swing * floor.size
    rows[:, 9] = 0.08 * np.cos(2 * np.pi * b)
    rows[:, 10] = 0.20 * swing
    for side, sign in ((0, 1.0), (1, -1.0)):
        at = 12 + 4 * side
        rows[:, at] = 0.25 + sign * 0.95 * swing * floor.size
        rows[:, at + 1] = 0.40 + 0.15 * np.cos(2 * np.pi * b)
        rows[:, at + 2] = 0.3
        rows[:, at + 3] = 0.95 + 0.40 * sign * swing + 0.25 * np.cos(2 * np.pi * b)
    heel = np.stack([0.32 * alive, 0.32 * alive], axis=-1)
    swivels = np.stack([swivel, -swivel], axis=-1)
    return Choreography(rows=rows, moves=moves, pivot=swivels, heels=heel)


def _charleston_steps(floor: Floor) -> list[FootMove]:
    """Step, kick ahead, step back, tap behind."""
    num = floor.num_counts
    first = floor.side
    long = 0.28 * floor.size
    moves: list[FootMove] = []
    for bar in range(0, num, 4):
        last = bar + 4 >= num
        moves += [
            floor.step(first, bar, ahead=0.6 * long, lift=0.06, over=0.75),
            floor.step(1 - first, bar + 1, ahead=1.9 * long, lift=0.24, over=0.95, share=0.72),
            floor.step(1 - first, bar + 2, ahead=-0.2 * long, lift=0.16, over=0.9, share=0.72),
            floor.step(
                first,
                bar + 3,
                ahead=0.0 if last else -1.3 * long,
                lift=0.14,
                over=0.9,
                share=0.72,
            ),
        ]
    moves.append(floor.step(1 - first, num - 0.15, lift=0.04, share=0.5))
    return moves


BALLROOM: Final = {
    "waltz": Dance(bpm=(84.0, 120.0), bar=6, compose=_waltz),
    "salsa": Dance(bpm=(150.0, 190.0), bar=8, compose=_salsa),
    "line_dance": Dance(bpm=(104.0, 126.0), bar=8, compose=_line),
    "charleston": Dance(bpm=(120.0, 156.0), bar=4, compose=_charleston),
}
