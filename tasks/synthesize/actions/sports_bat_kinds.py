"""Kinds of swings as key poses, all of a right-handed player; angles and places by eye."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.keyposes import pose

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["SWINGS", "SwingKind"]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class SwingKind:
    """A swing past the keys ready, load, launch, contact, extension, finish."""

    seconds: tuple[float, ...]
    """From ready to load, to launch, ..., to finish, and the hold there."""
    grip: tuple[tuple[float, float, float], ...]
    """Middle of both hands (of the right hand, if alone) in the chest's frame; shares of the arm:
    left, up, ahead."""
    bat: tuple[tuple[float, float, float], ...]
    """Way from the lower (left) to the upper (right) hand, in the chest's frame."""
    body: tuple[NDArray[np.float64], ...]
    """Poses at the keys; the arms in them count only for a free left arm."""
    width: float
    """How far each foot steps out to its side, share of the leg."""
    stride: tuple[float, float]
    """How far the front foot then steps: to the left, ahead; shares of the leg."""
    drag: float
    """Turn of the rear foot about its ball at the finish, radians to the left."""
    hands: int = 2
    direction: str = "left"


_BASEBALL: Final = SwingKind(
    seconds=(0.50, 0.16, 0.11, 0.10, 0.22, 0.25),
    grip=(
        (-0.34, 0.02, 0.38),
        (-0.46, 0.10, 0.34),
        (-0.40, -0.14, 0.46),
        (-0.05, -0.34, 0.78),
        (0.28, -0.16, 0.82),
        (0.50, 0.14, 0.34),
    ),
    bat=(
        (-0.30, 0.80, -0.40),
        (-0.20, 0.80, -0.20),
        (-0.80, 0.40, -0.30),
        (-0.35, -0.10, 0.90),
        (0.60, 0.10, 0.75),
        (0.55, 0.25, -0.75),
    ),
    body=(
        pose(
            hips=(-0.05, -0.09, -0.06),
            pelvis=(0.22, -0.12, 0.0),
            trunk=(0.10, -0.18, 0.0),
            head=(0.0, 0.95, 0.0),
        ),
        pose(
            hips=(-0.14, -0.09, -0.06),
            pelvis=(0.22, -0.35, 0.05),
            trunk=(0.10, -0.40, 0.0),
            head=(0.0, 1.30, 0.0),
        ),
        pose(
            hips=(0.02, -0.10, -0.05),
            pelvis=(0.16, 0.35, 0.0),
            trunk=(0.10, -0.45, 0.08),
            head=(0.05, 0.80, 0.0),
        ),
        pose(
            hips=(0.08, -0.09, -0.05),
            pelvis=(0.08, 0.90, 0.0),
            trunk=(0.10, 0.0, 0.15),
            head=(0.2, -0.15, 0.0),
        ),
        pose(
            hips=(0.10, -0.08, -0.05),
            pelvis=(0.04, 1.10, 0.0),
            trunk=(0.05, 0.30, 0.10),
            head=(0.1, -0.20, 0.0),
        ),
        pose(
            hips=(0.10, -0.07, -0.04),
            pelvis=(0.0, 1.25, 0.0),
            trunk=(-0.05, 0.50, 0.0),
            head=(0.0, -0.30, 0.0),
        ),
    ),
    width=0.16,
    stride=(0.16, 0.0),
    drag=0.85,
)
_GOLF: Final = SwingKind(
    seconds=(0.85, 0.16, 0.12, 0.10, 0.32, 0.45),
    grip=(
        (0.02, -0.80, 0.50),
        (-0.40, 0.14, 0.56),
        (-0.30, -0.50, 0.60),
        (0.02, -0.80, 0.50),
        (0.30, -0.45, 0.70),
        (0.42, 0.26, 0.38),
    ),
    bat=(
        (0.0, -0.60, 0.35),
        (0.30, 0.30, -0.70),
        (-0.80, 0.10, 0.10),
        (0.0, -0.60, 0.35),
        (0.80, -0.10, 0.30),
        (-0.20, 0.20, -0.80),
    ),
    body=(
        pose(
            hips=(0.0, -0.05, -0.12), pelvis=(0.42, 0.0, 0.0), trunk=(0.25, 0, 0), head=(0.1, 0, 0)
        ),
        pose(
            hips=(-0.08, -0.05, -0.10),
            pelvis=(0.36, -0.55, 0.0),
            trunk=(0.22, -0.70, 0.0),
            head=(0.1, 0.85, 0.0),
        ),
        pose(
            hips=(0.02, -0.06, -0.11),
            pelvis=(0.38, 0.05, 0.0),
            trunk=(0.25, -0.55, 0.0),
            head=(0.1, 0.35, 0.0),
        ),
        pose(
            hips=(0.08, -0.05, -0.11),
            pelvis=(0.36, 0.45, 0.0),
            trunk=(0.25, -0.15, 0.08),
            head=(0.1, -0.20, 0.0),
        ),
        pose(
            hips=(0.11, -0.03, -0.07),
            pelvis=(0.20, 0.90, 0.0),
            trunk=(0.15, 0.30, 0.05),
            head=(0.1, -0.60, 0.0),
        ),
        pose(
            hips=(0.13, -0.02, -0.02),
            pelvis=(-0.05, 1.30, 0.0),
            trunk=(-0.10, 0.45, 0.0),
            head=(0.0, -0.25, 0.0),
        ),
    ),
    width=0.10,
    stride=(0.0, 0.0),
    drag=1.00,
)
_CRICKET: Final = SwingKind(
    seconds=(0.55, 0.20, 0.10, 0.10, 0.22, 0.30),
    grip=(
        (-0.10, -0.72, 0.45),
        (-0.46, -0.05, 0.45),
        (-0.30, -0.50, 0.55),
        (0.0, -0.68, 0.60),
        (0.28, -0.20, 0.85),
        (0.40, 0.20, 0.50),
    ),
    bat=(
        (-0.25, -0.70, 0.05),
        (-0.40, 0.70, -0.20),
        (-0.75, -0.20, 0.10),
        (0.0, -0.70, 0.20),
        (0.50, 0.30, 0.60),
        (-0.10, 0.60, -0.60),
    ),
    body=(
        pose(
            hips=(0.0, -0.08, -0.08),
            pelvis=(0.32, -0.05, 0.0),
            trunk=(0.25, 0.0, 0.0),
            head=(-0.1, 1.0, 0.0),
        ),
        pose(
            hips=(-0.06, -0.08, -0.07),
            pelvis=(0.26, -0.25, 0.0),
            trunk=(0.18, -0.35, 0.0),
            head=(0.0, 1.2, 0.0),
        ),
        pose(
            hips=(0.14, -0.12, -0.06),
            pelvis=(0.28, 0.20, -0.10),
            trunk=(0.25, -0.20, -0.10),
            head=(0.1, 0.8, 0.0),
        ),
        pose(
            hips=(0.18, -0.13, -0.06),
            pelvis=(0.28, 0.50, -0.10),
            trunk=(0.25, 0.0, -0.08),
            head=(0.2, 0.3, 0.0),
        ),
        pose(
            hips=(0.18, -0.10, -0.04),
            pelvis=(0.15, 0.75, 0.0),
            trunk=(0.10, 0.20, 0.0),
            head=(0.0, 0.1, 0.0),
        ),
        pose(
            hips=(0.16, -0.08, -0.03),
            pelvis=(0.05, 0.90, 0.0),
            trunk=(0.0, 0.35, 0.0),
            head=(0.0, 0.0, 0.0),
        ),
    ),
    width=0.08,
    stride=(0.34, 0.05),
    drag=0.50,
)
_TENNIS: Final = SwingKind(
    seconds=(0.50, 0.18, 0.11, 0.09, 0.22, 0.18),
    grip=(
        (-0.05, -0.35, 0.70),
        (-0.92, -0.15, 0.10),
        (-0.80, -0.50, 0.20),
        (-0.55, -0.20, 0.72),
        (-0.05, 0.10, 0.90),
        (0.46, 0.22, 0.40),
    ),
    bat=((0.0, 0.0, 0.0),) * 6,
    body=(
        pose(
            hips=(0.0, -0.10, -0.04),
            pelvis=(0.22, 0.0, 0.0),
            trunk=(0.12, 0.0, 0.0),
            head=(-0.15, 0.0, 0.0),
            left=(0.75, 0.15, 0.55, 1.25),
        ),
        pose(
            hips=(-0.10, -0.10, -0.03),
            pelvis=(0.12, -0.65, 0.0),
            trunk=(0.06, -0.55, 0.0),
            head=(0.0, 1.05, 0.0),
            left=(1.25, 0.25, 0.35, 0.35),
        ),
        pose(
            hips=(-0.02, -0.13, 0.02),
            pelvis=(0.14, -0.35, 0.0),
            trunk=(0.06, -0.45, 0.08),
            head=(0.0, 0.75, 0.0),
            left=(1.20, 0.45, 0.25, 0.45),
        ),
        pose(
            hips=(0.04, -0.08, 0.10),
            pelvis=(0.12, 0.25, 0.0),
            trunk=(0.06, 0.0, 0.0),
            head=(0.05, -0.20, 0.0),
            left=(0.75, 0.60, 0.20, 1.00),
        ),
        pose(
            hips=(0.05, -0.05, 0.12),
            pelvis=(0.06, 0.50, 0.0),
            trunk=(0.02, 0.25, 0.0),
            head=(0.0, -0.55, 0.0),
            left=(0.50, 0.55, 0.20, 1.40),
        ),
        pose(
            hips=(0.05, -0.04, 0.12),
            pelvis=(0.04, 0.65, 0.0),
            trunk=(0.0, 0.45, 0.0),
            head=(0.0, -0.85, 0.0),
            left=(0.35, 0.50, 0.20, 1.55),
        ),
    ),
    width=0.13,
    stride=(-0.10, 0.34),
    drag=0.55,
    hands=1,
    direction="forward",
)
SWINGS: Final = {"baseball": _BASEBALL, "golf": _GOLF, "tennis": _TENNIS, "cricket": _CRICKET}
