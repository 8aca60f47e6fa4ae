"""What no clip may be: too short, out of scale, too fast, made of rubber, mostly unseen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.rejection import RejectReason
from datasets_spec.skeleton import BODY_BONES
from tasks.retarget.body import bone_lengths
from tasks.retarget.ranks import median

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

__all__ = ["FPS_RANGE", "Fault", "Limits", "check_height", "check_window", "limits_for"]

FPS_RANGE: Final = (5.0, 1000.0)
"""Slower motion cannot be brought to 25 fps honestly; faster is a misread frame time."""

_BONE_TOLERANCE: Final = 0.30
_MIN_TRACKED: Final = 0.5
_LIMB_BONES: Final = np.array(
    [i for i, bone in enumerate(BODY_BONES) if bone != ("l_hip", "r_hip")]
)
"""The hip line is too short: a little noise on it is many percent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """Why something is rejected."""

    reason: RejectReason
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What is still human, by kind of source."""

    height_m: tuple[float, float]
    """H; stature is about 1.1 H."""
    speed_mps: float
    """Of any point at 25 fps. The fastest measured hand (a pitcher's) reaches about 20 m/s."""
    unstable_share: float
    """Share of frames in which a limb bone may leave the tolerance."""


_MOCAP: Final = Limits(height_m=(0.70, 2.20), speed_mps=25.0, unstable_share=0.25)
_SENSOR: Final = Limits(height_m=(0.60, 2.30), speed_mps=10.0, unstable_share=0.50)


def limits_for(body_model: str) -> Limits:
    """Limits of motion capture, or of a depth sensor."""
    return _SENSOR if body_model == "sensor" else _MOCAP


def check_height(height: float, limits: Limits) -> Fault | None:
    """Fault of a body height (metres) outside the human range: mostly a wrong unit."""
    low, high = limits.height_m
    if low <= height <= high:
        return None
    detail = (
        f"expected a body height H of {low:g}..{high:g} m, got {height:.4g} m; "
        "check the unit of the source"
    )
    return Fault(reason=RejectReason.IMPLAUSIBLE_SCALE, detail=detail)


def check_window(
    points: Floats, tracked_share: Floats, *, fps: float, limits: Limits
) -> Fault | None:
    """First fault of one actor in one window, if any.

    Args:
        points: Shape (T, 15, 3), metres, at `fps`.
        tracked_share: Shape (T,).
        fps: Frames per second.
        limits: What is human.
    """
    seen = float(tracked_share.mean())
    if seen < _MIN_TRACKED:
        detail = f"expected at least {_MIN_TRACKED:.0%} of the points tracked, got {seen:.0%}"
        return Fault(reason=RejectReason.TOO_MANY_GAPS, detail=detail)
    steps = points[1:] - points[:-1]
    speed = float(np.sqrt(np.einsum("tpi,tpi->tp", steps, steps).max(initial=0.0))) * fps
    if speed > limits.speed_mps:
        detail = f"expected no point above {limits.speed_mps:g} m/s, got {speed:.1f} m/s"
        return Fault(reason=RejectReason.IMPLAUSIBLE_SPEED, detail=detail)
    lengths = bone_lengths(points)[:, _LIMB_BONES]
    usual = median(lengths)
    off = (np.abs(lengths - usual) > _BONE_TOLERANCE * usual).mean(axis=0)
    if float(off.max()) > limits.unstable_share:
        name = "-".join(BODY_BONES[_LIMB_BONES[int(off.argmax())]])
        detail = (
            f"expected {name} within {_BONE_TOLERANCE:.0%} of its median length in "
            f"{1 - limits.unstable_share:.0%} of the frames, got {1 - off.max():.0%}"
        )
        return Fault(reason=RejectReason.UNSTABLE_BONES, detail=detail)
    return None
