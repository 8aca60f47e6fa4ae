"""The order of clips: complete, deterministic, resumable, shared by processes."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.errors import ConfigError
from stickgen_model.data.batch_plan import BatchPlan, ResumableBatchSampler, StreamState


@given(
    count=st.integers(1, 80),
    size=st.integers(1, 9),
    pool=st.integers(1, 5),
    epoch=st.integers(0, 9),
)
def test_every_clip_comes_once_an_epoch(count, size, pool, epoch):
    lengths = np.random.default_rng(count).integers(10, 250, count)
    batches = BatchPlan(lengths, size, seed=1, pool_batches=pool).epoch(epoch)
    assert sorted(np.concatenate(batches)) == list(range(count))
    # one batch at most is short
    assert sorted(map(len, batches))[1:] == [size] * (len(batches) - 1)


@given(count=st.integers(8, 80), world=st.integers(2, 4))
def test_processes_share_an_epoch(count, world):
    lengths = np.arange(count)
    plans = [BatchPlan(lengths, 2, seed=3, rank=r, world=world) for r in range(world)]
    parts = [plan.epoch(5) for plan in plans]
    assert {len(part) for part in parts} == {plans[0].batches_per_epoch}
    rows = np.concatenate([np.concatenate(part) for part in parts])
    assert len(set(rows)) == len(rows)
    assert len(rows) > count - 2 * world


def test_epochs_and_seeds_differ():
    lengths = np.full(50, 20)
    orders = [
        np.concatenate(BatchPlan(lengths, 1, seed=seed).epoch(epoch)).tolist()
        for seed, epoch in ((0, 0), (0, 1), (1, 0))
    ]
    assert orders[0] == np.concatenate(BatchPlan(lengths, 1, seed=0).epoch(0)).tolist()
    assert orders[0] != orders[1] != orders[2] != orders[0]


def test_batches_hold_clips_of_similar_length():
    lengths = np.random.default_rng(0).integers(10, 250, 2000)

    def padding(pool):
        batches = BatchPlan(lengths, 8, seed=0, pool_batches=pool).epoch(0)
        padded = sum(len(rows) * lengths[rows].max() for rows in batches)
        return 1 - lengths.sum() / padded

    assert padding(50) < 0.05 < 0.3 < padding(1)


@given(taken=st.integers(0, 40))
def test_a_stream_goes_on_from_any_state(taken):
    plan = BatchPlan(np.arange(23), 4, seed=7)
    whole = list(islice(ResumableBatchSampler(plan, StreamState()), 50))
    state = StreamState()
    for _ in range(taken):
        state = plan.after(state)
    assert state == plan.state_at(taken)
    assert list(islice(ResumableBatchSampler(plan, state), 10)) == whole[taken : taken + 10]


def test_impossible_plans_are_refused():
    with pytest.raises(ConfigError, match="a batch for each of 4 processes"):
        BatchPlan(np.arange(3), 1, seed=0, world=4)
    with pytest.raises(ConfigError, match="batch_size >= 1"):
        BatchPlan(np.arange(3), 0, seed=0)
