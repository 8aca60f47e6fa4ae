"""Off the ground: the body centre falls freely, whatever the limbs do meanwhile."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np

from tasks.retarget.body import CENTRE_WEIGHTS
from tasks.synthesize.engine.cycles import between
from tasks.synthesize.engine.posture import Posture
from tasks.synthesize.engine.solve import solve_points

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.body import Body

__all__ = ["body_centre", "fall_freely", "frame_at"]


def frame_at(t: NDArray[np.float64], time_s: float) -> int:
    """The frame next to a time, inside the clip."""
    step = float(t[1] - t[0])
    return int(between(round((time_s - float(t[0])) / step), 0, len(t) - 1))


def body_centre(body: Body, posture: Posture, frames: slice) -> NDArray[np.float64]:
    """Body centre over a piece of a posture, (frames, 3), metres."""
    piece = Posture(**{f.name: getattr(posture, f.name)[frames] for f in fields(Posture)})
    points = solve_points(body, piece).astype(np.float64)
    return np.asarray(CENTRE_WEIGHTS @ points)


def fall_freely(
    posture: Posture, body: Body, *, frames: tuple[int, int], gravity_mps2: float
) -> None:
    """Shift the whole body so that its centre flies on a parabola between two frames.

    Both end frames stay as they are: feet that stand there keep standing.

    Args:
        posture: Edited in place; its limbs are final.
        body: Whose masses.
        frames: Last frame before, and first frame after the flight.
        gravity_mps2: Downwards.
    """
    first, last = frames
    piece = slice(first, last + 1)
    centre = body_centre(body, posture, piece)
    t = posture.t[piece] - posture.t[first]
    share = (t / t[-1])[:, None]
    wanted = centre[0] + share * (centre[-1] - centre[0])
    wanted[:, 1] += 0.5 * gravity_mps2 * t * (t[-1] - t)
    moved = wanted - centre
    posture.hips[piece] += moved
    posture.ankles[piece] += moved[:, None]
    posture.hold[piece] += moved[:, None]
