"""A contact sheet: motions as rows of poses, to be looked over by eye.

Shapes: T frames of a motion, D = 2 numbers of a joint (x, y), H and W rows and columns of a
picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from datasets_spec.schema import CLIP_FPS
from datasets_spec.skeleton import NUM_JOINTS
from stickgen_model.render.figure import (
    HEAD,
    HEAD_RADIUS,
    LIMB_SIDES,
    LIMBS,
    PELVIS,
    with_neck,
)
from stickgen_model.render.lettering import wrap_text
from stickgen_model.render.raster import paint_capsule, paint_disc, paint_rectangle

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["contact_sheet", "save_png"]

_PIXELS: Final = 92.0
"""Of one H, in every row."""
_LINE_RADIUS: Final = 2.4
_MARGIN: Final = 14
_CAPTION_SIZE: Final = 15
_CAPTION_ROW: Final = 19
_CAPTION_LINES: Final = 2
_SMALL_SIZE: Final = 11
_TIME_ROW: Final = 16
_STRIP: Final = 24
"""Height of the path strip, pixels."""
_PATH_HALF: Final = 0.5
"""H: a walk of less than twice this does not fill the strip."""
_SLOT_WIDTH: Final = (0.85, 2.0)
_TOP: Final = (1.15, 2.2)
_BELOW: Final = (0.06, 0.6)
"""Least and most H that a slot is wide, and shown above and below the floor."""

_PAPER: Final = (255, 255, 255)
_RULE: Final = (222, 226, 232)
_FLOOR: Final = (170, 176, 186)
_INK: Final = (38, 42, 50)
_FAINT: Final = (120, 127, 138)
_PATH: Final = (96, 125, 90)
_SIDES: Final = {"left": (34, 110, 186), "right": (222, 106, 32), "trunk": _INK}
_DRAW_ORDER: Final = ("right", "trunk", "left")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Layout:
    """Places inside a cell, pixels; all cells of a sheet have the same."""

    poses: int
    slot: float
    top: float
    below: float

    @property
    def width(self) -> int:
        return round(self.poses * self.slot) + 2 * _MARGIN

    @property
    def first_pose_row(self) -> int:
        return _MARGIN + _CAPTION_LINES * _CAPTION_ROW

    @property
    def floor(self) -> float:
        return self.first_pose_row + self.top

    @property
    def last_pose_row(self) -> int:
        return round(self.floor + self.below)

    @property
    def strip(self) -> int:
        return self.last_pose_row + _TIME_ROW + 4

    @property
    def height(self) -> int:
        return self.strip + _STRIP + _MARGIN


def contact_sheet(
    motions: Sequence[NDArray[np.floating]],
    captions: Sequence[str],
    *,
    poses: int = 8,
    columns: int = 1,
) -> NDArray[np.uint8]:
    """Draw each motion as a row of poses on a floor line, in one scale, under its caption.

    Poses are evenly spaced in time, set side by side; left limbs are blue, right ones orange. The
    strip below shows the pelvis' x over the time of the clip, a dot a pose.

    Args:
        motions: Joints (x, y), H, floor at 0, shape (T, 10, 2) each.
        captions: One a motion.
        poses: Of each motion; a motion of fewer frames shows frames again.
        columns: Motions side by side.

    Returns:
        RGB, shape (H, W, 3).

    Raises:
        ValueError: If there is no motion, a shape is another, a number is not finite, or there are
            not as many captions.
    """
    _check(motions, captions, poses=poses, columns=columns)
    numbers = [np.rint(np.linspace(0, len(motion) - 1, poses)).astype(int) for motion in motions]
    shown = [np.asarray(m, dtype=np.float64)[f] for m, f in zip(motions, numbers, strict=True)]
    layout = _layout(shown, poses)
    rows = -(-len(motions) // columns)
    sheet = np.full((rows * layout.height, columns * layout.width, 3), _PAPER, dtype=np.uint8)
    for number, motion in enumerate(motions):
        cell = _draw_cell(motion, captions[number], frames=numbers[number], layout=layout)
        row, column = divmod(number, columns)
        sheet[
            row * layout.height : (row + 1) * layout.height,
            column * layout.width : (column + 1) * layout.width,
        ] = cell
    return sheet


def save_png(path: Path, image: NDArray[np.uint8]) -> None:
    """Write a picture; the file is there whole or not at all.

    Args:
        path: Where to; the folder has to exist.
        image: RGB, shape (H, W, 3).
    """
    part = path.with_name(f"{path.name}.part")
    try:
        Image.fromarray(image).save(part, format="PNG", optimize=True)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _check(
    motions: Sequence[NDArray[np.floating]], captions: Sequence[str], *, poses: int, columns: int
) -> None:
    if not motions or len(motions) != len(captions) or poses < 1 or columns < 1:
        msg = (
            "expected motions, as many captions, poses >= 1 and columns >= 1, got "
            f"{len(motions)}, {len(captions)}, {poses}, {columns}"
        )
        raise ValueError(msg)
    for number, motion in enumerate(motions):
        if motion.ndim != 3 or motion.shape[1:] != (NUM_JOINTS, 2) or not len(motion):
            msg = f"motion {number}: expected shape (T, {NUM_JOINTS}, 2), got {motion.shape}"
            raise ValueError(msg)
        if not np.isfinite(motion).all():
            msg = f"motion {number}: expected finite joints, got NaN or infinity"
            raise ValueError(msg)


def _layout(shown: Sequence[NDArray[np.float64]], poses: int) -> _Layout:
    """Slots wide and high enough for every pose, within bounds."""
    every = np.concatenate(shown)
    wide = float(np.ptp(every[..., 0], axis=1).max()) + 2.0 * HEAD_RADIUS
    high = float(every[..., 1].max()) + HEAD_RADIUS + 0.04
    low = 0.04 - float(every[..., 1].min())
    return _Layout(
        poses=poses,
        slot=_PIXELS * float(np.clip(wide, *_SLOT_WIDTH)),
        top=_PIXELS * float(np.clip(high, *_TOP)),
        below=_PIXELS * float(np.clip(low, *_BELOW)),
    )


def _draw_cell(
    motion: NDArray[np.floating], caption: str, *, frames: NDArray[np.int_], layout: _Layout
) -> NDArray[np.uint8]:
    image = np.full((layout.height, layout.width, 3), _PAPER, dtype=np.uint8)
    left, right = _MARGIN, layout.width - _MARGIN
    paint_rectangle(image, (left, layout.floor - 0.75), (right, layout.floor + 0.75), colour=_FLOOR)
    paint_rectangle(image, (0, layout.height - 1), (layout.width, layout.height), colour=_RULE)
    window = image[layout.first_pose_row : layout.last_pose_row]
    floor = layout.floor - layout.first_pose_row
    for slot, frame in enumerate(frames):
        pose = np.asarray(motion[frame], dtype=np.float64)
        # a pose wider than the widest slot is cut off, so that it cannot cover its neighbours
        edges = np.rint(left + layout.slot * np.array([slot, slot + 1])).astype(int)
        middle = 0.5 * (pose[:, 0].min() + pose[:, 0].max())
        points = with_neck(pose)
        x = 0.5 * layout.slot + _PIXELS * (points[:, 0] - middle)
        pixels = np.stack([x, floor - _PIXELS * points[:, 1]], axis=1)
        _draw_pose(window[:, edges[0] : edges[1]], pixels)
    x_T = np.asarray(motion[:, PELVIS, 0], dtype=np.float64)  # noqa: N806
    _draw_path(image, x_T, frames=frames, layout=layout)
    return _write(image, caption, frames=frames, x_T=x_T, layout=layout)


def _draw_pose(image: NDArray[np.uint8], points: NDArray[np.float64]) -> None:
    """Paint a figure; `points` are those of `with_neck` in pixels."""
    for side in _DRAW_ORDER:
        for (first, second), limb_side in zip(LIMBS, LIMB_SIDES, strict=True):
            if limb_side == side:
                paint_capsule(
                    image,
                    points[first].tolist(),
                    points[second].tolist(),
                    radii=(_LINE_RADIUS, _LINE_RADIUS),
                    colour=_SIDES[side],
                )
    centre, radius = points[HEAD].tolist(), _PIXELS * HEAD_RADIUS
    paint_disc(image, centre, radius=radius, colour=_INK)
    paint_disc(image, centre, radius=radius - 1.6, colour=_PAPER)


def _slot_middles(layout: _Layout) -> NDArray[np.float64]:
    return _MARGIN + layout.slot * (np.arange(layout.poses, dtype=np.float64) + 0.5)


def _draw_path(
    image: NDArray[np.uint8],
    x_T: NDArray[np.float64],  # noqa: N803
    *,
    frames: NDArray[np.int_],
    layout: _Layout,
) -> None:
    """Pelvis x upwards, time to the right; the time of a pose is right under it."""
    middle = 0.5 * (x_T.min() + x_T.max())
    half = max(0.5 * float(np.ptp(x_T)), _PATH_HALF)
    rows = layout.strip + 0.5 * _STRIP - (0.5 * _STRIP - 4.0) * (x_T - middle) / half
    slots = _slot_middles(layout)
    # frames shown twice (very short motions) stand under their first pose
    known, first = np.unique(frames, return_index=True)
    across = np.interp(np.arange(len(x_T)), known, slots[first])
    level = layout.strip + 0.5 * _STRIP
    paint_rectangle(
        image, (_MARGIN, level - 0.5), (layout.width - _MARGIN, level + 0.5), colour=_RULE
    )
    points = np.stack([across, rows], axis=1).tolist()
    for start, end in pairwise(points):
        paint_capsule(image, start, end, radii=(0.8, 0.8), colour=_PATH)
    for slot, frame in zip(slots, frames, strict=True):
        paint_disc(image, (float(slot), points[frame][1]), radius=2.6, colour=_PATH)


def _write(
    cell: NDArray[np.uint8],
    caption: str,
    *,
    frames: NDArray[np.int_],
    x_T: NDArray[np.float64],  # noqa: N803
    layout: _Layout,
) -> NDArray[np.uint8]:
    """Caption, times of the poses, places of the pelvis."""
    picture = Image.fromarray(cell)
    pen = ImageDraw.Draw(picture)
    large, small = (ImageFont.load_default(size) for size in (_CAPTION_SIZE, _SMALL_SIZE))
    lines = wrap_text(
        caption, pen, font=large, width=layout.width - 2 * _MARGIN, most=_CAPTION_LINES
    )
    for number, line in enumerate(lines):
        place = (_MARGIN, _MARGIN - 6 + number * _CAPTION_ROW)
        pen.text(place, line, fill=_INK, font=large)
    row = layout.last_pose_row + 2
    for slot, frame, x in zip(_slot_middles(layout), frames, x_T[frames] - x_T[0], strict=True):
        # + 0.0 turns -0.0 into 0.0
        told = f"{frame / CLIP_FPS:.1f} s  at {round(x, 1) + 0.0:+.1f}"
        pen.text((float(slot), row), told, fill=_FAINT, font=small, anchor="ma")
    return np.asarray(picture, dtype=np.uint8)
