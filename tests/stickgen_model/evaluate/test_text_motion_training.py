"""Training of the text-motion encoders on figures that do four things."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.special import logsumexp

from datasets_spec.errors import ConfigError
from stickgen_model.evaluate.captioned_motion import read_captioned
from stickgen_model.evaluate.near_texts import NearTexts
from stickgen_model.evaluate.sequence_tower import TowerConfig
from stickgen_model.evaluate.text_motion import TextMotionConfig
from stickgen_model.evaluate.text_motion_recipe import TextMotionRecipe
from stickgen_model.evaluate.text_motion_training import (
    _HeldOut,
    contrast,
    train_text_motion,
)
from stickgen_model.training.metrics import MemorySink
from tests.stickgen_model.evaluate.captioned import SAID, captioned_rows

SMALL = TextMotionConfig(
    dim=16, buckets=256, text=TowerConfig(width=32, blocks=1), motion=TowerConfig(width=32)
)
RECIPE = TextMotionRecipe(steps=60, batch_size=16, learning_rate=4e-3, checks=3, min_word=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, write_clips):
    return write_clips(tmp_path_factory.mktemp("training") / "set", captioned_rows())


@pytest.fixture(scope="module")
def splits(folder):
    return {split: read_captioned(folder, split=split) for split in ("train", "val", "test")}


@pytest.fixture(scope="module")
def trained(splits):
    sink = MemorySink()
    model = train_text_motion(splits["train"], splits["val"], RECIPE, config=SMALL, sink=sink)
    return model, sink


def test_contrast_is_the_mean_of_two_cross_entropies():
    rng = np.random.default_rng(0)
    texts, motions = (rng.normal(size=(5, 3)) for _ in range(2))
    apart = rng.random((5, 5)) < 0.6
    logits = np.where(apart | np.eye(5, dtype=bool), texts @ motions.T / 0.2, -np.inf)
    ways = [logsumexp(logits, axis=axis) - np.diag(logits) for axis in (0, 1)]
    found = contrast(
        torch.from_numpy(texts), torch.from_numpy(motions), torch.from_numpy(apart), temperature=0.2
    )
    assert float(found) == pytest.approx(np.mean(ways))


def test_pairs_that_are_no_negatives_cost_nothing():
    same = torch.ones(4, 2) / 2**0.5
    none = torch.zeros(4, 4, dtype=torch.bool)
    assert float(contrast(same, same, none, temperature=0.1)) == pytest.approx(0.0, abs=1e-6)
    assert float(contrast(same, same, ~none, temperature=0.1)) == pytest.approx(np.log(4))


def test_held_out_clips_find_what_they_show(trained, splits):
    model, _ = trained
    test = splits["test"]
    said = model.embed_texts([texts[0] for texts in SAID.values()])
    shown = model.embed_motions([test.clip(i) for i in range(len(test))])
    truth = np.array([list(SAID.values()).index(texts) for texts in test.texts])
    assert ((shown @ said.T).argmax(axis=1) == truth).mean() > 0.8


def test_slips_do_not_turn_a_sentence_into_another(trained):
    model, _ = trained
    right, wrong = (
        ["a person walks ahead.", "someone greets with a wave."],
        ["a persn wallks ahed", "somone greats with a wavee"],
    )
    found = model.embed_texts(wrong) @ model.embed_texts(right).T
    assert found.argmax(axis=1).tolist() == [0, 1]


def test_losses_are_told_and_the_best_weights_are_kept(trained, splits):
    model, sink = trained
    losses = sink.values("encoders/held_out_loss")
    assert len(losses) == 3
    near = NearTexts({text for texts in splits["train"].texts for text in texts})
    kept = _HeldOut(splits["val"], RECIPE, near=near).loss(model)
    assert kept == pytest.approx(min(losses), rel=1e-5)
    assert model.training is False


def test_same_seed_same_weights(splits):
    recipe = TextMotionRecipe(steps=10, batch_size=8, checks=2, min_word=1, seed=5)
    states = [
        train_text_motion(splits["train"], splits["val"], recipe, config=SMALL).state_dict()
        for _ in range(2)
    ]
    assert all(torch.equal(states[0][key], states[1][key]) for key in states[0])


def test_too_little_is_told(splits):
    one = splits["train"].select(np.array([0]))
    with pytest.raises(ConfigError, match="two recordings or more"):
        train_text_motion(one, splits["val"], RECIPE, config=SMALL)
    with pytest.raises(ConfigError, match="val: expected described motion"):
        train_text_motion(splits["train"], one, RECIPE, config=SMALL)


def test_all_faults_of_a_recipe_at_once():
    with pytest.raises(ConfigError, match=r"steps >= 10.*temperature > 0"):
        TextMotionRecipe(steps=1, temperature=0.0, checks=1)
