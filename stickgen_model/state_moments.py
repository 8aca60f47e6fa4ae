"""Mean and deviation of the states of training clips: streaming, mergeable in any order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.skeleton import JOINTS, MIRROR, POSE_DIM

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["DX", "PELVIS", "StateMoments", "mirror_signs"]

PELVIS: Final = JOINTS.index("pelvis")
DX: Final = 2 * PELVIS
"""Column of the pelvis step in a state; the pelvis height follows it."""


def mirror_signs() -> NDArray[np.float64]:
    """What a mirror multiplies the numbers of a state with, shape (20,): -1 for x, 1 for y."""
    return np.tile([-1.0, 1.0], POSE_DIM // 2)


def _mirror_columns() -> NDArray[np.intp]:
    return (2 * MIRROR[:, None] + np.arange(2)).reshape(-1).astype(np.intp)


@dataclass(frozen=True, eq=False, slots=True)
class StateMoments:
    """Count, mean and summed squared deviation of each of the 20 numbers.

    Source: Chan, Golub and LeVeque (1979), the pairwise update of mean and variance.
    """

    count: int
    mean: NDArray[np.float64]
    squares: NDArray[np.float64]

    @classmethod
    def empty(cls) -> StateMoments:
        """Of no clip."""
        return cls(0, np.zeros(POSE_DIM), np.zeros(POSE_DIM))

    @classmethod
    def of(cls, states: NDArray[Any]) -> StateMoments:
        """Of the states of a clip, or of several clips without padding.

        Args:
            states: Shape (..., 20), as `codec.states_from_joints` gives them.

        Raises:
            ValueError: If the width is another or a number is not finite.
        """
        rows = np.asarray(states, dtype=np.float64)
        if rows.ndim < 1 or rows.shape[-1] != POSE_DIM or not np.isfinite(rows).all():
            msg = f"expected finite states of shape (..., {POSE_DIM}), got {rows.shape}"
            raise ValueError(msg)
        rows = rows.reshape(-1, POSE_DIM)
        if not len(rows):
            return cls.empty()
        mean = rows.mean(axis=0)
        return cls(len(rows), mean, np.square(rows - mean).sum(axis=0))

    def merge(self, other: StateMoments) -> StateMoments:
        """Of the clips of both."""
        count = self.count + other.count
        if not count:
            return self
        apart = other.mean - self.mean
        share = other.count / count
        squares = self.squares + other.squares + np.square(apart) * self.count * share
        return StateMoments(count, self.mean + apart * share, squares)

    def symmetric(self) -> StateMoments:
        """Of the clips and their mirror images, for training that mirrors."""
        columns = _mirror_columns()
        mean = (self.mean * mirror_signs())[columns]
        return self.merge(StateMoments(self.count, mean, self.squares[columns]))

    def std(self) -> NDArray[np.float64]:
        """Deviation of each number, shape (20,).

        Raises:
            ValueError: If no frame was seen.
        """
        if not self.count:
            msg = "expected the moments of at least one clip, got none: there is nothing to scale"
            raise ValueError(msg)
        deviation: NDArray[np.float64] = np.sqrt(self.squares / self.count)
        return deviation
