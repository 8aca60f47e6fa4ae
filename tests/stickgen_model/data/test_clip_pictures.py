"""Pictures of clips: they follow the variation, and come into batches."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from datasets_spec.errors import ConfigError, StickgenError
from datasets_spec.skeleton import JOINTS, MIRROR
from stickgen_model.codec import MotionCodec
from stickgen_model.data.augment import AugmentConfig, cut_tracks, mirror_tracks, speed_tracks
from stickgen_model.data.batch_plan import SampleKey
from stickgen_model.data.batches import collate_samples
from stickgen_model.data.clip_dataset import ClipDataset
from stickgen_model.data.clip_pictures import picture_of
from stickgen_model.data.clip_store import ClipStore
from stickgen_model.render.viewpoint import Camera

PELVIS = JOINTS.index("pelvis")


def rolling(num_frames):
    """Depths of a figure that comes nearer, shape (T, 10)."""
    return 0.02 * np.arange(num_frames)[:, None] + 0.01 * np.arange(10)[None, :] + 0.5


@pytest.fixture(scope="module")
def folder(tmp_path_factory, rows_of, write_clips):
    rows = [rows_of(f"c{n}", 20 + n, depth=rolling(20 + n)) for n in range(3)]
    return write_clips(tmp_path_factory.mktemp("depth") / "set", rows)


@pytest.fixture(scope="module")
def store(folder):
    return ClipStore.open(folder, depth=True)


@pytest.fixture(scope="module")
def dataset(store, texts_of):
    return ClipDataset(store, texts_of(store), seed=4, augment=AugmentConfig(), pictures=True)


def test_depth_is_read_where_it_is_asked_for(folder, store, mixed_store):
    assert store.has_depth
    assert np.allclose(store[1].depth, rolling(21))
    plain = ClipStore.open(folder)
    assert not plain.has_depth
    assert plain[1].depth is None
    assert mixed_store[0].depth is None


def test_damaged_depths_are_named(tmp_path, rows_of, write_clips):
    bad = rolling(20)
    bad[3, 4] = np.nan
    for name, depth, told in (("nan", bad, "finite depth"), ("short", bad[:9], "joints and depth")):
        folder = write_clips(tmp_path / name, [rows_of("broken", 20, depth=depth)])
        with pytest.raises(StickgenError, match=f"broken: .*{told}"):
            ClipStore.open(folder, depth=True)
        assert len(ClipStore.open(folder)) == 1


def test_depth_goes_with_every_variation(store):
    clip = store[0]
    tracks = cut_tracks(clip, 5, 18)
    assert np.allclose(tracks.depth, clip.depth[5:18] - clip.depth[5, PELVIS])
    mirrored = mirror_tracks(tracks)
    assert np.array_equal(mirrored.depth, tracks.depth[:, MIRROR])
    for partner in (None, tracks.joints + 1.0):
        both = replace(tracks, partner=partner)
        fast = speed_tracks(both, 1.1)
        alone = speed_tracks(replace(both, depth=None), 1.1)
        assert np.array_equal(fast.joints, alone.joints)
        now = 1.1 * np.arange(len(fast.joints))
        expected = tracks.depth[0] + 0.02 * now[:, None]
        assert np.allclose(fast.depth, expected, atol=1e-5)
        assert (fast.partner is None) == (partner is None)
        assert partner is None or np.array_equal(fast.partner, alone.partner)


def test_a_picture_shows_a_frame_of_the_clip_from_its_viewpoint(store):
    tracks = cut_tracks(store[0], 0, 20)
    for seed in range(5):
        found = picture_of(tracks, np.random.default_rng(seed))
        assert found.image.shape == (256, 256, 3)
        camera = Camera.from_viewpoint(found.viewpoint)
        frame = int(np.random.default_rng(seed).integers(20))
        points = np.column_stack([tracks.joints[frame].reshape(10, 2), tracks.depth[frame]])
        x, y = camera.project(camera.see(points), size=256)[PELVIS].astype(int)
        assert np.abs(found.image[y, x].astype(int) - found.image[y, 2]).max() >= 25
    with pytest.raises(ValueError, match="depth"):
        picture_of(replace(tracks, depth=None), np.random.default_rng(0))


def test_a_key_fixes_the_picture_and_pictures_change_nothing_else(dataset, store, texts_of):
    plain = ClipDataset(store, texts_of(store), seed=4, augment=AugmentConfig())
    for key in (SampleKey(0, 1), SampleKey(3, 2)):
        one, two, without = dataset[key], dataset[key], plain[key]
        assert np.array_equal(one.picture.image, two.picture.image)
        assert np.array_equal(one.picture.viewpoint, two.picture.viewpoint)
        assert without.picture is None
        assert np.array_equal(one.tracks.joints, without.tracks.joints)
        assert np.array_equal(one.text, without.text)
    images = [dataset[SampleKey(epoch, 1)].picture.image for epoch in range(2)]
    assert not np.array_equal(*images)


def test_batches_hold_the_pictures_of_their_clips(dataset):
    samples = [dataset[SampleKey(0, row)] for row in range(3)]
    samples[1] = replace(samples[1], picture=None)
    codec = MotionCodec(torch.zeros(20), torch.ones(20))
    batch = collate_samples(samples, codec=codec, text_dim=64)
    assert batch.image_B3RR.dtype == torch.uint8
    assert batch.image_B3RR.shape == (3, 3, 256, 256)
    assert batch.present["image"].tolist() == [True, False, True]
    assert np.array_equal(batch.image_B3RR[2].permute(1, 2, 0), samples[2].picture.image)
    assert np.array_equal(batch.viewpoint_B7[0], samples[0].picture.viewpoint)
    assert not batch.viewpoint_B7[1].any()
    conditions = batch.to("cpu").conditions()
    assert conditions["image"].dtype == torch.float32
    assert conditions["image"].max() <= 1.0
    assert torch.equal((conditions["image"] * 255).round().byte(), batch.image_B3RR)
    none = collate_samples([replace(s, picture=None) for s in samples], codec=codec, text_dim=64)
    assert none.to("cpu").image_B3RR is None
    assert "image" not in none.conditions()


def test_pictures_of_clips_without_depth_are_refused(mixed_store, texts_of):
    with pytest.raises(ConfigError, match="depth=True"):
        ClipDataset(mixed_store, texts_of(mixed_store), seed=0, pictures=True)
