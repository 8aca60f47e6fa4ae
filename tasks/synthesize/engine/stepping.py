"""Single steps on the spot: a foot goes out and comes back, heels rise, knees give way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stickgen_model.motion.rotations import axis_rotation
from tasks.synthesize.engine.body import joint
from tasks.synthesize.engine.gait import keep_legs_in_reach

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.body import Body
    from tasks.synthesize.engine.posture import Posture

    Floats = NDArray[np.float64]

__all__ = ["move_foot", "raise_heel", "sink_to_reach"]


def move_foot(
    posture: Posture, side: int, *, ahead: Any = 0.0, aside: Any = 0.0, lift: Any = 0.0
) -> None:
    """Move one foot against where it stands.

    Args:
        posture: Tracks of N frames, edited in place.
        side: 0 left, 1 right.
        ahead: (N,) metres along the body's facing.
        aside: (N,) metres to the body's left.
        lift: (N,) metres up.
    """
    level = np.array([1.0, 0.0, 1.0])
    ankles = posture.ankles[:, side]
    for way, axis in ((ahead, 2), (aside, 0)):
        # the facing of the first frame: a turning pelvis must not drag the foot along
        ankles += np.asarray(way)[..., None] * (posture.turn[:1, :, axis] * level)
    ankles[:, 1] += lift


def raise_heel(posture: Posture, body: Body, side: int, angle: Floats) -> None:
    """Turn one foot about its ball, radians, heel up; the ball stays where it is.

    Args:
        posture: Tracks of N frames, edited in place.
        body: Whose foot.
        side: 0 left, 1 right.
        angle: (N,) >= 0.
    """
    ball = body.offsets[joint("r_foot" if side else "l_foot")]
    before = posture.feet[:, side] @ ball
    posture.feet[:, side] = posture.feet[:, side] @ axis_rotation("X", angle)
    posture.ankles[:, side] += before - posture.feet[:, side] @ ball


def sink_to_reach(posture: Posture, body: Body, *, fps: float) -> None:
    """Lower the hips smoothly where a leg is too short for its foot, in place."""
    if len(posture.t) > 1:
        bearing = np.ones((len(posture.t), 2), dtype=np.bool_)
        posture.hips[:, 1] = keep_legs_in_reach(
            body, posture.hips, posture.turn, posture.ankles, bearing, fps=fps
        )
