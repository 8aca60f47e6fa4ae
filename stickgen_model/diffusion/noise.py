"""Random numbers of a clip depend on its own seed and length only, never on its neighbours.

Letters of shapes: B batch, T frames, P numbers of a state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

__all__ = ["NoiseSource", "frame_mask"]


def frame_mask(lengths: Sequence[int], num_frames: int | None = None) -> Tensor:
    """True where a frame is real, shape (B, T), on the CPU; T = the longest unless given."""
    total = max(lengths) if num_frames is None else num_frames
    return torch.arange(total)[None, :] < torch.tensor(list(lengths))[:, None]


class NoiseSource:
    """One stream of normal numbers per clip, drawn on the CPU so that devices agree.

    Args:
        seeds: One per clip.
        dim: P.
        device: Where the numbers are wanted.
    """

    def __init__(self, seeds: Sequence[int], *, dim: int, device: torch.device | str) -> None:
        self._streams = [torch.Generator().manual_seed(seed) for seed in seeds]
        self._dim = dim
        self._device = device

    def draw(self, lengths: Sequence[int]) -> Tensor:
        """The next numbers of every clip.

        Args:
            lengths: Real frames of each clip, one per seed; a clip of 0 frames draws nothing.

        Returns:
            Shape (B, max(lengths), P), float32, zero on padded frames.
        """
        noise = torch.zeros(len(self._streams), max(lengths), self._dim)
        # one call a clip and of its own length: a longer call gives other first numbers
        for row, (stream, length) in enumerate(zip(self._streams, lengths, strict=True)):
            noise[row, :length] = torch.randn(length, self._dim, generator=stream)
        return noise.to(self._device)

    def select(self, rows: Sequence[int]) -> NoiseSource:
        """The streams of some clips; they go on where they are, here and there."""
        chosen = NoiseSource([], dim=self._dim, device=self._device)
        chosen._streams = [self._streams[row] for row in rows]
        return chosen
