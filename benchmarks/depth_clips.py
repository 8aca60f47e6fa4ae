"""Clips of a dataset folder with their depth, for the training and the measuring of estimates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from datasets_spec.skeleton import NUM_JOINTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["DepthClips"]


@dataclass(frozen=True, eq=False, slots=True)
class DepthClips:
    """Clips end to end; C clips, R frames in all.

    Attributes:
        points: (x, y, depth), H, shape (R, 10, 3).
        edges: First frame of every clip and the end of the last, shape (C + 1,).
        sources: Of every clip.
    """

    points: NDArray[np.float32]
    edges: NDArray[np.int64]
    sources: tuple[str, ...]

    @classmethod
    def read(
        cls, folder: Path, split: str, *, sources: Sequence[str] = (), files: int | None = None
    ) -> DepthClips:
        """Clips of a split, in the order of the files.

        Args:
            folder: A dataset folder.
            split: train, val or test.
            sources: Only these; none named = all.
            files: At most so many files.
        """
        found, lengths, names = [], [], []
        for path in sorted((folder / "clips").glob(f"{split}-*.parquet"))[:files]:
            table = pl.read_parquet(path, columns=["source", "joints", "depth", "num_frames"])
            if sources:
                table = table.filter(pl.col("source").is_in(list(sources)))
            flat, deep = (
                np.stack(table[name].explode().to_list()).astype(np.float32)
                for name in ("joints", "depth")
            )
            joints = flat.reshape(-1, NUM_JOINTS, 2)
            found.append(np.concatenate([joints, deep[..., None]], axis=-1))
            lengths += table["num_frames"].to_list()
            names += table["source"].to_list()
        edges = np.concatenate([[0], np.cumsum(np.array(lengths, dtype=np.int64))])
        return cls(np.concatenate(found), edges, tuple(names))

    def clip(self, number: int) -> NDArray[np.float64]:
        """Points of a clip, shape (T, 10, 3)."""
        first, stop = self.edges[number : number + 2]
        return self.points[first:stop].astype(np.float64)
