"""Distances between sets of motion vectors.

Letters of shapes: N, M clips of the two sets, K clips of one sentence, D numbers of a vector.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.spatial.distance import pdist

from stickgen_model.evaluate.motion_statistics import diversity
from stickgen_model.motion.shapes import check_shape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

__all__ = ["diversity", "fid", "kid", "multimodality"]

_BLOCK: Final = 1024
"""Rows of the kernel at a time."""


def fid(vectors_ND: Floats, real_MD: Floats) -> float:
    """Frechet distance of two Gaussians with the means and full covariances of the sets.

    |m1 - m2|^2 + tr S1 + tr S2 - 2 tr (S1 S2)^(1/2). With S1 = A'A and S2 = B'B, A and B being
    centred vectors over sqrt(N - 1), the last trace is the sum of the singular values of AB'. So no
    root of a product of matrices is taken, nothing is added to a diagonal, and covariances without
    full rank (N <= D) are as exact as others. What stays with few vectors is the bias of the
    estimate, which is upwards: compare sets of equal size.

    Args:
        vectors_ND: Of what is judged, shape (N, D), N >= 2.
        real_MD: Of real motion, shape (M, D), M >= 2.

    Returns:
        0 or more; 0 for a set and itself, to rounding.

    Raises:
        ValueError: If shapes do not fit, there are fewer than two vectors, or one is not finite.
    """
    one_ND, two_MD = _checked(vectors_ND, real_MD)
    means = float(((one_ND.mean(axis=0) - two_MD.mean(axis=0)) ** 2).sum())
    a_RD, b_RD = _root(one_ND), _root(two_MD)
    shared = float(np.linalg.svd(a_RD @ b_RD.T, compute_uv=False).sum())
    spread = float((a_RD**2).sum() + (b_RD**2).sum()) - 2.0 * shared
    return max(means + spread, 0.0)


def kid(vectors_ND: Floats, real_MD: Floats) -> float:
    """Squared maximum mean discrepancy of two sets, kernel (x y / D + 1)^3, unbiased.

    Args:
        vectors_ND: Of what is judged, shape (N, D), N >= 2.
        real_MD: Of real motion, shape (M, D), M >= 2.

    Returns:
        About 0 for sets of one distribution, where it may be negative.

    Raises:
        ValueError: If shapes do not fit, there are fewer than two vectors, or one is not finite.
    """
    one_ND, two_MD = _checked(vectors_ND, real_MD)
    num_one, num_two = len(one_ND), len(two_MD)
    within_one = _kernel_sum(one_ND, one_ND) - float((_own_kernel(one_ND)).sum())
    within_two = _kernel_sum(two_MD, two_MD) - float((_own_kernel(two_MD)).sum())
    between = _kernel_sum(one_ND, two_MD)
    return (
        within_one / (num_one * (num_one - 1))
        + within_two / (num_two * (num_two - 1))
        - 2.0 * between / (num_one * num_two)
    )


def multimodality(groups: Sequence[Floats]) -> float:
    """Mean distance of two clips of the same sentence, over all pairs, then over sentences.

    Args:
        groups: Vectors of the clips of each sentence, shape (K, D), K >= 2.

    Raises:
        ValueError: If there are no groups, or one has fewer than two vectors.
    """
    if not groups or min(map(len, groups)) < 2:
        msg = f"expected groups of two vectors or more, got {[len(g) for g in groups][:20]}"
        raise ValueError(msg)
    for group_KD in groups:
        check_shape(group_KD, "K D", name="group")
    return float(np.mean([pdist(np.asarray(g, dtype=np.float64)).mean() for g in groups]))


def _checked(one: Floats, two: Floats) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    check_shape(one, "N D", name="vectors")
    check_shape(two, f"M {one.shape[1]}", name="real")
    if min(len(one), len(two)) < 2:
        msg = f"expected two vectors or more in each set, got {len(one)} and {len(two)}"
        raise ValueError(msg)
    if not (np.isfinite(one).all() and np.isfinite(two).all()):
        msg = "expected finite vectors, got NaN or infinity"
        raise ValueError(msg)
    return np.asarray(one, dtype=np.float64), np.asarray(two, dtype=np.float64)


def _root(vectors_ND: NDArray[np.float64]) -> NDArray[np.float64]:
    """A with A'A the covariance, of min(N, D) rows."""
    centred = (vectors_ND - vectors_ND.mean(axis=0)) / np.sqrt(len(vectors_ND) - 1)
    # the triangle of a QR decomposition has the same A'A in fewer rows
    return np.asarray(np.linalg.qr(centred, mode="r"))


def _kernel_sum(one_ND: NDArray[np.float64], two_MD: NDArray[np.float64]) -> float:
    width = one_ND.shape[1]
    blocks = (one_ND[i : i + _BLOCK] for i in range(0, len(one_ND), _BLOCK))
    return sum(float(((block @ two_MD.T / width + 1.0) ** 3).sum()) for block in blocks)


def _own_kernel(vectors_ND: NDArray[np.float64]) -> NDArray[np.float64]:
    norms = (vectors_ND**2).sum(axis=1)
    return np.asarray((norms / vectors_ND.shape[1] + 1.0) ** 3)
