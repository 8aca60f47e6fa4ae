"""Whoever started a run is told and asked; the run is the same as without."""

from __future__ import annotations

from dataclasses import replace

import torch
from safetensors.torch import load_file

from stickgen_model.data.clip_store import ClipStore
from stickgen_model.training.config import pretrain_preset
from stickgen_model.training.metrics import MemorySink
from stickgen_model.training.trainer import train

TINY = replace(
    pretrain_preset("tiny"),
    precision="fp32",
    epochs=50,
    validate_every=0,
    save_every=2,
    max_steps=5,
)


class Recorder:
    def __init__(self, stop_at=None):
        self.starts, self.checkpoints, self.asked, self.stop_at = [], [], 0, stop_at

    def on_start(self, *, step, num_steps):
        self.starts.append((step, num_steps))

    def on_checkpoint(self, checkpoint, *, step):
        torch.manual_seed(99)  # as samples do that draw from the global numbers
        torch.rand(7)
        self.checkpoints.append((checkpoint.name, step, checkpoint.is_dir()))

    def stop_wanted(self):
        self.asked += 1
        return self.asked == self.stop_at


def test_they_are_told_and_change_nothing(data, tmp_path):
    hooks = Recorder()
    watched = train(TINY, data, out=tmp_path / "watched", hooks=hooks)
    plain = train(TINY, data, out=tmp_path / "plain")
    assert hooks.starts == [(0, 5)]
    assert hooks.checkpoints == [(f"step-{n:08d}", n, True) for n in (2, 4, 5)]
    assert hooks.asked == 5
    one, two = (load_file(r.checkpoint / "trained.safetensors") for r in (watched, plain))
    assert all(torch.equal(one[key], two[key]) for key in one)


def test_a_wish_to_stop_saves_and_the_run_goes_on(data, tmp_path):
    stopped = train(TINY, data, out=tmp_path / "parts", hooks=Recorder(stop_at=3))
    assert (stopped.finished, stopped.progress.step) == (False, 3)
    assert stopped.checkpoint.name == "step-00000003"
    hooks = Recorder()
    resumed = train(TINY, data, out=tmp_path / "parts", hooks=hooks)
    assert hooks.starts == [(3, 5)]
    whole = train(TINY, data, out=tmp_path / "whole")
    one, two = (load_file(r.checkpoint / "trained.safetensors") for r in (resumed, whole))
    assert all(torch.equal(one[key], two[key]) for key in one)


def test_clips_and_frames_of_a_step_are_told(data, tmp_path):
    sink = MemorySink()
    config = replace(TINY, max_steps=1, batch_size=3, accumulation=2, save_every=0)
    train(config, data, out=tmp_path, sink=sink)
    (clips,), (frames,) = sink.values("train/clips"), sink.values("train/frames")
    assert clips == 6
    assert 6 * 2 <= frames <= 6 * config.max_frames


def test_only_the_named_clips_are_opened(mixed_folder):
    whole = ClipStore.open(mixed_folder)
    part = ClipStore.open(mixed_folder, only={"c2", "c9", "p0", "nobody"})
    assert part.clip_ids == tuple(i for i in whole.clip_ids if i in {"c2", "c9", "p0"})
    assert (part.partner_rows == -1).all()
