"""What a batch is asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from stickgen_model.codec import MotionCodec
from stickgen_model.data.batch_plan import BatchPlan
from stickgen_model.data.clip_dataset import BatchStream, ClipDataset, fit_codec
from stickgen_model.model.heads import MotionOutput
from stickgen_model.training.config import DropConfig, pretrain_preset
from stickgen_model.training.objective import Objective, mix_seed
from stickgen_model.training.precision import autocast_to, bf16_pays

TINY = pretrain_preset("tiny")


@pytest.fixture(scope="module")
def batch(data):
    dataset = ClipDataset(data.train, data.texts, seed=0)
    plan = BatchPlan(data.train.lengths, 12, seed=0)
    return next(iter(BatchStream(dataset, plan, codec=fit_codec(data.train))))


class Oracle:
    """Answers with the truth and keeps what it was asked."""

    def __init__(self, batch):
        self._batch, self.asked = batch, []

    def __call__(self, noisy, conditions, *, mask_BT, noise_level_B):  # noqa: N803
        self.asked.append((noisy, conditions, mask_BT, noise_level_B))
        count, frames = mask_BT.shape
        zeros = torch.zeros(count, 2)
        return MotionOutput(
            pose=self._batch.states_BTP,
            position=zeros,
            velocity=zeros,
            action_logits=torch.zeros(count, frames, 64),
            physics=torch.zeros(count, frames, 6),
            environment=torch.zeros(count, 32),
        )


def ask(batch, config=TINY, **options):
    oracle = Oracle(batch)
    codec = MotionCodec(torch.zeros(20), torch.ones(20))
    losses = Objective(config=config, codec=codec).losses(oracle, batch, seed=1, **options)
    return losses, oracle.asked[0]


def test_the_truth_costs_nothing_in_the_motion(batch):
    losses, _ = ask(batch)
    assert losses["states"] == losses["joints"] == losses["path"] == 0.0
    assert losses["action"] > 0.0


def test_one_step_training_sees_pure_noise(batch):
    _, (noisy, _, mask, level) = ask(batch, replace(TINY, diffusion=False))
    assert (level == 1.0).all()
    assert noisy[mask].std() == pytest.approx(1.0, abs=0.05)
    assert (
        abs(
            torch.corrcoef(torch.stack([noisy[mask].flatten(), batch.states_BTP[mask].flatten()]))[
                0, 1
            ]
        )
        < 0.05
    )
    assert not noisy[~mask].any()


@pytest.mark.parametrize("schedule", ["cosine", "flow"])
def test_noise_levels_are_those_of_the_schedule(batch, schedule):
    _, (_, _, _, level) = ask(batch, replace(TINY, schedule=schedule))
    assert ((level > 0) & (level <= 1)).all()
    whole = torch.allclose(level * 50, (level * 50).round(), atol=1e-4)
    assert whole == (schedule == "cosine")


def test_conditions_are_dropped_in_training_only(batch):
    everything = replace(TINY, drop=DropConfig(everything=1.0))
    _, (_, conditions, _, _) = ask(batch, everything)
    assert not any(flags.any() for flags in conditions.present.values())
    assert (conditions.action == 255).all()
    _, (_, conditions, _, _) = ask(batch, everything, drop=False)
    assert torch.equal(conditions.present["text"], batch.present["text"])


def test_a_seed_fixes_the_loss(batch):
    assert torch.equal(ask(batch)[1][0], ask(batch)[1][0])
    seeds = {
        mix_seed(0, step, number, rank)
        for step in range(5)
        for number in range(5)
        for rank in range(5)
    }
    assert len(seeds) == 125
    assert all(0 <= seed < 2**63 for seed in seeds)


def test_frozen_heads_are_not_asked(batch):
    losses, _ = ask(batch, replace(TINY, frozen_heads=("action", "physics")))
    assert not {"action", "physics"} & set(losses)


def test_bf16_is_used_where_asked_or_where_it_pays():
    cpu = torch.device("cpu")
    for precision, wanted in (("fp32", False), ("bf16", True), ("auto", bf16_pays(cpu))):
        with autocast_to(precision, cpu):
            product = torch.ones(2, 2) @ torch.ones(2, 2)
        assert (product.dtype == torch.bfloat16) == wanted
    assert not bf16_pays(torch.device("meta"))
