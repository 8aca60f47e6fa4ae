"""The steps of a run.

Every random choice of a step follows from (seed, step, pass, process), so a run that was
interrupted goes on as if it had not been, and no state of random numbers has to be saved.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

import torch
import torch.distributed as dist

from datasets_spec.errors import StickgenError
from stickgen_model.data.batch_plan import BatchPlan
from stickgen_model.data.clip_dataset import BatchStream, ClipDataset
from stickgen_model.training.checkpoint import CheckpointInfo, newest_checkpoint
from stickgen_model.training.compilation import compiled
from stickgen_model.training.objective import Objective, mix_seed
from stickgen_model.training.optimiser import learning_rate_at, trainable_parameters
from stickgen_model.training.place import TrainPlace
from stickgen_model.training.precision import autocast_to
from stickgen_model.training.preparation import model_shape
from stickgen_model.training.run_state import prune_checkpoints, save_run
from stickgen_model.training.validation import measure_losses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from stickgen_model.data.batches import Batch
    from stickgen_model.training.hooks import RunHooks
    from stickgen_model.training.metrics import MetricSink
    from stickgen_model.training.preparation import TrainingData
    from stickgen_model.training.run_state import Progress, RunParts

__all__ = ["OutOfMemoryError", "TrainPlace", "TrainingDivergedError", "TrainingRun"]


class TrainingDivergedError(StickgenError):
    """Too many steps in a row had no finite gradient."""


class OutOfMemoryError(StickgenError):
    """A step did not fit into memory; the text says what to lower."""


class TrainingRun:
    """One call of `train`.

    Args:
        parts: Model, optimiser, averages, already where the run is to go on.
        data: Clips and words.
        out: Folder of the checkpoints.
        sink: Gets the metrics of process 0.
        place: Where to compute.
        hooks: Asked and told between steps.
    """

    def __init__(
        self,
        parts: RunParts,
        data: TrainingData,
        *,
        out: Path,
        sink: MetricSink | None,
        place: TrainPlace,
        hooks: RunHooks | None = None,
    ) -> None:
        config = parts.config
        self._parts, self._data, self._place, self._out = parts, data, place, out
        self._config, self._sink = config, sink if place.rank == 0 else None
        self._device = torch.device(place.device)
        self._objective = Objective(config=config, codec=parts.codec.to(self._device))
        self._plan = BatchPlan(
            data.train.lengths,
            config.batch_size,
            seed=config.seed,
            pool_batches=config.pool_batches,
            rank=place.rank,
            world=place.world,
        )
        whole = config.epochs * self._plan.batches_per_epoch // config.accumulation
        self._num_steps = max(1, whole)
        if config.max_steps is not None:
            self._num_steps = min(self._num_steps, config.max_steps)
        self._trained = list(trainable_parameters(parts.model).values())
        self._forward: Callable[..., Any] = parts.model
        if config.compile:
            self._forward = compiled(parts.model, self._device)
        self._bad_in_a_row, self._loss = 0, math.nan
        self._hooks = hooks

    def go(self, progress: Progress, *, stop_after: int | None = None) -> tuple[Progress, Path]:
        """Take the steps that are left.

        Args:
            progress: How far the parts are.
            stop_after: Steps at most.

        Returns:
            How far they are now, and the newest checkpoint.
        """
        last = self._num_steps
        if stop_after is not None:
            last = min(last, progress.step + stop_after)
        batches = iter(self._stream(progress.step))
        saved = newest_checkpoint(self._out) if progress.step else None
        if self._hooks is not None:
            self._hooks.on_start(step=progress.step, num_steps=self._num_steps)
        stopped = False
        while progress.step < last and not stopped:
            progress = self._take_step(progress, batches)
            at_end = progress.step == last
            stopped = self._wants_stop()
            if at_end or _due(progress.step, self._config.validate_every):
                progress = self._validate(progress)
            improved = progress.best_step == progress.step
            due = improved or _due(progress.step, self._config.save_every)
            if at_end or stopped or due:
                saved = self._save(progress)
        return progress, self._save(progress) if saved is None else saved

    def _wants_stop(self) -> bool:
        return self._hooks is not None and self._place.any_wants(self._hooks.stop_wanted())

    @property
    def num_steps(self) -> int:
        """Steps of the whole run."""
        return self._num_steps

    @property
    def last_loss(self) -> float:
        """Training loss of the last step, NaN if there was none."""
        return self._loss

    def _stream(self, step: int) -> BatchStream:
        config = self._config
        dataset = ClipDataset(
            self._data.train,
            self._data.texts,
            seed=config.seed,
            augment=config.augment,
            max_frames=config.max_frames,
            pictures=config.multimodal,
        )
        return BatchStream(
            dataset,
            self._plan,
            codec=self._parts.codec.to("cpu"),
            text_dim=self._parts.model.embedding_dim,
            start=self._plan.state_at(step * config.accumulation),
            num_workers=config.workers,
            pad_multiple=config.pad_multiple,
            pin=self._device.type == "cuda",
        )

    def _take_step(self, progress: Progress, batches: Iterator[Batch]) -> Progress:
        config, parts = self._config, self._parts
        rate = learning_rate_at(progress.step, num_steps=self._num_steps, config=config.optim)
        for group in parts.optimiser.param_groups:
            group["lr"] = rate
        parts.model.train()
        try:
            losses, seen = self._accumulate(progress.step, batches)
        except RuntimeError as error:
            if not _is_memory(error):
                raise
            raise OutOfMemoryError(self._memory_advice()) from error
        self._share_gradients()
        norm = float(torch.nn.utils.clip_grad_norm_(self._trained, config.optim.clip_norm))
        done = replace(progress, step=progress.step + 1)
        if math.isfinite(norm):
            parts.optimiser.step()
            parts.averages.update(parts.model)
            self._bad_in_a_row = 0
            done = replace(done, averaged=parts.averages.num_updates)
        else:
            done = replace(done, skipped=done.skipped + 1)
            self._refuse_many_bad(done)
        parts.optimiser.zero_grad(set_to_none=True)
        self._loss = losses["total"]
        facts = {"lr": rate, "grad_norm": norm, "skipped": float(done.skipped)}
        self._tell("train", {**losses, **facts, **seen}, done.step)
        return done

    def _accumulate(
        self, step: int, batches: Iterator[Batch]
    ) -> tuple[dict[str, float], dict[str, float]]:
        """Gradients of a step; returns the mean losses, and what all processes have seen."""
        sums: dict[str, torch.Tensor] = {}
        seen = dict.fromkeys(("clips", "frames"), 0.0)
        count = self._config.accumulation
        for number, batch in enumerate(islice(batches, count)):
            # counted over all processes: two of them do what one does with twice the batches
            batch_number = number * self._place.world + self._place.rank
            place = (self._config.seed, step, batch_number, 0)
            torch.manual_seed(mix_seed(*place, 1))  # dropout
            with autocast_to(self._config.precision, self._device):
                losses = self._objective.losses(
                    self._forward, batch.to(self._device), seed=mix_seed(*place, 2)
                )
            (losses["total"] / count).backward()  # type: ignore[no-untyped-call]
            for name, value in losses.items():
                sums[name] = sums.get(name, 0.0) + value.detach() / count
            seen["clips"] += len(batch) * self._place.world
            seen["frames"] += float(batch.mask_BT.sum()) * self._place.world
        # one transfer for all of them
        return dict(zip(sums, torch.stack(list(sums.values())).tolist(), strict=True)), seen

    def _share_gradients(self) -> None:
        """The mean gradient of all processes, in one message."""
        if self._place.world == 1:
            return
        if self._config.multimodal:  # else who has a gradient follows from the settings
            self._place.even_gradients(self._trained)
        grads = [p.grad for p in self._trained if p.grad is not None]
        flat = torch.cat([grad.flatten() for grad in grads])
        dist.all_reduce(flat)
        flat /= self._place.world
        for grad, part in zip(grads, torch.split(flat, [g.numel() for g in grads]), strict=True):
            grad.copy_(part.view_as(grad))

    def _refuse_many_bad(self, progress: Progress) -> None:
        self._bad_in_a_row += 1
        if self._bad_in_a_row < self._config.max_bad_steps:
            return
        msg = (
            f"step {progress.step}: expected a finite gradient, got none for "
            f"{self._bad_in_a_row} steps; the last good checkpoint is "
            f"{newest_checkpoint(self._out)}; lower the learning rate, or use fp32"
        )
        raise TrainingDivergedError(msg)

    def _memory_advice(self) -> str:
        config = self._config
        return (
            f"a batch of {config.batch_size} clips of up to {config.max_frames} frames did not "
            f"fit into the memory of {self._device}; halve batch_size and double accumulation "
            f"({config.accumulation}), switch gradient_checkpointing on, or lower max_frames"
        )

    def _validate(self, progress: Progress) -> Progress:
        if self._data.val is None or self._place.rank:
            return progress
        model = self._parts.model
        model.eval()
        with self._parts.averages.applied(model):
            means = measure_losses(
                self._forward,
                self._data.val,
                texts=self._data.texts,
                objective=self._objective,
                text_dim=self._parts.model.embedding_dim,
            )
        self._tell("val", means, progress.step)
        best = math.inf if progress.best_loss is None else progress.best_loss
        if not means["total"] < best:
            return progress
        return replace(progress, best_loss=means["total"], best_step=progress.step)

    def _tell(self, kind: str, values: dict[str, float], step: int) -> None:
        if self._sink is not None:
            named = {f"{kind}/{name}": value for name, value in values.items()}
            self._sink.log_metrics(named, step=step)

    def _save(self, progress: Progress) -> Path:
        place = self._out / f"step-{progress.step:08d}"
        if self._place.rank:
            return place
        config = self._config
        info = CheckpointInfo(
            model=model_shape(config),
            encoder=self._data.texts.identity,
            schedule=config.schedule,
            diffusion=config.diffusion,
            stage=config.stage,
            step=progress.step,
            adapter=None if config.lora is None else config.lora.adapter,
            max_frames=config.max_frames,
        )
        save_run(self._out, self._parts, info=info, progress=progress)
        prune_checkpoints(self._out, keep=config.keep, best_step=progress.best_step)
        if self._hooks is not None:
            self._hooks.on_checkpoint(place, step=progress.step)
        return place


def _due(step: int, every: int) -> bool:
    return every > 0 and step % every == 0


def _is_memory(error: RuntimeError) -> bool:
    # the allocator of the CPU raises a plain RuntimeError
    return isinstance(error, torch.OutOfMemoryError) or "can't allocate memory" in str(error)
