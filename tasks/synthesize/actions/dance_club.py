"""Dances of a club: the moonwalk, and jumping to the beat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.actions.dance_floor import Choreography, Dance, Floor
from tasks.synthesize.engine.timing import ease

if TYPE_CHECKING:
    from tasks.synthesize.engine.steps import FootMove
    from tasks.synthesize.engine.take import Take

__all__ = ["CLUB"]


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
    # apart and together while in the air
    wide = 0.15 * floor.size * (floor.lots[1] < 0.7)
    moves = [
        floor.step(
            side,
            k + share / 2,
            left=wide * (1 - 2 * side) * (k % 2) * (k + 1 < num),
            lift=0.0,
            over=0.0,
            share=share,
        )
        for k in range(1, num)
        for side in (0, 1)
    ]
    flight = np.stack([hips, feet], axis=-1)
    heels = np.stack([heel, heel], axis=-1)
    return Choreography(rows=rows, flight=flight, heels=heels, moves=moves)


CLUB: Final = {
    "moonwalk": Dance(bpm=(92.0, 116.0), bar=4, compose=_moonwalk),
    "jumping": Dance(bpm=(120.0, 136.0), bar=4, compose=_jumping),
}
