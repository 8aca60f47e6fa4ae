"""Dribbling: a basketball pushed to the floor, a football pushed along with the feet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.arms import aim_hand
from tasks.synthesize.engine.gait import RUN, WALK
from tasks.synthesize.engine.keyposes import lay_pose
from tasks.synthesize.engine.splines import frames_of, glide
from tasks.synthesize.engine.steps import FootMove, keep_hips_in_reach, step_feet
from tasks.synthesize.engine.take import ActionSpec, Beat, Deed, Leg, Take
from tasks.synthesize.engine.timing import ease, pulse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.body import Body
    from tasks.synthesize.engine.manner import Manner
    from tasks.synthesize.engine.setting import Setting

    Floats = NDArray[np.float64]

__all__ = ["DRIBBLE"]

_STYLES: Final = ("basketball", "crossover", "low", "soccer")
_JOG_MPS: Final = 1.9
"""From this speed on one jogs rather than walks."""
_HERTZ: Final = {"basketball": 1.5, "crossover": 1.4, "low": 2.2}
"""Bounces a second; a recorded player takes 1.15 to 1.4 (CMU trials 06_02 to 06_14)."""
_DEPTH: Final = {"basketball": 0.07, "crossover": 0.11, "low": 0.18}
"""Lowering of the hips, share of the leg."""


def _chosen(beat: Beat, manner: Manner) -> tuple[str, float]:
    """Style and speed: the leg and the play of one beat must agree, and share no draw."""
    # the manner's noise is as good as a drawn number, and the same both times
    lot = (manner.noise * 997.0 + 0.37 * beat.start_s) % 1.0
    style = beat.style or ("basketball", "basketball", "crossover", "low")[int(lot * 4.0)]
    if beat.amount > 0.0:
        return style, beat.amount
    if style == "soccer":
        return style, 2.2 * manner.tempo
    second = (lot * 41.0) % 1.0
    # recorded players walk about: 0 to 1.9 m/s, 1.0 m/s on the whole (CMU trials 06_02 to 06_15)
    speed = 0.0 if second < 0.30 else 2.4 if second > 0.88 else 0.55 + 1.6 * (second - 0.30)
    return style, speed * manner.tempo


def _leg(beat: Beat, body: Body, manner: Manner, setting: Setting, rng: np.random.Generator) -> Leg:
    del setting
    chance = rng.uniform(size=3)
    _, speed = _chosen(beat, manner)
    style = RUN if speed >= _JOG_MPS else WALK
    if 0.0 < speed < _JOG_MPS:
        # players shuffle: their feet hardly rise
        low = 0.045 + 0.06 * float(chance[0])
        style = replace(WALK, sink=0.02, lean=0.12, bob=0.012, lift=low, toe_off=0.75, width=0.18)
    return Leg(
        start_s=beat.start_s,
        end_s=beat.end_s,
        speed_mps=speed * body.leg / 0.83,
        turn_rad=(2.0 * float(chance[1]) - 1.0) * (0.5 if speed >= _JOG_MPS else 1.6),
        style=style,
    )


def _dribble(take: Take, beat: Beat) -> Deed:
    style, speed = _chosen(beat, take.manner)
    draws = take.rng.uniform(size=4)
    side = take.manner.handed if beat.side is None else beat.side
    if style == "soccer":
        count = _with_feet(take, beat)
        name = "both"
    else:
        count = _with_hands(take, beat, style, side=side, still=speed == 0.0, draws=draws)
        name = "both" if style == "crossover" else ("right" if side else "left")
    return Deed(
        action="dribble",
        start_s=beat.start_s,
        end_s=beat.end_s,
        side=name if style != "soccer" else "",
        count=count,
        thing="football" if style == "soccer" else "basketball",
        direction="forward" if speed > 0.0 else "",
        style=style,
        speed_mps=speed * take.body.leg / 0.83,
    )


def _with_hands(
    take: Take, beat: Beat, style: str, *, side: int, still: bool, draws: Floats
) -> int:
    posture, manner = take.posture, take.manner
    frames = frames_of(take, beat.start_s, beat.end_s)
    t = take.t[frames]
    edge = 0.45 if still else 0.35
    room = beat.end_s - beat.start_s - 2 * edge
    hertz = _HERTZ[style] * manner.tempo * (0.92 + 0.16 * float(draws[0]))
    count = beat.count or max(2, int(room * hertz))
    count = min(count, max(1, int(room * 3.2)))
    hertz = min(3.2, max(count / room, 1.1)) if beat.count else count / room
    begin = beat.start_s + edge + (room - count / hertz) / 2
    beats = (t - begin) * hertz
    inside = pulse(t, beat.start_s, beat.end_s, edge)
    depth = (_DEPTH[style] if still else 0.35 * _DEPTH[style]) * (0.8 + 0.4 * float(draws[1]))
    step = _stand_wide(take, beat, frames, side) if still else None
    push = _push(beats, count)
    owner = _owner(beats, count, style, side)
    _crouch(take, frames, depth=depth, push=push, owner=owner, inside=inside, still=still)
    if step is not None:
        keep_hips_in_reach(take, frames, step)
    size = (0.75 if style == "low" else 1.0) * (0.8 + 0.2 * manner.amplitude)
    # the free arm swings with the steps, more or less down
    loose = 0.9 * float(draws[2]) + 0.30 * np.sin(2 * np.pi * (0.8 * t + float(draws[3])))
    loose = np.minimum(np.maximum(loose, 0.0), 1.0)[:, None]
    for hand in (0, 1):
        mine = owner if hand else 1.0 - owner
        target, elbow = _hand(take, hand, push=push, mine=mine, size=size, style=style, loose=loose)
        full, weight = np.zeros((len(posture.t), 3)), np.zeros(len(posture.t))
        full[frames], weight[frames] = target, inside
        aim_hand(posture, hand, full, weight)
        posture.elbows[frames, hand] += inside * elbow
    return count


def _push(beats: Floats, count: int) -> Floats:
    """How far the hand is down, (n,): 0 high, 1 at the release of the ball; quick down, slow up."""
    phase = np.mod(beats, 1.0)
    # quick push down, the hand waits low, the ball lifts it up again
    down = ease(phase / 0.34)
    up = ease((phase - 0.55) / 0.45)
    on = (beats > 0.0) & (beats < count)
    return np.where(on, down - up, 0.0)


def _owner(beats: Floats, count: int, style: str, side: int) -> Floats:
    """Which hand has the ball, (n,): 0 left, 1 right; it changes while the ball is on its way."""
    if style != "crossover":
        return np.full_like(beats, float(side))
    # two bounces on a side, the next one goes across
    across = [k for k in range(count) if k % 3 == 2]
    times, values, at = [-1.0], [float(side)], float(side)
    for k in across:
        times += [k + 0.15, k + 0.75]
        values += [at, 1.0 - at]
        at = 1.0 - at
    return glide(beats, times, values)


def _hand(
    take: Take, hand: int, *, push: Floats, mine: Floats, size: float, style: str, loose: Floats
) -> tuple[Floats, Floats]:
    """Wrist target in the chest's frame (n, 3), and the elbow (n,)."""
    body = take.body
    arm = body.length("l_elbow") + body.length("l_wrist")
    sign = 1.0 - 2.0 * hand
    # the recorded player's wrist goes from 0.36 to 0.80 arms below the shoulder (same trials)
    high, low = -0.60 + 0.27 * size, -0.60 - 0.24 * size
    if style == "low":
        high, low = -0.70 + 0.16 * size, -0.70 - 0.16 * size
    inward = 0.30 if style == "crossover" else 0.0
    busy = np.stack(
        [
            sign * (0.42 - inward * push),
            high + (low - high) * push,
            0.52 - 0.12 * push,
        ],
        axis=-1,
    )
    # the other arm keeps the opponent off, or waits for the ball
    guard = (sign * 0.48, -0.36, 0.50) if style != "crossover" else (sign * 0.44, -0.60, 0.42)
    mix = mine[:, None]
    free = np.array(guard) + 0.8 * loose * (np.array((sign * 0.30, -0.86, 0.26)) - guard)
    target = (mix * busy + (1.0 - mix) * free) * arm
    target[:, 1] += (1.0 - mine) * 0.02 * push
    return target, 0.25 + 0.25 * (1.0 - mine)


def _crouch(
    take: Take,
    frames: slice,
    *,
    depth: float,
    push: Floats,
    owner: Floats,
    inside: Floats,
    still: bool,
) -> None:
    lean = owner - 0.5
    rows = np.zeros((len(push), 20))
    deep = inside * (depth + 0.018 * push)
    rows[:, 0] = -0.06 * lean * inside * still
    rows[:, 1] = -deep
    rows[:, 2] = -0.45 * deep
    rows[:, 3] = 0.20 * inside + 0.6 * deep
    rows[:, 4] = 0.25 * lean * inside
    rows[:, 6] = inside * (0.14 + 0.06 * push)
    rows[:, 7] = inside * lean * (0.10 - 0.22 * push)
    rows[:, 8] = inside * lean * (0.06 + 0.14 * push)
    rows[:, 9] = inside * (-0.22 + 0.10 * push)
    rows[:, 10] = -0.2 * lean * inside
    lay_pose(take, frames, rows, np.zeros(len(push)))


def _stand_wide(take: Take, beat: Beat, frames: slice, side: int) -> Floats:
    """Feet apart, the foot away from the ball ahead; home at the end. Air of the feet (n, 2)."""
    leg, other = take.body.leg, 1 - side
    sign = 1.0 if other == 0 else -1.0
    begin, end = beat.start_s, beat.end_s
    moves = (
        FootMove(
            side=other,
            start_s=begin + 0.02,
            end_s=begin + 0.34,
            left=sign * 0.10 * leg,
            ahead=0.16 * leg,
            over=0.35,
        ),
        FootMove(
            side=side,
            start_s=begin + 0.34,
            end_s=begin + 0.64,
            left=-sign * 0.12 * leg,
            ahead=-0.06 * leg,
            over=0.35,
        ),
        FootMove(side=other, start_s=end - 0.70, end_s=end - 0.38, over=0.35),
        FootMove(side=side, start_s=end - 0.38, end_s=end - 0.06, over=0.35),
    )
    return step_feet(take, frames, moves).air


def _with_feet(take: Take, beat: Beat) -> int:
    """Small touches of a jog: the swinging foot pushes the ball, the eyes are on it.

    Returns:
        Number of touches.
    """
    posture, body = take.posture, take.body
    frames = frames_of(take, beat.start_s, beat.end_s)
    t = take.t[frames]
    inside = pulse(t, beat.start_s, beat.end_s, 0.6)
    ahead = posture.turn[frames][:, :, 2] * np.array([1.0, 0.0, 1.0])
    left = np.stack([ahead[:, 2], np.zeros(len(t)), -ahead[:, 0]], axis=-1)
    touches = 0
    for side in (0, 1):
        gap = posture.ankles[frames, side] - posture.hips[frames]
        reach = (gap * ahead).sum(axis=-1)
        rise = np.maximum(posture.ankles[frames, side, 1] - body.ankle_height - 0.015, 0.0)
        # only a foot in the air may go elsewhere: late in its swing it turns out to the ball
        late = ease((reach + 0.10 * body.leg) / (0.25 * body.leg)) * ease(rise / 0.05)
        sign = 1.0 - 2.0 * side
        push = inside * late
        posture.ankles[frames, side] -= sign * 0.05 * body.leg * push[:, None] * left
        posture.ankles[frames, side, 1] += 0.03 * body.leg * push
        posture.knees[frames, side] += sign * 0.35 * push[:, None] * left
        touches += int(((push[1:] > 0.5) & (push[:-1] <= 0.5)).sum())
    rows = np.zeros((len(t), 20))
    wave = np.sin(2 * np.pi * 1.3 * take.manner.tempo * t)
    rows[:, 1] = -0.015 * inside
    rows[:, 6] = 0.12 * inside
    rows[:, 9] = 0.38 * inside
    rows[:, 12:16] = (0.15, 0.60, 0.2, 1.1)
    rows[:, 16:20] = (0.15, 0.60, 0.2, 1.1)
    rows[:, 12] += 0.30 * wave
    rows[:, 16] -= 0.30 * wave
    lay_pose(take, frames, rows, 0.55 * inside)
    return touches


DRIBBLE: Final = ActionSpec(
    name="dribble",
    kind="whole",
    seconds=(3.0, 8.0),
    play=_dribble,
    go=_leg,
    sided=True,
    counts=(2, 16),
    things=("basketball", "football"),
    directions=("forward",),
    styles=_STYLES,
)
