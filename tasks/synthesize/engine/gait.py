"""Walking, running, sidestepping, standing: whole-body tracks over planted feet."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from stickgen_model.motion.rotations import axis_rotation
from tasks.synthesize.engine.footsteps import Feet, GaitStyle, Path, Stride, plan_stride, plant_feet
from tasks.synthesize.engine.limbs import REACH
from tasks.synthesize.engine.posture import Posture
from tasks.synthesize.engine.timing import ease, wobble

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.body import Body

__all__ = ["RUN", "SIDE", "WALK", "keep_legs_in_reach", "stand", "travel"]

WALK = GaitStyle()
RUN = GaitStyle(
    duty=0.31,
    over=0.40,
    steps_per_s=2.75,
    lift=0.36,
    settle=3.0,
    bob=-0.035,
    toe_off=0.95,
    toe_up=0.10,
    width=0.12,
    lean=0.16,
    swing=0.60,
    elbow=1.45,
    flexion=-0.05,
    twist=0.20,
    sink=0.03,
)
SIDE = replace(
    WALK,
    toe_off=0.25,
    toe_up=0.05,
    swing=0.06,
    twist=0.03,
    width=0.46,
    cadence=1.35,
    over=0.5,
    lift=0.15,
)


def stand(t: NDArray[np.float64], body: Body, rng: np.random.Generator) -> Posture:
    """Standing at ease at the origin, facing +z."""
    return travel(t, body, rng, path=Path())


def travel(
    t: NDArray[np.float64],
    body: Body,
    rng: np.random.Generator,
    *,
    path: Path,
    style: GaitStyle = WALK,
) -> Posture:
    """Move along a path on one's feet; where the speed is 0 the feet stand still.

    Args:
        t: Times, shape (T,), seconds, evenly spaced.
        body: Who moves.
        rng: For the phase and the slow noise.
        path: Speed, facing and direction over time.
        style: Manner of the gait.
    """
    stride = plan_stride(t, path, style, first_phase=float(rng.uniform()))
    feet = plant_feet(body, stride, style, backward=abs(path.travel) > 0.75 * np.pi)
    vigour, phase, fps = stride.vigour, stride.phase, 1.0 / (stride.t[1] - stride.t[0])
    round_ = 2 * np.pi * phase
    mid = 2 * np.pi * (phase - style.duty / 2)
    slow = wobble(stride.t, rng, (12,))
    hips = stride.path.copy()
    sway = 0.022 * body.leg * vigour * np.cos(mid) + 0.006 * slow[:, 0] * (1 - 0.7 * vigour)
    hips[:, 0] += np.cos(stride.yaw) * sway
    hips[:, 2] += -np.sin(stride.yaw) * sway + 0.006 * slow[:, 1] * (1 - 0.7 * vigour)
    hips[:, 1] = body.hip_height * (1.0 - 0.008) - style.sink * body.leg * (0.3 + 0.7 * vigour)
    hips[:, 1] += style.bob * body.leg * vigour * np.cos(2 * mid)
    turn = axis_rotation("Y", stride.yaw - style.twist * 0.6 * vigour * np.cos(round_))
    turn = turn @ axis_rotation("X", style.lean * 0.5 * (0.4 + 0.6 * vigour))
    turn = turn @ axis_rotation("Z", style.roll * vigour * np.cos(mid))
    hips[:, 1] = keep_legs_in_reach(body, hips, turn, feet.ankles, feet.swing == 0.0, fps=fps)
    breath = np.sin(2 * np.pi * 0.27 * stride.t + slow[0, 2])
    trunk = np.stack(
        [
            style.lean * 0.5 + 0.010 * breath + 0.012 * slow[:, 3],
            style.twist * 1.5 * vigour * np.cos(round_) + 0.015 * slow[:, 4],
            style.roll * vigour * np.cos(mid) + 0.010 * slow[:, 5],
        ],
        axis=-1,
    )
    head = np.stack(
        [
            style.nod - 0.7 * style.lean + 0.03 * slow[:, 6],
            -style.twist * 0.9 * vigour * np.cos(round_) + 0.05 * slow[:, 7],
            0.02 * slow[:, 8],
        ],
        axis=-1,
    )
    posture = Posture(
        t=stride.t,
        hips=hips,
        turn=turn,
        trunk=trunk,
        head=head,
        arms=_swing_arms(style, vigour, round_, slow[:, 9:12]),
        ankles=_trail(body, hips, turn, feet, fps=fps),
        feet=feet.turns,
        knees=_knee_poles(feet.yaws),
        reach=np.zeros((len(phase), 2, 3)),
        reach_weight=np.zeros((len(phase), 2)),
        hold=np.zeros((len(phase), 2, 3)),
        hold_weight=np.zeros((len(phase), 2)),
        elbows=np.zeros((len(phase), 2)),
    )
    return _crop(posture, stride)


def keep_legs_in_reach(
    body: Body,
    hips: NDArray[np.float64],
    turn: NDArray[np.float64],
    ankles: NDArray[np.float64],
    bearing: NDArray[np.bool_],
    *,
    fps: float,
) -> NDArray[np.float64]:
    """Height of the hips, lowered smoothly where a bearing leg would be too short.

    Returns:
        Shape (T,), metres, nowhere above `hips[:, 1]`.
    """
    reach = (REACH - 0.003) * body.leg
    excess = np.zeros(len(hips))
    for side in (0, 1):
        start = hips + turn @ np.array([body.offsets[1 + side, 0], 0.0, 0.0])
        gap = start - ankles[:, side]
        flat = gap[:, 0] ** 2 + gap[:, 2] ** 2
        missing = gap[:, 1] - np.sqrt(np.maximum(reach**2 - flat, 1e-4))
        excess = np.maximum(excess, np.where(bearing[:, side], missing, 0.0))
    width = max(1, round(0.08 * fps))
    # the widest value in reach of the smoothing kernel first, so that smoothing cannot undo it
    lowered = gaussian_filter1d(maximum_filter1d(excess, 2 * width + 1), width / 3, truncate=3.0)
    height: NDArray[np.float64] = hips[:, 1] - lowered
    return height


def _trail(
    body: Body,
    hips: NDArray[np.float64],
    turn: NDArray[np.float64],
    feet: Feet,
    *,
    fps: float,
) -> NDArray[np.float64]:
    """Ankles (N, 2, 3); a swinging foot that is too far from its hip comes along softly."""
    ankles = feet.ankles.copy()
    reach = (REACH - 0.01) * body.leg
    for side in (0, 1):
        start = hips + turn @ np.array([body.offsets[1 + side, 0], 0.0, 0.0])
        gap = ankles[:, side] - start
        distance = np.linalg.norm(gap, axis=-1, keepdims=True)
        short = gap * (np.minimum(1.0, reach / distance) - 1.0)
        u = feet.swing[:, side, None]
        window = ease(u / 0.2) * ease((1.0 - u) / 0.2)
        ankles[:, side] += window * gaussian_filter1d(short, 0.03 * fps, axis=0)
    return ankles


def _swing_arms(
    style: GaitStyle,
    vigour: NDArray[np.float64],
    round_: NDArray[np.float64],
    slow: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Arms in counter-phase to the legs, (N, 2, 4)."""
    arms = []
    for side in (0, 1):
        wave = (2.0 * side - 1.0) * np.cos(round_) * vigour
        own = slow[:, side] * 0.03
        if style.arms is not None:
            fixed = np.array(style.arms) * np.ones((len(wave), 1))
            fixed[:, 0] += 0.10 * wave + own
            fixed[:, 3] += own
            arms.append(fixed)
            continue
        bend = style.elbow * (0.5 + 0.5 * vigour) + 0.35 * style.swing * wave
        arms.append(
            np.stack(
                [
                    style.flexion + style.swing * wave + own,
                    style.abduction + 0.02 * slow[:, 2],
                    np.full_like(wave, 0.25),
                    np.maximum(bend + own, 0.08),
                ],
                axis=-1,
            )
        )
    return np.stack(arms, axis=1)


def _knee_poles(foot_yaws: NDArray[np.float64]) -> NDArray[np.float64]:
    out = foot_yaws + np.array([0.02, -0.02])
    return np.stack([np.sin(out), np.zeros_like(out), np.cos(out)], axis=-1)


def _crop(posture: Posture, stride: Stride) -> Posture:
    return Posture(
        **{field.name: getattr(posture, field.name)[stride.inside] for field in fields(Posture)}
    )
