"""A solved performance of the sample, as its writers need it: rotations, labels, caption."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stickgen_model.motion.kinematics import forward_kinematics
from tasks.synthesize.engine.body import PARENTS, Body, body_points
from tasks.synthesize.engine.solve import solve_rotations

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tasks.synthesize.engine.posture import Posture

__all__ = ["Motion", "Span", "solve"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """What is done when."""

    action: str
    """A word of `vocabulary.ACTIONS`."""
    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Motion:
    """A solved clip of one actor."""

    body: Body
    fps: float
    rotations: NDArray[np.float64]
    """(T, 22, 3, 3) local joint rotations."""
    pelvis: NDArray[np.float64]
    """(T, 3) pelvis joint in the world, metres, y up."""
    spans: tuple[Span, ...]
    caption: str

    @property
    def points(self) -> NDArray[np.float32]:
        """(T, 15, 3) points of `skeleton.BODY_POINTS`, metres, y up."""
        return body_points(self.body, self.rotations, self.pelvis)

    @property
    def joints(self) -> NDArray[np.float64]:
        """(T, 22, 3) joint positions, metres, y up."""
        positions, _ = forward_kinematics(self.rotations, self.body.offsets, PARENTS)
        return positions + self.pelvis[:, None]


def solve(
    body: Body, posture: Posture, *, fps: float, spans: tuple[Span, ...], caption: str
) -> Motion:
    """Turn control tracks into a motion."""
    rotations, pelvis = solve_rotations(body, posture)
    return Motion(
        body=body, fps=fps, rotations=rotations, pelvis=pelvis, spans=spans, caption=caption
    )
