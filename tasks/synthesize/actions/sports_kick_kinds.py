"""Kinds of kicks as key poses, all of the right leg; angles by eye, checked on their speeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tasks.synthesize.engine.keyposes import pose

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["DOWN", "GUARD", "KINDS", "SOCCER", "KickKind"]

GUARD: Final = ((0.75, 0.25, 0.35, 2.05), (0.65, 0.25, 0.35, 2.15))
_WIDE: Final = ((0.45, 0.75, 0.2, 0.8), (-0.15, 0.65, 0.2, 0.7))
DOWN: Final = (0.30, 0.04, 0.05, 0.66, 0.25)
"""The leg just off the floor and just before it comes down again."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class KickKind:
    """A kick of the right leg."""

    seconds: tuple[float, ...]
    """From one key to the next: rise, strike, hold, back, down."""
    legs: tuple[tuple[float, ...], ...]
    """Rows of `aim_leg` at the keys chamber, strike, end of hold, chamber."""
    poses: tuple[NDArray[np.float64], ...]
    """At the same keys; hips to the left count in half widths of the stance."""
    pivot: float
    """Turn of the supporting foot to the left, radians."""
    direction: str


_FRONT: Final = KickKind(
    seconds=(0.42, 0.19, 0.05, 0.24, 0.40),
    legs=(
        (1.45, 0.02, 0.05, 2.05, 0.5),
        (1.45, 0.02, 0.05, 0.22, 0.1),
        (1.40, 0.02, 0.05, 0.28, 0.1),
        (1.25, 0.02, 0.05, 1.85, 0.4),
    ),
    poses=(
        pose(hips=(1.35, -0.03, 0.02), pelvis=(-0.12, 0.05, 0.0), arms=GUARD),
        pose(
            hips=(1.35, -0.02, 0.06),
            pelvis=(-0.28, 0.22, -0.03),
            trunk=(-0.02, -0.15, 0.0),
            head=(0.25, -0.05, 0.0),
            left=(0.7, 0.3, 0.3, 1.9),
            right=(0.0, 0.35, 0.2, 1.2),
        ),
        pose(
            hips=(1.35, -0.02, 0.05),
            pelvis=(-0.28, 0.22, -0.03),
            trunk=(-0.02, -0.15, 0.0),
            head=(0.25, -0.05, 0.0),
            left=(0.7, 0.3, 0.3, 1.9),
            right=(0.0, 0.35, 0.2, 1.2),
        ),
        pose(hips=(1.3, -0.03, 0.02), pelvis=(-0.10, 0.05, 0.0), arms=GUARD),
    ),
    pivot=0.25,
    direction="forward",
)
_HIGH: Final = KickKind(
    seconds=(0.34, 0.38, 0.03, 0.32, 0.40),
    legs=(
        (-0.25, 0.05, 0.05, 0.75, 0.5),
        (2.05, 0.02, 0.10, 0.16, 0.45),
        (2.05, 0.02, 0.10, 0.18, 0.45),
        (0.95, 0.02, 0.05, 0.35, 0.4),
    ),
    poses=(
        pose(hips=(1.2, -0.03, 0.05), pelvis=(0.10, -0.12, 0.0), arms=_WIDE),
        pose(
            hips=(1.2, -0.01, 0.05),
            pelvis=(-0.34, 0.15, 0.0),
            trunk=(0.12, -0.05, 0.0),
            head=(0.2, 0.0, 0.0),
            left=(0.9, 0.8, 0.1, 0.4),
            right=(-0.5, 0.7, 0.1, 0.4),
        ),
        pose(
            hips=(1.2, -0.01, 0.05),
            pelvis=(-0.34, 0.15, 0.0),
            trunk=(0.12, -0.05, 0.0),
            head=(0.2, 0.0, 0.0),
            left=(0.9, 0.8, 0.1, 0.4),
            right=(-0.5, 0.7, 0.1, 0.4),
        ),
        pose(hips=(1.2, -0.03, 0.04), pelvis=(-0.15, 0.05, 0.0), arms=_WIDE),
    ),
    pivot=0.1,
    direction="up",
)
_SIDE: Final = KickKind(
    seconds=(0.48, 0.21, 0.10, 0.26, 0.42),
    legs=(
        (1.25, 0.55, -0.25, 2.05, 0.1),
        (0.30, 1.38, -0.55, 0.20, -0.1),
        (0.30, 1.36, -0.55, 0.24, -0.1),
        (1.05, 0.55, -0.25, 1.90, 0.1),
    ),
    poses=(
        pose(
            hips=(1.9, -0.03, 0.02),
            pelvis=(-0.03, 0.15, -0.12),
            head=(0.0, -0.55, 0.0),
            arms=GUARD,
        ),
        pose(
            hips=(2.5, -0.01, 0.0),
            pelvis=(0.0, 0.35, -0.52),
            trunk=(0.0, 0.0, -0.45),
            head=(0.0, -1.0, 0.35),
            left=(0.8, 0.3, 0.3, 1.95),
            right=(-0.1, 0.75, 0.2, 0.55),
        ),
        pose(
            hips=(2.5, -0.01, 0.0),
            pelvis=(0.0, 0.35, -0.52),
            trunk=(0.0, 0.0, -0.45),
            head=(0.0, -1.0, 0.35),
            left=(0.8, 0.3, 0.3, 1.95),
            right=(-0.1, 0.75, 0.2, 0.55),
        ),
        pose(
            hips=(1.9, -0.03, 0.02),
            pelvis=(-0.03, 0.15, -0.12),
            head=(0.0, -0.55, 0.0),
            arms=GUARD,
        ),
    ),
    pivot=0.75,
    direction="right",
)
_ROUND: Final = KickKind(
    seconds=(0.42, 0.22, 0.04, 0.24, 0.44),
    legs=(
        (0.85, 0.95, -0.75, 2.05, 0.7),
        (1.40, 0.60, -1.15, 0.22, 0.7),
        (1.42, 0.50, -1.15, 0.30, 0.7),
        (1.25, 0.55, -0.60, 1.90, 0.5),
    ),
    poses=(
        pose(
            hips=(2.3, -0.03, 0.04),
            pelvis=(-0.05, 0.10, -0.20),
            trunk=(0.0, -0.10, -0.05),
            arms=GUARD,
        ),
        pose(
            hips=(2.3, -0.02, -0.05),
            pelvis=(-0.12, 1.00, -0.42),
            trunk=(0.0, -0.45, -0.15),
            head=(0.1, -0.45, 0.30),
            left=(0.8, 0.3, 0.35, 2.1),
            right=(-0.35, 0.45, 0.1, 0.5),
        ),
        pose(
            hips=(2.3, -0.02, -0.05),
            pelvis=(-0.12, 1.15, -0.40),
            trunk=(0.0, -0.45, -0.12),
            head=(0.1, -0.50, 0.28),
            left=(0.8, 0.3, 0.35, 2.1),
            right=(-0.35, 0.45, 0.1, 0.5),
        ),
        pose(
            hips=(2.1, -0.03, -0.02),
            pelvis=(-0.05, 0.65, -0.15),
            trunk=(0.0, -0.25, -0.05),
            head=(0.0, -0.3, 0.1),
            arms=GUARD,
        ),
    ),
    pivot=0.95,
    direction="forward",
)
SOCCER: Final = KickKind(
    seconds=(0.40, 0.20, 0.15, 0.24, 0.34),
    legs=(
        (-0.55, 0.10, 0.10, 1.35, 0.8),
        (0.45, 0.02, 0.30, 0.32, 0.6),
        (1.15, -0.12, 0.20, 0.22, 0.5),
        (0.55, 0.0, 0.10, 0.75, 0.3),
    ),
    poses=(
        pose(
            hips=(0.75, -0.05, -0.05),
            pelvis=(0.05, -0.35, -0.08),
            trunk=(0.02, -0.35, 0.0),
            head=(0.30, 0.45, 0.0),
            left=(0.25, 1.25, 0.1, 0.35),
            right=(-0.55, 0.45, 0.1, 0.5),
        ),
        pose(
            hips=(1.0, -0.06, -0.06),
            pelvis=(0.05, 0.25, -0.14),
            trunk=(0.22, -0.05, -0.08),
            head=(0.35, 0.0, 0.05),
            left=(0.55, 0.85, 0.3, 0.5),
            right=(-0.35, 0.55, 0.1, 0.4),
        ),
        pose(
            hips=(1.0, -0.02, 0.0),
            pelvis=(-0.12, 0.45, -0.10),
            trunk=(0.30, 0.20, -0.06),
            head=(0.0, -0.25, 0.05),
            left=(0.85, 0.35, 0.7, 0.6),
            right=(-0.60, 0.60, 0.1, 0.4),
        ),
        pose(
            hips=(0.6, -0.03, 0.0),
            pelvis=(0.0, 0.2, 0.0),
            left=(0.4, 0.4, 0.3, 0.6),
            right=(-0.2, 0.4, 0.1, 0.5),
        ),
    ),
    pivot=0.1,
    direction="forward",
)
KINDS: Final = {
    "front": _FRONT,
    "side": _SIDE,
    "roundhouse": _ROUND,
    "high": _HIGH,
    "soccer": SOCCER,
}
