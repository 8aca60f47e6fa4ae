"""Which clips form which batch in which epoch: a pure function of seed and epoch.

So an interrupted run goes on with (epoch, position) alone, whatever the number of workers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from torch.utils.data import Sampler

from datasets_spec.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

__all__ = ["BatchPlan", "ResumableBatchSampler", "SampleKey", "StreamState"]


class SampleKey(NamedTuple):
    """A clip in an epoch: together with the seed it fixes every random choice about it."""

    epoch: int
    row: int


@dataclass(frozen=True, slots=True)
class StreamState:
    """The next batch: its epoch and its position there, both from 0."""

    epoch: int = 0
    position: int = 0


class BatchPlan:
    """Batches of clips of similar length, shuffled anew every epoch.

    Clips are shuffled, cut into pools of `pool_batches` batches, sorted by length inside a pool,
    cut into batches, and the batches are shuffled. Every process gets each `world`-th batch.

    Args:
        lengths: Frames of each clip.
        batch_size: Clips of a batch; the last one of an epoch may have fewer.
        seed: Of the order.
        pool_batches: Batches of a pool: more = less padding, less mixing.
        rank: Number of this process.
        world: Number of processes.

    Raises:
        ConfigError: If there are fewer batches than processes, or a number is below 1.
    """

    def __init__(
        self,
        lengths: NDArray[np.integer],
        batch_size: int,
        *,
        seed: int,
        pool_batches: int = 50,
        rank: int = 0,
        world: int = 1,
    ) -> None:
        if min(batch_size, pool_batches, len(lengths)) < 1 or not 0 <= rank < world:
            msg = (
                "expected clips, batch_size >= 1, pool_batches >= 1 and rank < world, got "
                f"{len(lengths)}, {batch_size}, {pool_batches}, {rank} of {world}"
            )
            raise ConfigError(msg)
        self._lengths = np.asarray(lengths)
        self._batch_size, self._pool = batch_size, batch_size * pool_batches
        self._seed, self._rank, self._world = seed, rank, world
        self.batches_per_epoch = -(-len(lengths) // batch_size) // world
        if not self.batches_per_epoch:
            msg = (
                f"expected a batch for each of {world} processes, got {len(lengths)} clips in "
                f"batches of {batch_size}; use fewer processes or smaller batches"
            )
            raise ConfigError(msg)

    def epoch(self, epoch: int) -> list[NDArray[np.int64]]:
        """Rows of the batches of this process, in order."""
        rng = np.random.default_rng([self._seed, epoch])
        order = rng.permutation(len(self._lengths))
        # pools are whole batches, so only the very last batch can be short
        for start in range(0, len(order), self._pool):
            pool = order[start : start + self._pool]
            order[start : start + self._pool] = pool[np.argsort(self._lengths[pool], kind="stable")]
        batches = np.split(order, range(self._batch_size, len(order), self._batch_size))
        count = self.batches_per_epoch * self._world
        shuffled = rng.permutation(len(batches))[:count]
        return [batches[number] for number in shuffled[self._rank :: self._world]]

    def after(self, state: StreamState) -> StreamState:
        """The batch after a batch."""
        if state.position + 1 < self.batches_per_epoch:
            return StreamState(state.epoch, state.position + 1)
        return StreamState(state.epoch + 1, 0)

    def state_at(self, num_batches: int) -> StreamState:
        """The batch that follows `num_batches` batches from the start."""
        return StreamState(*divmod(num_batches, self.batches_per_epoch))


class ResumableBatchSampler(Sampler[list[SampleKey]]):
    """The batches from a state on, without end.

    Args:
        plan: The order.
        start: The first batch.
    """

    def __init__(self, plan: BatchPlan, start: StreamState) -> None:
        self._plan, self._start = plan, start

    def __iter__(self) -> Iterator[list[SampleKey]]:
        epoch, position = self._start.epoch, self._start.position
        while True:
            for rows in self._plan.epoch(epoch)[position:]:
                yield [SampleKey(epoch, int(row)) for row in rows]
            epoch, position = epoch + 1, 0
