"""Swimming: front crawl, backstroke, breaststroke, butterfly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.motion.rotations import axis_rotation
from tasks.synthesize.engine.carry import Figure, Window, ground_at, lay_over, move_rest, window
from tasks.synthesize.engine.cycles import advance, between, loop
from tasks.synthesize.engine.take import ActionSpec, Beat, Deed, Take

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Keys = tuple[tuple[float, float, float], ...]

__all__ = ["SPECS"]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Stroke:
    """One way to swim.

    Lengths are shares of stature; curves are evenly spaced over their turn.
    """

    hand: Keys
    """Left hand in the chest's frame: out, up, front."""
    foot: Keys
    """Left foot from the middle of the hips in the pelvis' frame: out, up, front."""
    kicks: int
    """Turns of the foot's curve in a stroke."""
    rate: float
    """Strokes a second; one arm's full turn."""
    speed: float
    """Body lengths a second."""
    alternate: bool
    pitch: float
    roll: float
    heave: float
    """Undulation of pitch, radians."""
    nod: float
    elbows: float


_FLUTTER: Final = ((0.055, -0.483, 0.050), (0.055, -0.489, -0.005), (0.055, -0.472, -0.060))
_REACH: Final = (0.115, 0.300, 0.02)
_OVER: Final = (
    _REACH,
    (0.120, 0.250, 0.14),
    (0.105, 0.080, 0.24),
    (0.110, -0.13, 0.20),
    (0.150, -0.27, 0.03),
    (0.165, -0.10, -0.17),
    (0.150, 0.150, -0.19),
)
"""Into the water far ahead, under the body past the hip, out and over the water again."""
_STROKES: Final = {
    "front_crawl": _Stroke(
        hand=_OVER,
        foot=_FLUTTER,
        kicks=3,
        rate=0.72,
        speed=0.72,
        alternate=True,
        pitch=1.47,
        roll=0.55,
        heave=0.0,
        nod=-0.25,
        elbows=0.6,
    ),
    "backstroke": _Stroke(
        hand=(
            (0.100, 0.315, -0.03),
            (0.230, 0.210, -0.14),
            (0.260, 0.020, -0.18),
            (0.160, -0.17, -0.15),
            (0.130, -0.29, 0.05),
            (0.125, -0.10, 0.28),
            (0.115, 0.190, 0.24),
        ),
        foot=_FLUTTER,
        kicks=3,
        rate=0.62,
        speed=0.60,
        alternate=True,
        pitch=-1.42,
        roll=0.45,
        heave=0.0,
        nod=0.20,
        elbows=0.15,
    ),
    "breaststroke": _Stroke(
        hand=(
            (0.055, 0.325, 0.03),
            (0.140, 0.290, 0.06),
            (0.235, 0.180, 0.10),
            (0.170, 0.030, 0.20),
            (0.060, 0.040, 0.18),
            (0.045, 0.180, 0.09),
            (0.050, 0.320, 0.03),
        ),
        foot=(
            (0.040, -0.480, 0.00),
            (0.040, -0.478, -0.01),
            (0.050, -0.450, -0.03),
            (0.085, -0.300, -0.07),
            (0.165, -0.185, -0.06),
            (0.210, -0.330, -0.02),
            (0.085, -0.470, 0.00),
        ),
        kicks=1,
        rate=0.62,
        speed=0.55,
        alternate=False,
        pitch=1.40,
        roll=0.0,
        heave=0.16,
        nod=-0.45,
        elbows=0.8,
    ),
    "butterfly": _Stroke(
        hand=_OVER,
        foot=_FLUTTER,
        kicks=2,
        rate=0.70,
        speed=0.70,
        alternate=False,
        pitch=1.45,
        roll=0.0,
        heave=0.22,
        nod=-0.35,
        elbows=0.6,
    ),
}
_DRY_M: Final = 0.95
"""Height of a swimmer over the floor where no water is told of."""
_UNDER_M: Final = 0.06
_RAMP_S: Final = 1.2
_HURRY: Final = 2.0
"""More strokes than this share of the usual are not tried, whatever is asked for."""


def _swim(take: Take, beat: Beat) -> Deed:
    draws = take.rng.uniform(size=4)
    style = beat.style or _style(beat, float(draws[0]))
    stroke = _STROKES[style]
    ramp = _RAMP_S / take.manner.tempo
    span = window(take, beat, enter_s=ramp, leave_s=ramp)
    phase, count = _phase(take, beat, span, stroke, draws)
    way = 1.0 if stroke.pitch > 0.0 else -1.0
    gone = _gone(take, span, stroke, phase) * way
    ground = ground_at(take.posture, max(beat.start_s, 0.0))
    level = take.setting.water_m - _UNDER_M if take.setting.water_m > 0.0 else _DRY_M
    level = between(level, 0.45, 3.0) * (1.0 if take.setting.water_m else take.body.stature / 1.7)
    figure = _figure(take, stroke, phase, gone, level - take.body.ankle_height)
    move_rest(take.posture, gone[:, None] * ground.basis[:, 2])
    weight = span.weight(take.t)
    legs = span.part(take.t, 0.10, 1.0)
    _round_the_shoulders(take, figure, weight, prone=way > 0.0)
    both = np.stack([legs, legs], axis=-1)
    lay_over(take.posture, ground, figure, weight, legs=both)
    return Deed(
        action="swim",
        start_s=beat.start_s,
        end_s=beat.end_s,
        count=count,
        direction="forward" if way > 0 else "backward",
        style=style,
        speed_mps=_mean_speed(take, beat, gone),
    )


def _style(beat: Beat, draw: float) -> str:
    """A stroke that goes the way that is asked for."""
    names = ("front_crawl", "front_crawl", "breaststroke", "breaststroke", "butterfly")
    if beat.direction == "backward" or (not beat.direction and draw > 0.83):
        return "backstroke"
    return names[int(draw * len(names))]


def _round_the_shoulders(take: Take, figure: Figure, weight: Floats, *, prone: bool) -> None:
    """Hands that come from the sides or go back there do not pass through the shoulders."""
    if figure.reach is None:
        return
    bulge = 0.27 * take.body.stature * 4.0 * weight * (1.0 - weight)
    if prone:
        figure.reach[..., 2] += bulge[:, None]
    else:
        figure.reach[..., 0] += bulge[:, None] * np.array([1.0, -1.0])


def _phase(
    take: Take, beat: Beat, span: Window, stroke: _Stroke, draws: Floats
) -> tuple[Floats, int]:
    """Strokes over time, and how many whole ones are to be seen (0: not told)."""
    start, end = span.start_s + 0.5 * span.enter_s, span.end_s - 0.5 * span.leave_s
    rate = stroke.rate * take.manner.tempo * (0.85 + 0.3 * draws[1])
    whole = beat.start_s >= 0.0 and beat.end_s <= float(take.t[-1])
    num = beat.count or max(1, round(rate * (end - start)))
    num = min(num, max(1, int(_HURRY * rate * (end - start))))
    if not whole:
        return rate * (take.t - start) + draws[2], 0
    share = np.clip((take.t - start) / (end - start), 0.0, 1.0)
    return num * share, num


def _gone(take: Take, span: Window, stroke: _Stroke, phase: Floats) -> Floats:
    """Metres swum; a breast stroke moves in surges."""
    start, end = span.start_s + 0.4 * span.enter_s, span.end_s - 0.4 * span.leave_s
    speed = stroke.speed * take.body.stature * take.manner.tempo
    speed *= min(1.0, 0.5 + 0.5 * take.manner.amplitude)
    ramp = min(0.8, (end - start) / 2)
    total = speed * (end - start - ramp)
    gone = total * advance(take.t, start, end, ramp_s=ramp)
    if not stroke.alternate:
        inside = span.weight(take.t)
        gone = gone + inside * 0.045 * take.body.stature * np.sin(2 * np.pi * (phase - 0.65))
    return gone - (gone[0] if span.start_s < 0.0 else 0.0)


def _mean_speed(take: Take, beat: Beat, gone: Floats) -> float:
    inside = gone[(take.t >= beat.start_s) & (take.t <= beat.end_s)]
    return (
        float(abs(inside[-1] - inside[0]) / max(len(inside) / take.fps, 0.1))
        if len(inside)
        else 0.0
    )


def _figure(take: Take, stroke: _Stroke, phase: Floats, gone: Floats, level: float) -> Figure:
    """All tracks of a stroke."""
    body, tall, num = take.body, take.body.stature, len(take.t)
    wave = 2 * np.pi * phase
    zero, sides, feet = np.zeros(num), [], []
    for side in (0, 1):
        mirror = np.array([1.0 - 2.0 * side, 1.0, 1.0])
        own = phase + (0.5 * side if stroke.alternate else 0.0)
        sides.append(loop(own, stroke.hand) * tall * mirror)
        kick = stroke.kicks * phase + (0.5 * side if stroke.alternate else 0.0)
        feet.append(loop(kick, stroke.foot) * tall * (body.leg / (0.491 * tall)) * mirror)
    heave = stroke.heave * np.sin(wave - 2.2)
    roll = stroke.roll * np.sin(wave + 0.6)
    prone = 1.0 if stroke.pitch > 0.0 else -1.0
    pitch = stroke.pitch - 0.6 * heave
    bare = axis_rotation("X", pitch)
    turn = bare @ axis_rotation("Y", -0.55 * prone * roll)
    hips = np.zeros((num, 3))
    hips[:, 1] = level + 0.012 * tall * np.sin(2 * wave) + 0.12 * tall * heave * 0.5
    hips[:, 2] = gone
    breath = np.clip(np.sin(np.pi * phase), 0.0, 1.0) ** 6 if stroke.alternate else zero
    ankles = hips[:, None] + np.einsum("tij,tsj->tsi", bare, np.stack(feet, axis=1))
    front = np.einsum("tij,sj->tsi", turn, np.array([[0.45, 0.0, 1.0], [-0.45, 0.0, 1.0]]))
    if stroke.kicks == 1:
        front = np.einsum("tij,sj->tsi", turn, np.array([[1.0, 0.3, 0.8], [-1.0, 0.3, 0.8]]))
    point = axis_rotation("X", np.full(num, 1.15))
    return Figure(
        hips=hips,
        turn=turn,
        trunk=np.stack([-0.10 * prone - 0.5 * heave, -0.45 * prone * roll, zero], axis=-1),
        head=np.stack(
            [stroke.nod - 0.6 * heave, (0.9 * breath + 0.0) * (prone > 0), zero], axis=-1
        ),
        ankles=ankles,
        feet=np.stack([turn @ point, turn @ point], axis=1),
        knees=front,
        reach=np.stack(sides, axis=1),
        elbows=stroke.elbows,
    )


SPECS: Final = (
    ActionSpec(
        name="swim",
        kind="whole",
        seconds=(4.0, 8.0),
        play=_swim,
        counts=(2, 8),
        directions=("forward", "backward"),
        styles=tuple(_STROKES),
    ),
)
