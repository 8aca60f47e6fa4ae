"""Pairs of a sentence and its motion, varied a little, to train text-motion encoders on.

Letters of shapes: B pairs, T frames of the longest, S stretches.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.skeleton import MIRROR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stickgen_model.evaluate.captioned_motion import CaptionedMotion
    from stickgen_model.evaluate.text_motion_recipe import TextMotionRecipe

__all__ = ["chances", "draw_motion", "draw_texts", "mirror_text"]

_OTHER_SIDE: Final = {
    "left": "right",
    "right": "left",
    "leftwards": "rightwards",
    "rightwards": "leftwards",
    "clockwise": "counterclockwise",
    "counterclockwise": "clockwise",
    "anticlockwise": "clockwise",
}
_SIDED: Final = re.compile(rf"\b({'|'.join(_OTHER_SIDE)})\b", re.IGNORECASE)


def mirror_text(text: str) -> str:
    """The sentence of the mirror image: sides change places, in small letters."""
    return _SIDED.sub(lambda found: _OTHER_SIDE[found[0].lower()], text)


def chances(data: CaptionedMotion, balance: float) -> NDArray[np.float64]:
    """How often each stretch is drawn, shape (S,), sums to 1."""
    kinds = 2 * data.real.astype(np.int64) + data.whole
    _, places, counts = np.unique(kinds, return_inverse=True, return_counts=True)
    weights = counts[places].astype(np.float64) ** -balance
    return np.asarray(weights / weights.sum())


def draw_texts(
    data: CaptionedMotion,
    rows: NDArray[np.int64],
    flipped: NDArray[np.bool_],
    rng: np.random.Generator,
) -> list[str]:
    """A sentence of each stretch, B of them; sides changed where it is mirrored."""
    drawn = rng.random(len(rows))
    texts = []
    for row, share, mirrored in zip(rows, drawn, flipped, strict=True):
        said = data.texts[int(row)]
        text = said[int(share * len(said))]
        texts.append(mirror_text(text) if mirrored else text)
    return texts


def draw_motion(
    data: CaptionedMotion,
    rows: NDArray[np.int64],
    flipped: NDArray[np.bool_],
    rng: np.random.Generator,
    *,
    recipe: TextMotionRecipe,
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """The motion of each stretch, whole, a little faster, larger and noisier or less so.

    Args:
        data: Stretches.
        rows: Which of them, shape (B,).
        flipped: Which of these are mirrored, shape (B,).
        rng: Random numbers.
        recipe: How much is varied.

    Returns:
        Joints (B, T, 10, 2), H, and True at real frames (B, T).
    """
    count = len(rows)
    last = data.lengths[rows] - 1
    factor = np.exp(rng.uniform(-1.0, 1.0, count) * np.log1p(recipe.speed))
    # half of them keep their speed: no smoothing by interpolation
    factor[rng.random(count) < 0.5] = 1.0
    frames = np.floor(last / factor).astype(np.int64) + 1
    steps = np.arange(int(frames.max()))
    mask = steps < frames[:, None]
    places = np.minimum(factor[:, None] * steps, last[:, None].astype(np.float64))
    before = places.astype(np.int64)
    share = (places - before)[..., None, None].astype(np.float32)
    base = data.first[rows][:, None]
    one = data.frames[base + before]
    other = data.frames[base + np.minimum(before + 1, last[:, None])]
    joints = one + (other - one) * share
    joints[flipped] = joints[flipped][:, :, MIRROR] * np.array([-1.0, 1.0], dtype=np.float32)
    scale = 1.0 + recipe.size * rng.uniform(-1.0, 1.0, count)
    sigma = recipe.noise * np.maximum(rng.uniform(-1.0, 1.0, count), 0.0)
    noise = rng.standard_normal(joints.shape, dtype=np.float32) * _per_clip(sigma)
    return joints * _per_clip(scale) + noise, mask


def _per_clip(values: NDArray[np.float64]) -> NDArray[np.float32]:
    return values.astype(np.float32)[:, None, None, None]
