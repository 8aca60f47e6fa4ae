"""The classifier: it learns, it does not see padding, it is the same again."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from datasets_spec.errors import ConfigError
from datasets_spec.vocabulary import action_name
from stickgen_model.evaluate.action_classifier import (
    ActionClassifier,
    ClassifierConfig,
    ClassifierError,
)
from stickgen_model.evaluate.action_segments import read_segments
from stickgen_model.evaluate.classifier_training import (
    ClassifierRecipe,
    draw_crops,
    known_labels,
    train_classifier,
)
from stickgen_model.training.checkpoint import CheckpointError
from stickgen_model.training.metrics import MemorySink

SMALL = ClassifierConfig(width=32, blocks=3, heads=2)
SHORT = ClassifierRecipe(steps=60, batch_size=24, frames=(16, 40), learning_rate=5e-3)
PLAIN = ClassifierRecipe(frames=(20, 20), mirror=0.0, speed_chance=0.0, size=0.0, noise=0.0)


@pytest.fixture(scope="module")
def segments(acted_folder):
    return read_segments(acted_folder, split="train")


@pytest.fixture(scope="module")
def trained(segments):
    return train_classifier(segments, SHORT, config=SMALL)


@pytest.fixture(scope="module")
def clips(acted):
    words = ("idle", "walk", "hop", "wave")
    return [acted(words[i % 4], 20 + 7 * i, seed=900 + i) for i in range(8)]


def test_it_learns_actions_of_clips_it_has_not_seen(trained, acted_folder):
    held_out = read_segments(acted_folder, split="test")
    logits = trained.classify([held_out.clip(i) for i in range(len(held_out))])
    said = [trained.labels[i] for i in logits.argmax(axis=1)]
    right = [action_name(int(i)) == word for i, word in zip(held_out.actions, said, strict=True)]
    assert np.mean(right) >= 0.9


def test_it_looks_at_the_motion(trained, acted):
    backward = acted("walk", 40)[:1].repeat(40, axis=0)  # one pose of a walk, frozen
    walk = trained.labels.index("walk")
    frozen, moving = trained.classify([backward, acted("walk", 40)])
    assert moving.argmax() == walk
    assert moving[walk] - frozen[walk] > 1.0


def test_other_clips_and_batches_change_nothing(trained, clips):
    together = trained.classify(clips)
    assert together.shape == (8, 4)
    for number, clip in enumerate(clips):
        assert trained.classify([clip])[0] == pytest.approx(together[number], abs=1e-4)
    assert trained.classify(clips, batch_size=3) == pytest.approx(together, abs=1e-4)


def test_padding_is_not_seen(trained, clips):
    joints = torch.from_numpy(clips[0])[None]
    mask = torch.ones(1, len(clips[0]), dtype=torch.bool)
    alone = trained(joints, mask)
    for more in (1, 2, 7):
        wide = torch.cat([joints, torch.full((1, more, 10, 2), 3.0)], dim=1)
        longer = torch.cat([mask, torch.zeros(1, more, dtype=torch.bool)], dim=1)
        assert torch.allclose(trained(wide, longer), alone, atol=1e-4)


def test_every_length_from_one_frame(trained, acted):
    assert np.isfinite(trained.classify([acted("walk", n) for n in (1, 2, 3, 5, 250)])).all()


def test_the_usual_size_is_small():
    usual = ActionClassifier([str(n) for n in range(64)])
    assert sum(p.numel() for p in usual.parameters()) < 300_000


def test_the_same_seed_gives_the_same_network(segments):
    recipe = ClassifierRecipe(steps=10, batch_size=8, seed=5)
    torch.manual_seed(11)
    before = torch.get_rng_state()
    one = train_classifier(segments, recipe, config=SMALL)
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(12)
    two = train_classifier(segments, recipe, config=SMALL)
    other = train_classifier(
        segments, ClassifierRecipe(steps=10, batch_size=8, seed=6), config=SMALL
    )
    weights = [model.state_dict() for model in (one, two, other)]
    assert all(torch.equal(weights[0][key], weights[1][key]) for key in weights[0])
    assert not torch.equal(weights[0]["enter.weight"], weights[2]["enter.weight"])


def test_progress_is_told(segments):
    sink = MemorySink()
    recipe = ClassifierRecipe(steps=100, batch_size=4, frames=(16, 16))
    train_classifier(segments, recipe, config=SMALL, sink=sink)
    assert [step for step, _ in sink.rows] == [100]
    assert sink.rows[0][1]["classifier/loss"] > 0.0
    assert 0.0 <= sink.rows[0][1]["classifier/accuracy"] <= 1.0


def test_plain_crops_are_parts_of_the_stretch(segments):
    rows = np.array([0, 5, 5, 20])
    joints, mask = draw_crops(segments, rows, np.random.default_rng(0), recipe=PLAIN)
    assert joints.shape == (4, 20, 10, 2)
    assert mask.all()
    for row, crop in zip(rows, joints, strict=True):
        whole = segments.clip(int(row))
        places = [np.array_equal(crop, whole[k : k + 20]) for k in range(len(whole) - 19)]
        assert any(places)


def test_a_short_stretch_is_taken_whole(segments):
    recipe = ClassifierRecipe(frames=(90, 90), mirror=0.0, speed_chance=0.0, size=0.0, noise=0.0)
    joints, mask = draw_crops(segments, np.arange(6), np.random.default_rng(0), recipe=recipe)
    assert mask.sum(axis=1).tolist() == segments.lengths[:6].tolist()
    for row in range(6):
        assert np.array_equal(joints[row][mask[row]], segments.clip(row))


def test_faster_crops_cover_more_way(segments):
    walk = int(np.flatnonzero(segments.actions == 1)[0])
    speeds = []
    for change in (0.0, 0.3):
        recipe = ClassifierRecipe(
            frames=(16, 16), mirror=0.0, speed_chance=1.0, speed=change, size=0.0, noise=0.0
        )
        joints, _ = draw_crops(segments, np.full(64, walk), np.random.default_rng(1), recipe=recipe)
        speeds.append((joints[:, -1, 1, 0] - joints[:, 0, 1, 0]) / (15 / 25))
    assert speeds[0] == pytest.approx(np.full(64, 0.6), rel=1e-3)
    assert 0.6 / 1.3 - 1e-3 <= speeds[1].min() < 0.5
    assert 0.7 < speeds[1].max() <= 0.6 * 1.3 + 1e-3


def test_mirror_images_exchange_the_sides(segments):
    recipe = ClassifierRecipe(frames=(90, 90), mirror=1.0, speed_chance=0.0, size=0.0, noise=0.0)
    joints, mask = draw_crops(segments, np.array([0]), np.random.default_rng(0), recipe=recipe)
    whole = segments.clip(0)
    assert np.allclose(joints[0][mask[0]][:, 7, 0], -whole[:, 9, 0])
    assert np.allclose(joints[0][mask[0]][:, 2, 1], whole[:, 4, 1])


def test_it_is_read_as_it_was_written(trained, clips, tmp_path):
    trained.save(tmp_path / "judge", facts={"seconds": 3})
    again = ActionClassifier.load(tmp_path / "judge")
    assert again.labels == trained.labels == ("idle", "walk", "hop", "wave")
    assert again.config == SMALL
    assert not again.training
    assert np.array_equal(again.classify(clips), trained.classify(clips))
    assert json.loads((tmp_path / "judge/classifier.json").read_text())["facts"] == {"seconds": 3}


@pytest.mark.parametrize(
    ("change", "error", "told"),
    [
        ({"features_version": 0}, ClassifierError, "train the classifier again"),
        ({"format": "x"}, ClassifierError, "expected {'format'"),
        ({"labels": ["idle"]}, ClassifierError, "at least two different labels"),
        ({"config": {"depth": 3}}, ClassifierError, "labels and config of a classifier"),
        ({"labels": ["idle", "walk", "hop"]}, CheckpointError, "of another shape: leave"),
    ],
)
def test_folders_that_do_not_fit_are_refused(trained, tmp_path, change, error, told):
    trained.save(tmp_path)
    facts = json.loads((tmp_path / "classifier.json").read_text())
    (tmp_path / "classifier.json").write_text(json.dumps(facts | change))
    with pytest.raises(error, match=told):
        ActionClassifier.load(tmp_path)


def test_a_missing_folder_is_told(tmp_path):
    with pytest.raises(CheckpointError, match=r"classifier\.json"):
        ActionClassifier.load(tmp_path)


def test_labels_are_the_actions_that_come_often_enough(segments):
    assert known_labels(segments) == ("idle", "walk", "hop", "wave")
    few = segments.select(np.flatnonzero((segments.actions != 1) | (np.arange(48) < 15)))
    assert known_labels(few, min_segments=8) == ("idle", "hop", "wave")
    alone = segments.select(np.flatnonzero(segments.actions == 1))
    with pytest.raises(ConfigError, match=r"two actions or more .* got \['walk'\]"):
        train_classifier(alone)


def test_bad_settings_are_named():
    with pytest.raises(ConfigError, match=r"steps >= 10, got 0; expected frames .* got \(5, 2\)"):
        ClassifierRecipe(steps=0, frames=(5, 2))
    with pytest.raises(ValueError, match="heads that divide the width"):
        ClassifierConfig(width=30, heads=4)
