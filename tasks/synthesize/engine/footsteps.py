"""What a gait is made of: the manner of the steps, and the path on which they go."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["COLUMNS", "GaitStyle", "style_table"]


@dataclass(frozen=True, kw_only=True, slots=True)
class GaitStyle:
    """The manner of a gait; angles in radians, lengths as shares of the leg."""

    duty: float = 0.60
    """Share of a stride in which a foot stands; below a half the body flies between steps."""
    over: float = 0.39
    """Share of the stance after which the hips pass over the foot."""
    cadence: float = 1.0
    """Step rate against the usual for the speed."""
    steps_per_s: float = 0.0
    """Fixed step rate, kept at speed 0 too; 0 = from the speed."""
    lift: float = 0.115
    settle: float = 2.2
    """How early in the swing the foot comes down again: 1 late, 3 early."""
    bob: float = 0.018
    """Rise of the hips at mid-stance; flights need none, they follow from gravity."""
    toe_off: float = 1.0
    """Pitch of the foot as it leaves, toes down."""
    toe_up: float = 0.30
    """Pitch of the foot as it lands, toes up; negative: it lands on the ball."""
    width: float = 0.092
    lean: float = -0.015
    """Lean of the whole body forward, half in the pelvis."""
    stoop: float = -0.06
    """Bend of the back forward."""
    swing: float = 0.36
    elbow: float = 0.54
    flexion: float = -0.14
    abduction: float = 0.12
    twist: float = 0.13
    """Turn of the pelvis with the stepping leg."""
    counter: float = 1.95
    """Turn of the chest against the pelvis, share of `twist`."""
    sink: float = -0.005
    """Lowering of the hips."""
    nod: float = 0.0
    roll: float = 0.105
    """Drop of the pelvis on the side of the swinging leg."""
    sway: float = 0.022
    """Way of the hips to the side of the standing leg."""
    limp: float = 0.0
    """Share by which the step of a bad leg is shortened: positive for the left one, negative for
    the right one."""
    jitter: float = 0.0
    """Irregularity of steps and path: 0 none beyond the natural, 1 staggering."""
    arms: tuple[float, float, float, float] | None = None
    """Fixed arm angles instead of the swing."""
    hop: int | None = None
    """The one leg that steps, 0 left or 1 right; None: both."""
    skip: bool = False
    """True: every step is followed by a hop on the same foot."""


_OTHERS: Final = ("arms", "hop", "skip")
_NUMBERS: Final = tuple(one.name for one in fields(GaitStyle) if one.name not in _OTHERS)
COLUMNS: Final = {name: column for column, name in enumerate(_NUMBERS)} | {
    "arm0": len(_NUMBERS),
    "arm1": len(_NUMBERS) + 1,
    "arm2": len(_NUMBERS) + 2,
    "arm3": len(_NUMBERS) + 3,
    "fixed": len(_NUMBERS) + 4,
    "paced": len(_NUMBERS) + 5,
}
"""Columns of a style table: the numbers of a style, its fixed arms, whether it has any, and whether
it has a step rate of its own."""


def style_table(styles: Sequence[GaitStyle]) -> NDArray[np.float64]:
    """Styles as numbers that can be blended.

    Returns:
        Shape (len(styles), len(COLUMNS)), columns as in `COLUMNS`.
    """
    return np.array(
        [
            [
                *(getattr(style, name) for name in _NUMBERS),
                *(style.arms or (0.0, 0.0, 0.0, 0.0)),
                float(style.arms is not None),
                float(style.steps_per_s > 0.0),
            ]
            for style in styles
        ]
    )
