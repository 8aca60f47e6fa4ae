"""What a BVH file leaves unsaid: the unit of length, the vertical, an added first frame."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.errors import RejectError
from datasets_spec.rejection import RejectReason
from datasets_spec.skeleton import body_index
from datasets_spec.sources.rig import UNITS_M
from stickgen_model.motion.shapes import check_shape

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from datasets_spec.sources.rig import RigPreset

__all__ = ["body_height", "choose_unit", "choose_up", "count_lead_in", "turn_upright"]

TYPICAL_HEIGHT_M: Final = 1.56
"""Thigh + shin + torso + neck of the neutral SMPL body."""
HEIGHT_RANGE_M: Final = (0.9, 2.2)
"""Body heights (same chain) that are human."""
_AXES: Final = {"y": 1, "z": 2}
_UPRIGHT: Final = 0.8
"""Cosine between trunk and vertical above which a frame counts as upright."""
_ON_FLOOR: Final = 0.12
"""Feet this near to the zero plane of an axis, in body heights, stand on it."""
_STRAIGHT: Final = 0.9
"""Cosine above which a limb counts as pointing along an axis of the T-pose."""
_JUMP: Final = 0.03
"""Mean movement of the points against the pelvis in the first step, body heights; and ..."""
_JUMP_SPEED: Final = 2.0
"""... body heights a second; and ..."""
_JUMP_RATIO: Final = 4.0
"""... times the steps of the half second after it: together no start of a performance."""
_BURST_RATIO: Final = 3.0
"""A step this many times as large as usual still belongs to the jump."""
_BURST_STEPS: Final = 12
"""Longest jump, steps: smoothing converters smear it over about five frames."""
_SETTLE: Final = 4
"""Frames dropped after a smeared jump, until the smoothing has died away."""
_LOOK_AHEAD: Final = 60


def _row(points: NDArray[Any], name: str) -> NDArray[np.float64]:
    row: NDArray[np.float64] = points[..., body_index(name), :].astype(np.float64)
    return row


def _middle(points: NDArray[Any], name: str) -> NDArray[np.float64]:
    middle: NDArray[np.float64] = 0.5 * (_row(points, f"l_{name}") + _row(points, f"r_{name}"))
    return middle


def _length(way: NDArray[np.float64]) -> NDArray[np.float64]:
    length: NDArray[np.float64] = np.linalg.norm(way, axis=-1)
    return length


def body_height(points: NDArray[np.floating[Any]]) -> float:
    """Thigh + shin + torso + neck chain, median over frames.

    Args:
        points: Shape (T, 15, 3), any unit and axes.

    Returns:
        The height in the same unit.
    """
    check_shape(points, "T 15 3", name="points")
    hips, neck = _middle(points, "hip"), _middle(points, "shoulder")
    legs = [
        _length(_row(points, f"{side}_hip") - _row(points, f"{side}_knee"))
        + _length(_row(points, f"{side}_knee") - _row(points, f"{side}_foot"))
        for side in "lr"
    ]
    trunk = _length(neck - hips) + _length(_row(points, "head") - neck)
    return float(np.median(0.5 * (legs[0] + legs[1]) + trunk))


def choose_unit(points: NDArray[np.float64], preset: RigPreset) -> tuple[float, tuple[str, ...]]:
    """Metres per file unit.

    Args:
        points: Some frames, shape (T, 15, 3), file units.
        preset: Its unit is taken if it makes a human; without one, or if it does not, the usual
            unit that comes nearest to a typical body.

    Returns:
        The unit and warnings.

    Raises:
        RejectError: IMPLAUSIBLE_SCALE if the body has no size.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        height = body_height(points)
    if not (math.isfinite(height) and height > 0):
        detail = f"expected a body with bones of some length, got height {height:g} file units"
        raise RejectError(RejectReason.IMPLAUSIBLE_SCALE, detail)
    if preset.unit_m is not None and (
        "unit" in preset.certain or _is_human(height * preset.unit_m)
    ):
        return preset.unit_m, ()
    unit = min(UNITS_M, key=lambda metres: abs(math.log(height * metres / TYPICAL_HEIGHT_M)))
    if _is_human(height * unit):
        if preset.unit_m is None:
            return unit, ()
        was = f"rig {preset.name} is usually in units of {preset.unit_m:g} m, this file fits"
        return unit, (f"{was} {unit:g} m: that was used",)
    unit = TYPICAL_HEIGHT_M / height
    was = f"no usual unit of length makes {height:g} file units a human body"
    return unit, (f"{was}: scaled to {TYPICAL_HEIGHT_M} m; give unit_m in a rig file",)


def _is_human(height_m: float) -> bool:
    return HEIGHT_RANGE_M[0] <= height_m <= HEIGHT_RANGE_M[1]


def choose_up(
    points: NDArray[np.float64], rest: NDArray[np.float64], preset: RigPreset
) -> tuple[str, tuple[str, ...]]:
    """Which axis of the file points up.

    The rest pose decides if it stands (legs straight, head on the other side), else the preset.
    Motion that stands along the other axis outweighs that only if its feet also keep to the zero
    plane of that axis; so a person who lies all the time stays lying.

    Args:
        points: Some frames, shape (T, 15, 3), file units and axes.
        rest: The pose of zero rotations, shape (15, 3).
        preset: Fallback, or the last word if it is certain.

    Returns:
        `y` or `z`, and warnings.
    """
    if "up" in preset.certain:
        return preset.up, ()
    prior = _standing_axis(rest) or preset.up
    other = "z" if prior == "y" else "y"
    trunk = _row(points, "head") - _middle(points, "hip")
    along = float(np.median(trunk[:, _AXES[other]] / np.maximum(_length(trunk), 1e-12)))
    feet = points[:, [body_index("l_foot"), body_index("r_foot")], _AXES[other]].min(axis=1)
    on_floor = abs(float(np.median(feet))) < _ON_FLOOR * body_height(points)
    up = other if along > _UPRIGHT and on_floor else prior
    warnings = (f"{up} was taken as the vertical, rig {preset.name} usually has {preset.up}",)
    return up, () if up == preset.up else warnings


def _standing_axis(rest: NDArray[np.float64]) -> str | None:
    hips, feet = _middle(rest, "hip"), _middle(rest, "foot")
    straight = [
        _cosine(
            _row(rest, f"{s}_knee") - _row(rest, f"{s}_hip"),
            _row(rest, f"{s}_foot") - _row(rest, f"{s}_knee"),
        )
        for s in "lr"
    ]
    for name, axis in _AXES.items():
        up = np.eye(3)[axis]
        stands = min(_cosine(hips - feet, up), _cosine(_row(rest, "head") - hips, up), *straight)
        if stands > _STRAIGHT:
            return name
    return None


def _cosine(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    size = float(_length(first) * _length(second))
    return float(first @ second) / size if size > 0 else 0.0


def turn_upright(points: NDArray[np.float64], up: str) -> NDArray[np.float64]:
    """Axes of the file to y up: for z up (x, y, z) becomes (x, z, -y).

    Args:
        points: Shape (..., 3).
        up: `y` or `z`.
    """
    if up == "y":
        return points
    return np.stack([points[..., 0], points[..., 2], -points[..., 1]], axis=-1)


def count_lead_in(points: NDArray[np.float32], fps: float) -> int:
    """Frames at the start that are no motion: a T-pose that a converter put before it.

    Frame 0 must be a T-pose, and the way out of it a jump that the frames after it do not repeat;
    a performer who starts in a T-pose does not jump out of it.

    Args:
        points: Shape (T, 15, 3), y up, any unit.
        fps: Frames per second.

    Returns:
        0 without such a start, 1 for a single added frame, a few more where a converter has
        smeared the jump over several frames.
    """
    if points.shape[0] < 4 or not _is_t_pose(points[0]):
        return 0
    few = points[:_LOOK_AHEAD].astype(np.float64)
    pelvis = _middle(few, "hip")
    steps = _length(np.diff(few - pelvis[:, None], axis=0)).mean(axis=1) / body_height(few)
    burst = steps[: min(_BURST_STEPS, len(steps) // 2)]
    usual = float(np.median(steps[len(burst) :]))
    if steps[0] < _JUMP or steps[0] * fps < _JUMP_SPEED or burst.max() < _JUMP_RATIO * usual:
        return 0
    lead = 1 + int(np.flatnonzero(burst > max(_BURST_RATIO * usual, 0.1 * _JUMP))[-1])
    return lead if lead == 1 else min(lead + _SETTLE, points.shape[0] - 1)


def _is_t_pose(pose: NDArray[np.float32]) -> bool:
    up = np.array([0.0, 1.0, 0.0])
    across = _row(pose, "l_shoulder") - _row(pose, "r_shoulder")
    cosines = [_cosine(_row(pose, "head") - _middle(pose, "hip"), up)]
    for side, sign in (("l", 1.0), ("r", -1.0)):
        for limb, way in (
            ("shoulder elbow", sign * across),
            ("elbow hand", sign * across),
            ("hip knee", -up),
            ("knee foot", -up),
        ):
            near, far = limb.split()
            part = _row(pose, f"{side}_{far}") - _row(pose, f"{side}_{near}")
            cosines.append(_cosine(part, way))
    return min(cosines) > _STRAIGHT
