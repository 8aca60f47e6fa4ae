"""What a run says on its way: to a file, to the tracker, to the watchers; and its samples."""

from __future__ import annotations

import math
import resource
import time
from typing import TYPE_CHECKING, Final, Protocol

import torch

from tasks.train.curves import cut_metrics
from tasks.train.samples import draw_samples, sample_name
from tasks.train.signals import STOP, StepNews, report_step

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from stickgen_model.text.text_table import TextTable
    from tasks.train.folder import RunFolder
    from tasks.train.job import TrainJob

__all__ = ["RunTracker", "TrainMeter", "peak_memory"]

_FLUSH_S: Final = 5.0
"""Numbers wait at most this long before they are written."""
_RECENT: Final = 20
"""Steps whose mean time gives the rate."""


class RunTracker(Protocol):
    """The tracked run."""

    def log_steps(self, rows: Sequence[tuple[int, int, Mapping[str, float]]]) -> None:
        """Numbers by step: (step, time in ms, values)."""

    def log_files(self, paths: Sequence[Path], folder: str | None = None) -> None:
        """Files as artifacts."""


def peak_memory(device: str) -> dict[str, float]:
    """Greatest memory so far, bytes: of this process, and of its GPU."""
    found = {"system/peak_rss": float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) * 1024}
    if device.startswith("cuda"):
        found["system/peak_cuda"] = float(torch.cuda.max_memory_allocated(device))
    return found


class TrainMeter:
    """Sink and hooks of the run of process 0.

    Args:
        job: The run.
        run: Its folder.
        vectors: Of the sample prompts.
        device: Where it computes.
        tracker: Its tracked run, or None.
    """

    def __init__(
        self,
        job: TrainJob,
        run: RunFolder,
        *,
        vectors: TextTable,
        device: str,
        tracker: RunTracker | None,
    ) -> None:
        self._job, self._run, self._vectors = job, run, vectors
        self._device, self._tracker = device, tracker
        self._num_steps, self._sampled = 0, 0
        self._lines: list[str] = []
        self._rows: list[tuple[int, int, dict[str, float]]] = []
        self._recent: list[tuple[float, float, float]] = []
        self._last_s: float | None = None
        self._last_cpu_s = 0.0
        self._flushed_s = time.monotonic()

    def on_start(self, *, step: int, num_steps: int) -> None:
        """Forget what was said of steps that are done again."""
        self._num_steps, self._sampled = num_steps, step
        cut_metrics(self._run.metrics, step=step)
        self._last_s = None

    def on_checkpoint(self, checkpoint: Path, *, step: int) -> None:
        """Write what waits; make samples if it is time."""
        self.flush()
        every = self._job.samples.every
        # a run that is to stop has no time for them
        if every and step // every > self._sampled // every and not STOP.is_set():
            path = self._run.samples / sample_name(step)
            path.parent.mkdir(exist_ok=True)
            draw_samples(
                checkpoint,
                path,
                config=self._job.samples,
                vectors=self._vectors,
                device=self._device,
            )
            self._sampled = step
            if self._tracker is not None:
                self._tracker.log_files([path], "samples")
        self._restart_clock()

    def stop_wanted(self) -> bool:
        """As the terminal says."""
        return STOP.is_set()

    def log_metrics(self, metrics: Mapping[str, float], *, step: int) -> None:
        """Keep the numbers of a step."""
        values = dict(metrics)
        trained = "train/total" in values
        if trained:
            values |= self._rates(values.pop("train/clips", 0.0), values.pop("train/frames", 0.0))
        self._lines += [f"{step},{name},{value!r}\n" for name, value in values.items()]
        wanted = not trained or step == 1 or step % self._job.log_every == 0
        if wanted or step == self._num_steps:
            shown = {k: v for k, v in values.items() if math.isfinite(v)}
            shown |= peak_memory(self._device)
            self._rows.append((step, time.time_ns() // 1_000_000, shown))
        if trained:
            rate = values.get("system/clips_per_s", 0.0)
            report_step(
                StepNews(
                    step=step,
                    num_steps=self._num_steps,
                    loss=values["train/total"],
                    clips_per_s=rate,
                )
            )
        else:
            self._restart_clock()  # measuring is no training time
        if time.monotonic() - self._flushed_s > _FLUSH_S:
            self.flush()

    def _restart_clock(self) -> None:
        self._last_s, self._last_cpu_s = time.monotonic(), time.process_time()

    def _rates(self, clips: float, frames: float) -> dict[str, float]:
        now, before = time.monotonic(), self._last_s
        cpu, cpu_before = time.process_time(), self._last_cpu_s
        self._last_s, self._last_cpu_s = now, cpu
        if before is None:
            return {}
        self._recent = [*self._recent, (now - before, clips, frames)][-_RECENT:]
        seconds, all_clips, all_frames = (sum(part) for part in zip(*self._recent, strict=True))
        if seconds <= 0.0:
            return {}
        return {
            "system/clips_per_s": all_clips / seconds,
            "system/frames_per_s": all_frames / seconds,
            "system/step_s": now - before,
            "system/cpu_s": cpu - cpu_before,
            **({"system/gpu_s": now - before} if self._device.startswith("cuda") else {}),
        }

    def flush(self) -> None:
        """Write what waits."""
        if self._lines:
            with self._run.metrics.open("a", encoding="utf-8") as file:
                file.writelines(self._lines)
            self._lines = []
        if self._rows and self._tracker is not None:
            self._tracker.log_steps(self._rows)
        self._rows = []
        self._flushed_s = time.monotonic()
