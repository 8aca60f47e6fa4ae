"""Does a clip find its own sentence among others?

Equal sentences are one: they count as right, and never stand against each other. Ties count as if
drawn by lot, so that an encoder that says the same of everything is as good as chance.

Letters of shapes: N clips with a sentence each, D numbers of a vector, W ways, S different
sentences.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stickgen_model.motion.shapes import check_shape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

__all__ = ["TOP", "full_retrieval", "mm_distance", "r_precision", "text_key"]

TOP: Final = (1, 2, 3)
_BLOCK: Final = 256
"""Clips at a time."""


def text_key(text: str) -> str:
    """Equal for sentences that differ in case, white space and punctuation only."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())


def r_precision(
    text_ND: Floats,
    motion_ND: Floats,
    texts: Sequence[str],
    *,
    ways: int = 32,
    top: Sequence[int] = TOP,
    seed: int = 0,
) -> dict[int, float]:
    """Share of clips whose sentence is among the nearest of a few, for each number of `top`.

    Args:
        text_ND: Vectors of the sentences, shape (N, D).
        motion_ND: Vectors of the clips, shape (N, D).
        texts: The sentences, N; or any words that are equal where they mean the same.
        ways: Its own and ways - 1 different ones, drawn at random for each clip.
        top: Ranks that count as found.
        seed: Of the draws.

    Returns:
        Shares by rank; k / ways is chance.

    Raises:
        ValueError: If shapes do not fit, or there are fewer different sentences than ways.
    """
    first, place = _different(text_ND, motion_ND, texts)
    if not 2 <= ways <= len(first):
        msg = (
            f"expected at least {ways} different sentences, ways of 2 or more; there are "
            f"{len(first)} among {len(texts)}; measure more clips or take fewer ways"
        )
        raise ValueError(msg)
    rng = np.random.default_rng(seed)
    gallery_SD = np.asarray(text_ND, dtype=np.float64)[first]
    found = np.zeros(len(top))
    for start in range(0, len(place), _BLOCK):
        rows = slice(start, start + _BLOCK)
        others_BW = _others(place[rows], len(first), ways - 1, rng)
        gaps_BS = _squared(motion_ND[rows], gallery_SD)
        own_B1 = np.take_along_axis(gaps_BS, place[rows, None], axis=1)
        found += _found(own_B1, np.take_along_axis(gaps_BS, others_BW, axis=1), top)
    return {k: float(share) for k, share in zip(top, found / len(place), strict=True)}


def full_retrieval(
    text_ND: Floats, motion_ND: Floats, texts: Sequence[str], *, top: Sequence[int] = TOP
) -> dict[int, float]:
    """Share of clips whose sentence is among the nearest of all different ones.

    Args:
        text_ND: Vectors of the sentences, shape (N, D).
        motion_ND: Vectors of the clips, shape (N, D).
        texts: The sentences, N; or any words that are equal where they mean the same.
        top: Ranks that count as found.

    Returns:
        Shares by rank; k / S is chance.

    Raises:
        ValueError: If shapes do not fit, or there are fewer than two different sentences.
    """
    first, place = _different(text_ND, motion_ND, texts)
    if len(first) < 2:
        msg = f"expected two different sentences or more, got {len(first)} among {len(texts)}"
        raise ValueError(msg)
    gallery_SD = np.asarray(text_ND, dtype=np.float64)[first]
    found = np.zeros(len(top))
    for start in range(0, len(place), _BLOCK):
        rows = slice(start, start + _BLOCK)
        gaps_BS = _squared(motion_ND[rows], gallery_SD)
        own_B1 = np.take_along_axis(gaps_BS, place[rows, None], axis=1)
        np.put_along_axis(gaps_BS, place[rows, None], np.inf, axis=1)
        found += _found(own_B1, gaps_BS, top)
    return {k: float(share) for k, share in zip(top, found / len(place), strict=True)}


def mm_distance(text_ND: Floats, motion_ND: Floats) -> float:
    """Mean distance between the vector of a sentence and that of its clip.

    Args:
        text_ND: Vectors of the sentences, shape (N, D), N >= 1.
        motion_ND: Vectors of the clips, shape (N, D).

    Raises:
        ValueError: If shapes do not fit or there are no clips.
    """
    _check(text_ND, motion_ND)
    gaps_ND = np.asarray(text_ND, dtype=np.float64) - motion_ND
    return float(np.linalg.norm(gaps_ND, axis=1).mean())


def _check(text_ND: Floats, motion_ND: Floats) -> None:
    check_shape(text_ND, "N D", name="text")
    check_shape(motion_ND, f"{text_ND.shape[0]} {text_ND.shape[1]}", name="motion")
    if not len(text_ND):
        msg = "expected at least one clip, got none"
        raise ValueError(msg)
    if not (np.isfinite(text_ND).all() and np.isfinite(motion_ND).all()):
        msg = "expected finite vectors, got NaN or infinity"
        raise ValueError(msg)


def _different(
    text_ND: Floats, motion_ND: Floats, texts: Sequence[str]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First row of each different sentence, (S,), and which of them each clip has, (N,)."""
    _check(text_ND, motion_ND)
    if len(texts) != len(text_ND):
        msg = f"expected {len(text_ND)} sentences, one a vector, got {len(texts)}"
        raise ValueError(msg)
    places: dict[str, int] = {}
    first, place = [], []
    for row, text in enumerate(texts):
        key = text_key(text)
        if key not in places:
            places[key] = len(places)
            first.append(row)
        place.append(places[key])
    return np.array(first, dtype=np.int64), np.array(place, dtype=np.int64)


def _others(
    place_B: NDArray[np.int64], count: int, wanted: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Different sentences but the own one, shape (B, wanted)."""
    lots = rng.random((len(place_B), count))
    lots[np.arange(len(place_B)), place_B] = np.inf
    return np.argpartition(lots, wanted - 1, axis=1)[:, :wanted]


def _squared(one_BD: Floats, two_SD: NDArray[np.float64]) -> NDArray[np.float64]:
    """Squared distances, shape (B, S); differences, not products, so that equal is exactly 0."""
    one = np.asarray(one_BD, dtype=np.float64)
    return np.stack([((two_SD - row) ** 2).sum(axis=1) for row in one])


def _found(
    own_B1: NDArray[np.float64], others_BW: NDArray[np.float64], top: Sequence[int]
) -> NDArray[np.float64]:
    """How many are found within each rank; a tie counts by the chance that it has by lot."""
    nearer_B = (others_BW < own_B1).sum(axis=1)
    ties_B = (others_BW == own_B1).sum(axis=1)
    chances = [np.clip((k - nearer_B) / (ties_B + 1.0), 0.0, 1.0).sum() for k in top]
    return np.array(chances)
