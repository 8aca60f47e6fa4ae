"""The text-motion encoders as networks: shapes, independence, folders."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from stickgen_model.evaluate.sequence_tower import SequenceTower, TowerConfig
from stickgen_model.evaluate.text_motion import (
    TextMotionConfig,
    TextMotionEncoder,
    TextMotionError,
)
from stickgen_model.training.checkpoint import CheckpointError
from tests.stickgen_model.evaluate.acted import act

SMALL = TextMotionConfig(
    dim=16, buckets=64, text=TowerConfig(width=16, blocks=1), motion=TowerConfig(width=16)
)


@pytest.fixture(scope="module")
def encoder():
    torch.manual_seed(1)
    return TextMotionEncoder(["a", "person", "walks"], SMALL, facts={"steps": 3}).eval()


def clips():
    return [act("walk", frames, seed=frames) for frames in (1, 7, 8, 9, 40)]


def test_vectors_have_length_one_and_do_not_know_the_others(encoder):
    texts = ["a person walks", "", "a person walks, then waves at somebody far away"]
    for embed, items in ((encoder.embed_texts, texts), (encoder.embed_motions, clips())):
        together = embed(items)
        assert together.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1.0, rtol=1e-5)
        alone = np.concatenate([embed([item]) for item in items])
        np.testing.assert_allclose(together, alone, atol=1e-5)
        np.testing.assert_allclose(embed(items[::-1])[::-1], together, atol=1e-5)


def test_nothing_gives_nothing(encoder):
    assert encoder.embed_texts([]).shape == (0, 16)
    assert encoder.embed_motions([]).shape == (0, 16)


@given(st.text(max_size=60))
def test_any_text_has_a_finite_vector(encoder, text):
    assert np.isfinite(encoder.embed_texts([text])).all()


def test_order_of_words_and_of_frames_counts(encoder):
    one, other = encoder.embed_texts(["a person walks", "walks person a"])
    assert np.abs(one - other).max() > 1e-3
    clip = clips()[-1]
    one, other = encoder.embed_motions([clip, clip[::-1].copy()])
    assert np.abs(one - other).max() > 1e-3


def test_where_along_x_a_clip_lies_does_not_count(encoder):
    clip = clips()[-1]
    moved = clip + np.array([3.0, 0.0], dtype=np.float32)
    np.testing.assert_allclose(*encoder.embed_motions([clip, moved]), atol=1e-4)


def test_padding_changes_no_gradient_either():
    torch.manual_seed(0)
    tower = SequenceTower(TowerConfig(width=8, heads=2, dropout=0.0), dim=4)
    mask = torch.tensor([[True, True, False]])
    x = torch.randn(1, 3, 8, requires_grad=True)
    tower(x, mask).sum().backward()
    assert x.grad is not None
    assert (x.grad[0, 2] == 0).all()
    assert (x.grad[0, :2] != 0).any()


def test_bad_clips_are_told(encoder):
    with pytest.raises(ValueError, match="finite"):
        encoder.embed_motions([np.full((4, 10, 2), np.nan)])
    with pytest.raises(ValueError, match="expected joints"):
        encoder.embed_motions([np.zeros((4, 9, 2))])


def test_saved_and_read(encoder, tmp_path):
    encoder.save(tmp_path / "one")
    again = TextMotionEncoder.load(tmp_path / "one")
    assert again.facts == {"steps": 3}
    assert again.config == SMALL
    texts = ["a person walks", "unknown words"]
    np.testing.assert_array_equal(again.embed_texts(texts), encoder.embed_texts(texts))
    np.testing.assert_array_equal(again.embed_motions(clips()), encoder.embed_motions(clips()))
    again.save(tmp_path / "two", facts={"other": 1})
    assert TextMotionEncoder.load(tmp_path / "two").facts == {"other": 1}
    weights = [(tmp_path / name / "encoders.safetensors").read_bytes() for name in ("one", "two")]
    assert weights[0] == weights[1]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"format": "other"}, "train the judges again"),
        ({"features_version": 0}, "train the judges again"),
        ({"words": ["a", "a", "b"]}, "different words"),
        ({"config": {}}, "expected words and config"),
    ],
)
def test_other_formats_are_refused(encoder, tmp_path, change, told):
    encoder.save(tmp_path / "e")
    path = tmp_path / "e" / "encoders.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(TextMotionError, match=told):
        TextMotionEncoder.load(tmp_path / "e")


def test_other_weights_are_refused(encoder, tmp_path):
    encoder.save(tmp_path / "e")
    path = tmp_path / "e" / "encoders.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"words": ["a"]}))
    with pytest.raises(CheckpointError, match="do not fit"):
        TextMotionEncoder.load(tmp_path / "e")
    with pytest.raises(CheckpointError):
        TextMotionEncoder.load(tmp_path / "absent")


def test_bad_shapes():
    with pytest.raises(ValueError, match="heads that divide"):
        TowerConfig(width=10, heads=4)
    with pytest.raises(ValueError, match="dim >= 2"):
        TextMotionConfig(dim=1)
