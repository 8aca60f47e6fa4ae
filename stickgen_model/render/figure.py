"""What is drawn of a figure: limbs between points, and on which side of the body they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.skeleton import BONES, JOINTS, NECK_RATIO, NUM_JOINTS, joint_index

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["HEAD", "HEAD_RADIUS", "LIMBS", "LIMB_SIDES", "NECK", "PELVIS", "with_neck"]

HEAD: Final = joint_index("head")
PELVIS: Final = joint_index("pelvis")
NECK: Final = NUM_JOINTS
"""Row of the neck in what `with_neck` returns."""

HEAD_RADIUS: Final = 0.065
"""H; the head's joint is the middle of its disc."""

_POINTS: Final = (*JOINTS, "neck")

LIMBS: Final = np.array(
    [(_POINTS.index(first), _POINTS.index(second)) for first, second in BONES], dtype=np.intp
)
"""Rows of both ends of every drawn segment, in the order of `BONES`, shape (9, 2)."""

LIMB_SIDES: Final = tuple({"l_": "left", "r_": "right"}.get(end[:2], "trunk") for _, end in BONES)
"""left, right or trunk, by limb."""


def with_neck(points: NDArray[Any]) -> NDArray[Any]:
    """The joints, and the neck as one row more.

    Args:
        points: Shape (..., 10, D), in the order of `JOINTS`.

    Returns:
        Shape (..., 11, D).
    """
    head, pelvis = points[..., HEAD, :], points[..., PELVIS, :]
    neck = pelvis + NECK_RATIO * (head - pelvis)
    return np.concatenate([points, neck[..., None, :]], axis=-2)
