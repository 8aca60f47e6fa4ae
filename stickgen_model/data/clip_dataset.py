"""A store of clips as a stream of batches."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from datasets_spec.errors import ConfigError
from datasets_spec.schema import MAX_FRAMES
from stickgen_model.codec import MotionCodec, states_from_joints
from stickgen_model.data.augment import AugmentConfig, vary_clip
from stickgen_model.data.batch_plan import ResumableBatchSampler, SampleKey, StreamState
from stickgen_model.data.batches import Batch, Sample, collate_samples
from stickgen_model.data.clip_pictures import picture_of
from stickgen_model.data.worker_process import forget_parents_threads
from stickgen_model.state_moments import StateMoments
from stickgen_model.text.encoder import TEXT_DIM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stickgen_model.data.batch_plan import BatchPlan
    from stickgen_model.data.clip_store import ClipArrays, ClipStore
    from stickgen_model.text.text_table import TextTable

__all__ = ["BatchStream", "ClipDataset", "fit_codec", "plain_batches"]

_FIT_CLIPS: Final = 256

_LEAST_PART: Final = 16
"""Shorter parts show too little of what their sentence says, where there are longer ones."""


def fit_codec(store: ClipStore, *, mirror: bool = True) -> MotionCodec:
    """The codec of the clips of a store; with `mirror`, of their mirror images too."""
    moments = StateMoments.empty()
    for start in range(0, len(store), _FIT_CLIPS):
        rows = range(start, min(start + _FIT_CLIPS, len(store)))
        clips = [torch.from_numpy(store.joints_of(row).copy()) for row in rows]
        states = torch.cat([states_from_joints(clip) for clip in clips])
        moments = moments.merge(StateMoments.of(states.numpy()))
    return MotionCodec.from_moments(moments.symmetric() if mirror else moments)


class ClipDataset(Dataset[Sample]):
    """Clips by (epoch, row): the same key gives the same sample in every process.

    Args:
        store: The clips.
        texts: Vectors of their captions; all must be there.
        seed: Of the random choices.
        augment: Variations.
        max_frames: Longer clips are cut.
        first_caption: Take the first caption in place of any.
        pictures: Draw a picture of one frame of each sample; the store needs the depth.

    Raises:
        ConfigError: If pictures are asked of a store without depth.
        TextTableError: If a caption has no vector.
    """

    def __init__(
        self,
        store: ClipStore,
        texts: TextTable,
        *,
        seed: int,
        augment: AugmentConfig | None = None,
        max_frames: int = MAX_FRAMES,
        first_caption: bool = False,
        pictures: bool = False,
    ) -> None:
        if pictures and not store.has_depth:
            msg = "pictures: expected clips read with their depth; use ClipStore.open(depth=True)"
            raise ConfigError(msg)
        self.store, self.text_identity = store, texts.identity
        self._augment = AugmentConfig.none() if augment is None else augment
        self._seed, self._max_frames = seed, max_frames
        self._first_caption, self._pictures = first_caption, pictures
        self._vectors = texts.look_up(store.sentences, dim=texts.identity.dim)
        # an empty sentence has the zero vector: it is no text
        self._spoken = np.asarray(self._vectors.any(axis=1), dtype=np.bool_)

    def __len__(self) -> int:
        return len(self.store)

    def __getitem__(self, key: SampleKey) -> Sample:
        epoch, row = key
        clip = self.store[row]
        rng = np.random.default_rng([self._seed, epoch, row])
        caption_draw, part_draw, which_draw = rng.random(3)
        part = self._part(clip, part_draw, which_draw)
        tracks = vary_clip(
            clip,
            rng,
            config=self._augment,
            max_frames=self._max_frames,
            span=None if part is None else tuple(clip.part_frames[part].tolist()),
        )
        said = clip.sentences if part is None else clip.part_sentences[[part]]
        usable = said[self._spoken[said]]
        choice = 0 if self._first_caption else int(caption_draw * len(usable))
        text = self._vectors[usable[choice]] if len(usable) else None
        # drawn last, so that pictures change nothing else about a sample
        picture = picture_of(tracks, rng) if self._pictures else None
        return Sample(tracks=tracks, text=text, row=row, picture=picture)

    def _part(self, clip: ClipArrays, draw: float, which: float) -> int | None:
        """The part to take in place of the clip, None = the clip.

        Sentences about several parts are not true of a crop: a clip of several parts that is too
        long gives one of them.
        """
        if not len(clip.part_frames):
            return None
        must = len(clip.part_frames) > 1 and len(clip.joints) > self._max_frames
        if not must and draw >= self._augment.part_chance:
            return None
        lengths = np.diff(clip.part_frames, axis=1)[:, 0]
        usable = np.flatnonzero(lengths >= min(_LEAST_PART, lengths.max()))
        return int(usable[int(which * len(usable))])


class BatchStream:
    """Batches without end, from any state on.

    Args:
        dataset: The clips.
        plan: Their order.
        codec: Of the states.
        text_dim: Width of the model's text.
        start: The first batch.
        num_workers: Processes that prepare batches; 0 = none but this one.
        pad_multiple: As of `collate_samples`.
        pin: Put batches into pinned memory.
    """

    def __init__(
        self,
        dataset: ClipDataset,
        plan: BatchPlan,
        *,
        codec: MotionCodec,
        text_dim: int = TEXT_DIM,
        start: StreamState = StreamState(),  # noqa: B008 (frozen)
        num_workers: int = 0,
        pad_multiple: int = 1,
        pin: bool = False,
    ) -> None:
        self.state = start
        self._plan = plan
        self._loader: DataLoader[Sample] = DataLoader(
            dataset,
            batch_sampler=ResumableBatchSampler(plan, start),
            num_workers=num_workers,
            collate_fn=partial(
                collate_samples, codec=codec, text_dim=text_dim, pad_multiple=pad_multiple
            ),
            pin_memory=pin,
            worker_init_fn=forget_parents_threads,
            # the loader would otherwise draw from the global stream that training seeds
            generator=torch.Generator().manual_seed(0),
        )

    def __iter__(self) -> Iterator[Batch]:
        """Batches; `state` is that of the batch to come."""
        for batch in self._loader:
            self.state = self._plan.after(self.state)
            yield batch


def plain_batches(
    dataset: ClipDataset, *, batch_size: int, codec: MotionCodec, text_dim: int = TEXT_DIM
) -> Iterator[Batch]:
    """Every clip once, sorted by length, for measuring."""
    order = np.argsort(dataset.store.lengths, kind="stable")
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        samples = [dataset[SampleKey(0, int(row))] for row in rows]
        yield collate_samples(samples, codec=codec, text_dim=text_dim)
