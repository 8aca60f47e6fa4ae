"""Pictures that generation is given, checked and made tensors.

Letters of shapes: C scenes, R = 256 rows and columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from datasets_spec.errors import ConfigError
from stickgen_model.config import IMAGE_SIZE, VIEWPOINT_DIM
from stickgen_model.render.viewpoint import Camera

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray
    from torch import Tensor

__all__ = ["picture_conditions"]

_SHAPE = (3, IMAGE_SIZE, IMAGE_SIZE)


def picture_conditions(
    images: Sequence[NDArray[Any] | None] | NDArray[Any] | None,
    viewpoints: Sequence[ArrayLike | None] | NDArray[Any] | None,
    *,
    scenes: int,
) -> dict[str, Tensor]:
    """Pictures and their cameras as conditions; a scene without has zeros.

    Args:
        images: RGB, (3, R, R) each, whole numbers 0..255 or numbers 0..1, or None for a scene
            without; None = no scene has one.
        viewpoints: Position, target and field of view of each picture's camera, as of
            `stickgen_model.render.viewpoint`, or None where it is not known.
        scenes: C.

    Returns:
        `image` (C, 3, R, R), float 0..1, and `viewpoint` (C, 7); nothing without any picture.

    Raises:
        ConfigError: If there is not one entry a scene, a picture or a viewpoint does not fit, or
            a viewpoint has no picture.
    """
    pictures = [None] * scenes if images is None else list(images)
    views = [None] * scenes if viewpoints is None else list(viewpoints)
    if not len(pictures) == len(views) == scenes:
        msg = (
            f"expected an image and a viewpoint (or None) for each of {scenes} scenes, got "
            f"{len(pictures)} and {len(views)}"
        )
        raise ConfigError(msg)
    lonely = [n for n in range(scenes) if pictures[n] is None and views[n] is not None]
    if lonely:
        msg = f"scenes {lonely}: expected an image for each viewpoint, got none"
        raise ConfigError(msg)
    if all(picture is None for picture in pictures):
        return {}
    image = np.zeros((scenes, *_SHAPE), dtype=np.float32)
    viewpoint = np.zeros((scenes, VIEWPOINT_DIM), dtype=np.float32)
    for number, (picture, view) in enumerate(zip(pictures, views, strict=True)):
        if picture is not None:
            image[number] = _checked_image(np.asarray(picture), number)
        if view is not None:
            viewpoint[number] = _checked_viewpoint(view, number)
    return {"image": torch.from_numpy(image), "viewpoint": torch.from_numpy(viewpoint)}


def _checked_image(picture: NDArray[Any], number: int) -> NDArray[np.float32]:
    """Numbers 0..1."""
    whole = picture.dtype == np.uint8
    if picture.shape != _SHAPE or not (whole or np.issubdtype(picture.dtype, np.floating)):
        got = f"{picture.dtype} {picture.shape}"
        msg = f"image {number}: expected uint8 or float of shape {_SHAPE}, got {got}"
        raise ConfigError(msg)
    values = picture.astype(np.float32) / (255.0 if whole else 1.0)
    low, high = float(values.min()), float(values.max())
    if not 0.0 <= low <= high <= 1.0 or high == 0.0:
        msg = (
            f"image {number}: expected numbers 0..1 (float) or 0..255 (uint8), not all 0, got "
            f"{low:g}..{high:g}; give None for a scene without an image"
        )
        raise ConfigError(msg)
    return values


def _checked_viewpoint(view: ArrayLike, number: int) -> NDArray[np.float32]:
    try:
        Camera.from_viewpoint(view)
    except ValueError as error:
        msg = f"scene {number}: {error}"
        raise ConfigError(msg) from error
    return np.asarray(view, dtype=np.float32)
