"""From where a clip is seen: one azimuth, chosen from the motion, and the projection onto it.

phi = 0 is the front (the subject's left at +x), 90 the side with forward at +x. The automatic
choice is odd under reflection: the mirror image of a motion is seen from -phi, so that its figure
is the mirror image of the figure. Two exceptions: a motion that is its own mirror image has
nothing to decide the sign and is seen from +phi; and of a pair the first person always stands
left, so the mirror image of a pair is seen from behind (x kept, sides exchanged, depth negated).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tasks.retarget.body import figure_joints, neck_of, root_of
from tasks.retarget.frame import left_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

__all__ = ["automatic_view", "pair_view", "project", "spread_views", "wrap_degrees"]

_CLAMP_DEG: Final = (20.0, 70.0)
"""A pure front view hides walking, a pure side view one arm and one leg."""
_ON_THE_SPOT_MAX_DEG: Final = 60.0
"""Who stays in place shows less of the side: standing legs hide each other beyond."""
_TRAVEL_H: Final = 0.5
"""Whose root goes further than this (H) from its mean place travels."""
_DEFAULT_DEG: Final = {True: 65.0, False: 30.0, None: 45.0}
"""By travelling or not, where the motion has no main direction."""
_STILL_HPS: Final = 0.03
"""Below this rms speed (H/s) a main direction means nothing."""
_ROUND: Final = 0.15
"""... and below this difference of the two variances (share of their sum)."""
_SIGN_TIE: Final = 1e-5
"""Below this share the sign is rounding, not motion."""
_LYING_COSINE: Final = 0.5
"""A trunk further from upright than 60 degrees lies."""
_OFF_PROFILE_DEG: Final = 20.0
"""A first person seen in sheer profile hides half of its limbs; so far it is turned out of that."""
_PAIR_DISTANCE_M: Final = 0.3
"""Nearer than this, who stands left of whom says nothing."""


def wrap_degrees(angle: float) -> float:
    """The same angle in (-180, 180]."""
    wrapped = -math.remainder(-angle, 360.0)
    return 180.0 if wrapped == -180.0 else wrapped


def _axis_angle(vectors: Floats) -> tuple[float, float, float]:
    """Main axis of (s, f) vectors: angle in (-90, 90] degrees, roundness 0..1, mean square."""
    flat = vectors.reshape(-1, 2)
    side, ahead = float(np.mean(flat[:, 0] ** 2)), float(np.mean(flat[:, 1] ** 2))
    cross = float(np.mean(flat[:, 0] * flat[:, 1]))
    total = side + ahead
    if total <= 0.0:
        return 0.0, 0.0, 0.0
    if abs(cross) <= _SIGN_TIE * total:
        cross = abs(cross)
    angle = 0.5 * math.degrees(math.atan2(2.0 * cross, side - ahead))
    strength = math.hypot(side - ahead, 2.0 * cross) / total
    return angle, strength, total


def _lying_share(trunk: Floats) -> float:
    length = np.sqrt(np.add.reduce(trunk * trunk, axis=1))
    return float(np.mean(np.abs(trunk[:, 1]) < _LYING_COSINE * length))


def _travels(points: Floats, *, height: float) -> bool:
    away = root_of(points)[:, ::2]
    away = away - away.mean(axis=0)
    return float(np.hypot(away[:, 0], away[:, 1]).max()) > _TRAVEL_H * height


def automatic_view(
    points: Floats, heading: Floats, *, height: float, fps: float, locomotion: bool | None
) -> float:
    """Azimuth that shows the motion of one actor best.

    Who lies most of the time is seen from the side, whole length. Else the main direction of the
    horizontal joint velocities goes into the picture, kept between 20 and 70 degrees off the
    front (60 for who stays in place); without a main direction, 65, 30 or 45 degrees (travels,
    stays, unknown).

    Args:
        points: Shape (T, 15, 3), metres, y up.
        heading: Shape (2,): forward (x, z) of the clip.
        height: H, metres.
        fps: Frames per second of `points`.
        locomotion: What the source knows: travels, stays, or None.

    Returns:
        Degrees in (-180, 180].
    """
    axes = np.array([left_of(heading), heading]).T
    trunk = neck_of(points) - root_of(points)
    if _lying_share(trunk) > 0.5:
        return wrap_degrees(_axis_angle(trunk[:, [0, 2]] @ axes)[0])
    level = figure_joints(points)[:, :, ::2]
    steps = (level[1:] - level[:-1]).reshape(-1, 2) @ axes
    angle, strength, mean_square = _axis_angle(steps)
    sign = -1.0 if angle < 0 else 1.0
    # (10 T - 10, 2) steps: the mean square is per vector, both components
    if strength < _ROUND or math.sqrt(mean_square) * fps < _STILL_HPS * height:
        return sign * _DEFAULT_DEG[locomotion]
    most = _CLAMP_DEG[1] if _travels(points, height=height) else _ON_THE_SPOT_MAX_DEG
    return sign * min(max(abs(angle), _CLAMP_DEG[0]), most)


def pair_view(first: Floats, second: Floats, heading: Floats) -> float | None:
    """Azimuth that puts two people side by side, the first one left.

    People face to face would be seen in profile, with one leg and one arm hidden behind the
    others: then the view turns by up to 20 degrees, the way that is nearer, and they are still
    nearly as far apart.

    Args:
        first: Roots of the first person, shape (T, 3), metres.
        second: Roots of the second person, shape (T, 3).
        heading: Forward (x, z) of the first person.

    Returns:
        Degrees in (-180, 180]; None if they stand too near for an answer.
    """
    across = (second - first)[:, [0, 2]].mean(axis=0)
    if float(np.hypot(*across)) <= _PAIR_DISTANCE_M:
        return None
    angle = math.degrees(math.atan2(float(across @ heading), float(across @ left_of(heading))))
    return wrap_degrees(math.copysign(_out_of_profile(abs(angle)), angle))


def _out_of_profile(angle: float) -> float:
    """An angle 0..180 that keeps its distance from 90."""
    if not 90.0 - _OFF_PROFILE_DEG < angle < 90.0 + _OFF_PROFILE_DEG:
        return angle
    return 90.0 + (_OFF_PROFILE_DEG if angle > 90.0 else -_OFF_PROFILE_DEG)


def spread_views(first_deg: float, num_views: int) -> tuple[float, ...]:
    """The automatic view and `num_views - 1` others, evenly over half a turn.

    Half a turn holds every distinct outline: from behind, a figure is its own front view with x
    and depth negated. The spread goes away from the front on the side of the first view, so it
    is mirrored with it.
    """
    step = math.copysign(180.0 / num_views, first_deg)
    return tuple(wrap_degrees(first_deg + k * step) for k in range(num_views))


def project(points: Floats, heading: Floats, *, azimuth_deg: float) -> NDArray[np.float64]:
    """Points in the axes of a view: x right, y up, z to the viewer.

    Args:
        points: Shape (..., 3), y up, origin and unit already chosen.
        heading: Forward (x, z) of the clip.
        azimuth_deg: View.

    Returns:
        Shape (..., 3), float64, same unit.
    """
    phi = math.radians(azimuth_deg)
    left = left_of(heading)
    right = math.cos(phi) * left + math.sin(phi) * heading
    near = math.cos(phi) * heading - math.sin(phi) * left
    turn = np.array([[right[0], 0.0, near[0]], [0.0, 1.0, 0.0], [right[1], 0.0, near[1]]])
    # all rows in one product: one for every frame is slow
    return np.asarray((points.reshape(-1, 3) @ turn).reshape(points.shape), dtype=np.float64)
