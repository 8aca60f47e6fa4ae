"""Batches: padding, conditions, words, order."""

from __future__ import annotations

from dataclasses import fields
from itertools import islice

import numpy as np
import pytest
import torch

from datasets_spec.vocabulary import UNLABELLED
from stickgen_model.codec import MotionCodec, states_from_joints
from stickgen_model.data.augment import AugmentConfig
from stickgen_model.data.batch_plan import BatchPlan, SampleKey, StreamState
from stickgen_model.data.batches import collate_samples
from stickgen_model.data.clip_dataset import BatchStream, ClipDataset, fit_codec, plain_batches
from stickgen_model.data.clip_store import ClipStore
from stickgen_model.data.partner import partner_states
from stickgen_model.model.conditions import Conditions
from stickgen_model.text.text_table import TextTableError


@pytest.fixture(scope="module")
def texts(mixed_store, texts_of):
    return texts_of(mixed_store)


@pytest.fixture(scope="module")
def codec(mixed_store):
    return fit_codec(mixed_store)


@pytest.fixture(scope="module")
def dataset(mixed_store, texts):
    return ClipDataset(mixed_store, texts, seed=4)


def batch_of(dataset, codec, names, **options):
    rows = [dataset.store.clip_ids.index(name) for name in names]
    samples = [dataset[SampleKey(0, row)] for row in rows]
    return collate_samples(samples, codec=codec, text_dim=100, **options)


def same(one, two):
    tensors = [(getattr(one, f.name), getattr(two, f.name)) for f in fields(one)]
    plain = [pair for pair in tensors if isinstance(pair[0], torch.Tensor)]
    pairs = [*plain, *((one.present[k], two.present[k]) for k in one.present)]
    return all(torch.equal(a.nan_to_num(7.0), b.nan_to_num(7.0)) for a, b in pairs)


def test_neighbours_change_nothing_but_the_padding(dataset, codec):
    alone, both = batch_of(dataset, codec, ["c0"]), batch_of(dataset, codec, ["c0", "c9", "p0"])
    frames = alone.mask_BT.shape[1]
    for name in ("states_BTP", "actions_BT", "physics_BT6", "camera_BT3", "partner_BTP"):
        assert torch.equal(getattr(both, name)[0, :frames], getattr(alone, name)[0])
        padding = getattr(both, name)[~both.mask_BT]
        assert (padding == (UNLABELLED if name == "actions_BT" else 0)).all()
    assert torch.equal(both.text_BE[0], alone.text_BE[0])
    assert both.mask_BT.sum(dim=1).tolist() == [11, 14, 20]


def test_clips_come_back_out_of_a_batch(dataset, codec, mixed_store):
    batch = batch_of(dataset, codec, ["c9", "p1"])
    for row, length in ((0, 14), (1, 20)):
        joints = mixed_store[int(batch.rows_B[row])].joints.copy()
        joints[:, ::2] -= joints[0, 2]
        found = codec.decode(batch.states_BTP[row, :length])
        assert torch.allclose(found, torch.from_numpy(joints), atol=1e-5)


def test_what_is_missing_is_marked_and_zero(dataset, codec):
    batch = batch_of(dataset, codec, ["c0", "c4", "c5", "c6", "p0"])
    present = {name: flags.tolist() for name, flags in batch.present.items()}
    assert present["text"] == [True, False, True, True, True]
    assert present["action"] == [True, True, False, True, True]
    assert present["environment"] == [False, False, False, True, False]
    assert present["partner"] == [False, False, False, False, True]
    assert not batch.text_BE[1].any()
    assert not batch.partner_BTP[:4].any()
    found = Conditions.from_tensors(batch.conditions()).present
    for name in ("text", "partner", "camera"):
        assert torch.equal(found[name], batch.present[name])
    assert torch.isfinite(batch.environment_BE[3]).sum() == 1
    assert batch.actions_BT[2].eq(UNLABELLED).all()


def test_narrow_vectors_are_widened(dataset, codec, texts, mixed_store):
    batch = batch_of(dataset, codec, ["c0"])
    words = [mixed_store.sentences[i] for i in mixed_store[0].sentences]
    assert torch.equal(batch.text_BE, torch.from_numpy(texts.look_up(words, dim=100)))


def test_the_partner_stands_where_it_stands(dataset, codec):
    batch = batch_of(dataset, codec, ["p0", "p1"])
    assert batch.partner_BTP[0, 0, 2] == pytest.approx(0.8, abs=1e-5)
    assert batch.partner_BTP[1, 0, 2] == pytest.approx(-0.8, abs=1e-5)
    others = [column for column in range(20) if column != 2]
    found, other = batch.partner_BTP[0, :, others], batch.states_BTP[1, :, others]
    assert torch.allclose(found, other, atol=1e-4)
    masked = partner_states(torch.full((1, 3, 20), torch.nan), codec, mask_BT=torch.zeros(1, 3) > 0)
    assert not masked.any()


def test_lengths_are_padded_to_a_multiple(dataset, codec):
    batch = batch_of(dataset, codec, ["c0", "c9"], pad_multiple=8)
    assert batch.mask_BT.shape == (2, 16)
    assert batch.mask_BT.sum().item() == 25


def test_captions_are_chosen_anew_every_epoch(tmp_path, rows_of, write_clips, texts_of):
    rows = [rows_of("a", captions=["one", "two", "", " ."])]
    store = ClipStore.open(write_clips(tmp_path / "set", rows))
    texts = texts_of(store)
    dataset = ClipDataset(store, texts, seed=0)
    found = {dataset[SampleKey(epoch, 0)].text.tobytes() for epoch in range(30)}
    assert found == {texts.look_up([word], dim=64)[0].tobytes() for word in ("one", "two")}
    first = ClipDataset(store, texts, seed=0, first_caption=True)
    assert len({first[SampleKey(epoch, 0)].text.tobytes() for epoch in range(9)}) == 1


def part(first, last, text):
    return {"first_frame": first, "last_frame": last, "action": "walk", "text": text}


@pytest.fixture
def parted(tmp_path, rows_of, write_clips):
    parts = [part(0, 19, "one"), part(20, 39, "two"), part(40, 49, "three")]
    row = rows_of("a", 50, captions=["all"], parts=parts, actions=np.arange(50, dtype=np.uint8))
    other = rows_of("b", 30, captions=["other"], parts=[part(0, 29, "single")])
    return ClipStore.open(write_clips(tmp_path / "set", [row, other]))


def said(store, texts, sample):
    vectors = texts.look_up(store.sentences, dim=64)
    return store.sentences[int(np.flatnonzero((vectors == sample.text).all(axis=1))[0])]


def test_a_part_comes_with_its_own_sentence(parted, texts_of):
    texts = texts_of(parted)
    augment = AugmentConfig(mirror=0.0, speed_chance=0.0, crop_chance=0.0, part_chance=0.5)
    dataset = ClipDataset(parted, texts, seed=1, augment=augment)
    frames = {"all": (0, 49), "one": (0, 19), "two": (20, 39)}  # "three" is very short
    found = [dataset[SampleKey(epoch, 0)] for epoch in range(40)]
    seen = {said(parted, texts, s): (s.tracks.actions[0], s.tracks.actions[-1]) for s in found}
    assert seen == frames
    share = np.mean([said(parted, texts, sample) == "all" for sample in found])
    assert 0.25 < share < 0.75
    whole = [dataset[SampleKey(epoch, 1)] for epoch in range(20)]
    assert {said(parted, texts, sample) for sample in whole} == {"other", "single"}


def test_a_clip_that_is_too_long_is_never_told_as_a_whole(parted, texts_of):
    texts = texts_of(parted)
    for augment in (AugmentConfig.none(), AugmentConfig(part_chance=0.0)):
        dataset = ClipDataset(parted, texts, seed=1, augment=augment, max_frames=25)
        found = [dataset[SampleKey(epoch, 0)] for epoch in range(20)]
        assert {said(parted, texts, sample) for sample in found} == {"one", "two"}
        assert max(len(sample.tracks.joints) for sample in found) <= 25


def test_a_caption_without_vector_is_refused(mixed_store, texts_of):
    with pytest.raises(TextTableError, match="expected vectors of hash-64 for all texts"):
        ClipDataset(mixed_store, texts_of(), seed=0)


@pytest.mark.parametrize("workers", [0, 2])
def test_a_stream_goes_on_the_same_with_any_number_of_workers(mixed_store, texts, codec, workers):
    dataset = ClipDataset(mixed_store, texts, seed=4, augment=AugmentConfig(), max_frames=30)
    plan = BatchPlan(mixed_store.lengths, 5, seed=4)

    def stream(start, workers):
        return BatchStream(dataset, plan, codec=codec, start=start, num_workers=workers)

    whole = list(islice(stream(StreamState(), 0), 7))
    later = stream(plan.state_at(4), workers)
    batches = list(islice(later, 3))
    assert later.state == plan.state_at(7)
    assert all(same(a, b) for a, b in zip(whole[4:], batches, strict=True))


def test_measuring_takes_every_clip_once(dataset, codec, mixed_store):
    batches = list(plain_batches(dataset, batch_size=5, codec=codec))
    rows = torch.cat([batch.rows_B for batch in batches])
    assert sorted(rows.tolist()) == list(range(len(mixed_store)))


def test_the_codec_scales_all_training_frames(mixed_store):
    codec = fit_codec(mixed_store, mirror=False)
    joints = [torch.from_numpy(mixed_store.joints_of(r).copy()) for r in range(len(mixed_store))]
    states = torch.cat([states_from_joints(clip) for clip in joints])
    assert torch.allclose(codec.mean_P, states.mean(dim=0), atol=1e-5)
    both = fit_codec(mixed_store)
    mirrored = both.mirror(both.normalise(states))
    assert np.abs((both.normalise(states).mean(0) + mirrored.mean(0)).numpy()).max() < 1e-3
    assert isinstance(both, MotionCodec)
