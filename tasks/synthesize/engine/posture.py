"""Control tracks of a figure: what every gait, stance and action edits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Posture"]


@dataclass(kw_only=True, slots=True, eq=False)
class Posture:
    """Tracks over the frames of a clip. World: y up, metres; sides: 0 left, 1 right; radians."""

    t: NDArray[np.float64]
    """(T,) seconds."""
    hips: NDArray[np.float64]
    """(T, 3) mid-hips in the world."""
    turn: NDArray[np.float64]
    """(T, 3, 3) orientation of the pelvis."""
    trunk: NDArray[np.float64]
    """(T, 3) bend forward, twist to the left, lean to the left, of the chest on the pelvis."""
    head: NDArray[np.float64]
    """(T, 3) nod, turn to the left, tilt to the left, of the head on the chest."""
    arms: NDArray[np.float64]
    """(T, 2, 4) flexion forward, abduction, inward turn of the upper arm; bend of the elbow."""
    ankles: NDArray[np.float64]
    """(T, 2, 3) ankles in the world."""
    feet: NDArray[np.float64]
    """(T, 2, 3, 3) orientation of the feet in the world."""
    knees: NDArray[np.float64]
    """(T, 2, 3) direction in the world to which each knee bends."""
    reach: NDArray[np.float64]
    """(T, 2, 3) wrist targets in the chest's frame (origin at mid-shoulders, x left, z ahead)."""
    reach_weight: NDArray[np.float64]
    """(T, 2) 0: the arm angles rule, 1: the target rules."""
    hold: NDArray[np.float64]
    """(T, 2, 3) wrist targets in the world."""
    hold_weight: NDArray[np.float64]
    """(T, 2) 0: angles and reach rule, 1: the world's target rules."""
    elbows: NDArray[np.float64]
    """(T, 2) where the elbow of a reaching arm points: 0 down, 1 out to its side, -1 inwards."""
