"""The metrics of one row, with intervals.

Letters of shapes: N items, D numbers of a vector, M real clips.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.evaluate.feature_metrics import fid, kid, multimodality
from stickgen_model.evaluate.motion_statistics import diversity
from stickgen_model.evaluate.pose_metrics import temporal_consistency
from stickgen_model.evaluate.retrieval import (
    full_retrieval,
    mm_distance,
    r_precision,
    text_key,
)
from tasks.evaluate.halves import over_halves

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stickgen_model.evaluate.evaluation import Measured
    from tasks.evaluate.halves import Draw
    from tasks.evaluate.judged import JudgedClips, JudgedTrial

__all__ = ["WAYS", "measure_multimodality", "measure_row", "measure_switches"]

WAYS: Final = 32


def measure_row(
    row: JudgedClips, judged: JudgedTrial, drawn: Sequence[Draw]
) -> dict[str, Measured]:  # fmt: skip
    """All metrics that come from one clip an item.

    R-precision of 32 is left out where a half has fewer different sentences.

    Args:
        row: The clips.
        judged: What they were made for.
        drawn: Halves of the repeats.
    """

    def measure(draw: Draw) -> dict[str, float]:
        half = draw.rows(len(row.clips))
        pool = draw.rows(len(judged.pool_vectors), name="pool")
        found = {name: _mean(values[half]) for name, values in row.values.items()}
        vectors, real = row.motion_vectors[half], judged.pool_vectors[pool]
        # as many real clips as others: distributions are compared, and time is short
        beside = [judged.trial.pool[i].joints for i in pool[: len(half)]]
        found["temporal_consistency"] = temporal_consistency([row.clips[i] for i in half], beside)
        found |= {"fid": fid(vectors, real), "kid": kid(vectors, real)}
        found["diversity"] = diversity(vectors, seed=draw.seed)
        return found | _matching(vectors, judged, half, draw)

    return over_halves(drawn, measure)


def _matching(
    motion_vectors: NDArray[np.float32], judged: JudgedTrial, half: NDArray[np.int64], draw: Draw
) -> dict[str, float]:
    """How well clips go with their sentences."""
    text_vectors = judged.text_vectors[half]
    texts = [judged.trial.items[i].text for i in half]
    found = {"mm_distance": mm_distance(text_vectors, motion_vectors)}
    different = len({text_key(text) for text in texts})
    if different >= 2:
        shares = full_retrieval(text_vectors, motion_vectors, texts)
        found |= {f"retrieval_{k}": share for k, share in shares.items()}
    if different >= WAYS:
        shares = r_precision(text_vectors, motion_vectors, texts, ways=WAYS, seed=draw.seed)
        found |= {f"r_precision_{k}": share for k, share in shares.items()}
    return found


def measure_multimodality(
    groups: Sequence[NDArray[np.float32]], drawn: Sequence[Draw]
) -> dict[str, Measured]:
    """How much clips of one sentence differ.

    Args:
        groups: Vectors of the clips of each sentence, shape (K, D), K >= 2; empty = not known.
        drawn: Halves of the repeats.
    """
    if not groups:
        return {}

    def measure(draw: Draw) -> dict[str, float]:
        half = draw.rows(len(groups), least=1, name="again")
        return {"multimodality": multimodality([groups[i] for i in half])}

    return over_halves(drawn, measure)


def measure_switches(
    peaks: Sequence[NDArray[np.float64]], drawn: Sequence[Draw]
) -> dict[str, Measured]:
    """Peak jerk where the action changes.

    Args:
        peaks: Of the changes of each script, H/s^3; empty = not known.
        drawn: Halves of the repeats.
    """
    if not any(map(len, peaks)):
        return {}

    def measure(draw: Draw) -> dict[str, float]:
        half = draw.rows(len(peaks), least=1, name="scripts")
        return {"switch_jerk": _mean(np.concatenate([peaks[i] for i in half]))}

    return over_halves(drawn, measure)


def _mean(values: NDArray[np.float64]) -> float:
    """Mean of what is known, NaN if nothing is."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")
