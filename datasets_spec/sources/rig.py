"""What a rig table says: which joints of a BVH file are the 15 points of the body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CMU_FAMILY", "CMU_UNIT_M", "UNITS_M", "PointRule", "RigPreset"]

CMU_UNIT_M: Final = 0.0254 / 0.45
"""CMU's ASF files divide inches by 0.45: 1 unit = 0.056444 m."""

UNITS_M: Final = (1.0, 0.01, 0.001, 0.0254, CMU_UNIT_M)
"""Units of length that BVH files come in, metres; the first plausible one is taken."""

CMU_FAMILY: Final = "cmu"
"""Rigs of this family hold CMU trials: `05_06` is the same performance in each of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PointRule:
    """A point of the body: a joint, or a place between it and the tip of its bone."""

    joint: str
    tip_share: float = 0.0
    """Share of the way from the joint to the tip of its bone (end site, or a joint that only
    marks the end). The offset turns with the joint."""
    lone_share: float = 0.0
    """Used if the bone has no tip: share of the joint's own OFFSET, continued past the joint."""
    toward: tuple[str, ...] = ()
    """Child joints whose mean is taken as the tip instead."""
    axes: tuple[float, float, float] = (1.0, 1.0, 1.0)
    """Weights of x, y, z of that way in the joint's own frame."""
    needs_tip: bool = False
    """The rule does not fit a joint without a tip."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RigPreset:
    """One rig."""

    name: str
    points: Mapping[str, tuple[PointRule, ...]]
    """For every body point the rules in order of preference; the first that fits is used."""
    also: tuple[str, ...] = ()
    """Joints that are not needed but tell this rig from others."""
    family: str = ""
    """Rigs that share performances, e.g. CMU_FAMILY."""
    unit_m: float | None = None
    """Preferred unit, metres; taken if it gives a human size. None: no preference."""
    up: Literal["y", "z"] = "y"
    """Axis that points up where the motion does not say otherwise."""
    certain: frozenset[str] = frozenset()
    """What is not to be checked against the motion: `unit`, `up`."""
