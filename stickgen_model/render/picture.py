"""A figure as a camera sees it: the pictures that a model is conditioned on.

The figure is flat but has a depth for each joint, so that a camera beside the clip's own view sees
parallax, the right draw order and limbs that are thicker where they are nearer.
Places and cameras: `stickgen_model.render.viewpoint`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.skeleton import NUM_JOINTS, joint_index
from stickgen_model.config import IMAGE_SIZE
from stickgen_model.render.figure import HEAD, HEAD_RADIUS, LIMB_SIDES, LIMBS, with_neck
from stickgen_model.render.raster import paint_capsule
from stickgen_model.render.viewpoint import NEAR, Camera

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["PictureStyle", "draw_picture", "draw_style", "figure_points"]

Colour = tuple[float, float, float]

_ARMS: Final = tuple(joint_index(n) for n in ("l_elbow", "l_hand", "r_elbow", "r_hand"))
_TRUNK_RADIUS: Final = 0.040
_ARM_RADIUS: Final = 0.022
_LEG_RADIUS: Final = 0.028
_RADII: Final = np.array(
    [
        _TRUNK_RADIUS if side == "trunk" else _ARM_RADIUS if end in _ARMS else _LEG_RADIUS
        for (_, end), side in zip(LIMBS, LIMB_SIDES, strict=True)
    ]
)
"""H, by limb."""
_FEET: Final = (joint_index("l_foot"), joint_index("r_foot"))
_SHADOW_RADIUS: Final = 0.07
_SHADOW_EDGE: Final = 1.6
"""Width of a shadow's edge, in its radii."""
_OUTLINE: Final = 1.2
"""Pixels of a picture of 256 rows."""
_DARKER: Final = 0.55
_HAZE: Final = 4.0
"""H over which the floor fades to its colour at the horizon."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureStyle:
    """Colours (RGB, 0..255) and strokes of a picture.

    Attributes:
        sky: Above the horizon, at the top of the picture.
        horizon: Right above the horizon.
        floor: In front.
        far_floor: At the horizon.
        left: Left limbs.
        right: Right limbs.
        trunk: Trunk and head.
        thickness: Of limbs, as a factor.
        shadow: Cover of the shadow, 0 = none.
        outline: Whether limbs have a darker edge, which tells them apart where they cross.
    """

    sky: Colour = (205.0, 220.0, 235.0)
    horizon: Colour = (240.0, 243.0, 246.0)
    floor: Colour = (190.0, 186.0, 178.0)
    far_floor: Colour = (222.0, 220.0, 214.0)
    left: Colour = (34.0, 110.0, 186.0)
    right: Colour = (222.0, 106.0, 32.0)
    trunk: Colour = (38.0, 42.0, 50.0)
    thickness: float = 1.0
    shadow: float = 0.3
    outline: bool = True


def figure_points(joints: NDArray[np.floating], depth: NDArray[np.floating]) -> NDArray[np.float64]:
    """Joints and their depth as places.

    Args:
        joints: (x, y), H, shape (..., 10, 2).
        depth: H, towards the clip's viewer is larger, shape (..., 10).

    Returns:
        Shape (..., 10, 3).
    """
    return np.concatenate([joints, depth[..., None]], axis=-1, dtype=np.float64)


def draw_style(rng: np.random.Generator) -> PictureStyle:
    """Colours and strokes at random: light or dark places, a figure that stands out from them.

    Limbs of both sides have one colour half of the time, as in most drawings. The same numbers are
    drawn every time.
    """
    places, figure, draws = rng.random((4, 3)), rng.random((3, 3)), rng.random(5)
    dark = draws[0] < 0.3
    low, high = (15.0, 95.0) if dark else (150.0, 250.0)
    sky, horizon, floor, far_floor = (low + places * (high - low)).tolist()
    low, high = (150.0, 255.0) if dark else (0.0, 110.0)
    left, right, trunk = (low + figure * (high - low)).tolist()
    if draws[1] < 0.5:
        right = left
    if draws[2] < 0.5:
        trunk = left
    return PictureStyle(
        sky=sky,
        horizon=horizon,
        floor=floor,
        far_floor=far_floor,
        left=left,
        right=right,
        trunk=trunk,
        thickness=0.7 + 0.7 * float(draws[3]),
        shadow=0.5 * float(draws[4]),
        outline=bool(draws[4] < 0.7),
    )


def draw_picture(
    points: NDArray[np.floating],
    viewpoint: ArrayLike,
    *,
    style: PictureStyle | None = None,
    size: int = IMAGE_SIZE,
) -> NDArray[np.uint8]:
    """Draw a figure in perspective: what is further away is drawn first and thinner.

    Args:
        points: Joints with depth, as of `figure_points`, shape (10, 3).
        viewpoint: Position, target and field of view, shape (7,).
        style: Colours; None = the defaults.
        size: Rows and columns.

    Returns:
        RGB, shape (size, size, 3).

    Raises:
        ValueError: If points or viewpoint do not fit.
    """
    if points.shape != (NUM_JOINTS, 3) or not np.isfinite(points).all():
        msg = f"figure: expected finite numbers of shape ({NUM_JOINTS}, 3), got {points.shape}"
        raise ValueError(msg)
    style = PictureStyle() if style is None else style
    camera = Camera.from_viewpoint(viewpoint)
    image = _background(camera, style=style, size=size)
    placed = with_neck(np.asarray(points, dtype=np.float64))
    if style.shadow > 0.0:
        _paint_shadow(image, placed, camera=camera, cover=style.shadow)
    _paint_figure(image, camera.see(placed), camera=camera, style=style)
    return image


def _background(camera: Camera, *, style: PictureStyle, size: int) -> NDArray[np.uint8]:
    """Sky and floor; the camera is upright, so that a row has one colour."""
    # ahead and up of the ray through the middle of each row
    slope = (0.5 * size - 0.5 - np.arange(size)) / camera.focal(size)
    rise = camera.axes[2, 1] + slope * camera.axes[1, 1]
    height = max(float(camera.position[1]), 1e-3)
    with np.errstate(divide="ignore"):
        reach = np.where(rise < 0.0, -height / np.minimum(rise, -1e-9), np.inf)
    near = np.exp(-reach / _HAZE)[:, None]
    ground = near * np.array(style.floor) + (1.0 - near) * np.array(style.far_floor)
    up = np.clip(rise, 0.0, 1.0)[:, None]
    air = up * np.array(style.sky) + (1.0 - up) * np.array(style.horizon)
    # a row that holds the horizon is a mixture of both
    cover = np.clip(0.5 - rise * camera.focal(size), 0.0, 1.0)[:, None]
    rows = np.rint(cover * ground + (1.0 - cover) * air).astype(np.uint8)
    return np.repeat(rows[:, None], size, axis=1)


def _paint_shadow(
    image: NDArray[np.uint8], points: NDArray[np.float64], *, camera: Camera, cover: float
) -> None:
    """A soft shade right under trunk and feet; what is high above the floor leaves less of it."""
    if camera.position[1] <= NEAR:
        return
    feet = points[list(_FEET)]
    trunk = points[[HEAD, NUM_JOINTS]]
    for ends in (feet, trunk):
        flat = camera.see(ends * np.array([1.0, 0.0, 1.0]))
        if flat[:, 2].min() < NEAR:
            continue
        radii = camera.focal(len(image)) * _SHADOW_RADIUS / flat[:, 2]
        left = cover * math.exp(-1.5 * max(0.0, float(ends[:, 1].min())))
        start, end = camera.project(flat, size=len(image)).tolist()
        paint_capsule(
            image,
            start,
            end,
            radii=(0.5 * radii[0], 0.5 * radii[1]),
            colour=(0.0, 0.0, 0.0, left),
            softness=_SHADOW_EDGE * float(radii.mean()),
        )


def _paint_figure(
    image: NDArray[np.uint8],
    seen: NDArray[np.float64],
    *,
    camera: Camera,
    style: PictureStyle,
) -> None:
    """Paint limbs and head from the furthest to the nearest.

    Args:
        image: Changed in place.
        seen: Places of `with_neck` as the camera sees them, shape (11, 3).
        camera: Gives the scale.
        style: Colours and thickness.
    """
    ends = seen[np.vstack([LIMBS, (HEAD, HEAD)])]
    radii = np.append(style.thickness * _RADII, HEAD_RADIUS)
    sides = (*LIMB_SIDES, "trunk")
    colours = {"left": style.left, "right": style.right, "trunk": style.trunk}
    line = _OUTLINE * len(image) / IMAGE_SIZE if style.outline else 0.0
    for limb in np.argsort(-ends[:, :, 2].mean(axis=1), kind="stable"):
        kept = _ahead(ends[limb])
        if kept is None:
            continue
        start, end = camera.project(kept, size=len(image)).tolist()
        first, second = (camera.focal(len(image)) * radii[limb] / kept[:, 2]).tolist()
        colour = np.asarray(colours[sides[limb]], dtype=np.float32)
        edge = (line, _DARKER * colour) if line else None
        paint_capsule(image, start, end, radii=(first, second), colour=colour, edge=edge)


def _ahead(ends: NDArray[Any]) -> NDArray[Any] | None:
    """The part of a segment in front of the camera, None where there is none."""
    ahead = ends[:, 2] >= NEAR
    if ahead.all():
        return ends
    if not ahead.any():
        return None
    behind = int(np.argmin(ends[:, 2]))
    share = (NEAR - ends[behind, 2]) / (ends[1 - behind, 2] - ends[behind, 2])
    cut = ends.copy()
    cut[behind] += share * (ends[1 - behind] - ends[behind])
    return cut
