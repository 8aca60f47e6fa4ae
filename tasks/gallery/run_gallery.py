"""The gallery of a training run: what it started from, its best and its last checkpoint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from stickgen_model.export.whole_file import whole_file
from tasks.gallery.build import GalleryRequest, build_gallery
from tasks.gallery.generate import generation_config
from tasks.gallery.page import render_gallery
from tasks.gallery.prompts import find_prompts
from tasks.gallery.sources import ColumnSource
from tasks.train.prompts import TableEncoder
from tasks.train.samples import sample_prompts

if TYPE_CHECKING:
    from stickgen_model.data.clip_store import ClipStore
    from stickgen_model.text.text_table import TextTable
    from tasks.gallery.generate import Clock
    from tasks.train.plan import TrainPlan
    from tasks.train.run import TrainOutcome

__all__ = ["make_run_gallery", "run_sources"]

_MAX_PROMPTS: Final = 24
"""More sentences would cost a run more time than they tell."""


def run_sources(plan: TrainPlan, outcome: TrainOutcome) -> tuple[ColumnSource, ...]:
    """The checkpoints worth comparing, each once."""
    places = [("base", plan.start)] if plan.start is not None else []
    best, last = Path(outcome.best), Path(outcome.checkpoint)
    word = "best and last" if best == last else "best"
    places += [(f"{word}, step {_step(best)}", best)]
    if best != last:
        places.append((f"last, step {_step(last)}", last))
    return tuple(ColumnSource(label=label, path=path) for label, path in places if path)


def make_run_gallery(
    plan: TrainPlan,
    outcome: TrainOutcome,
    vectors: TextTable,
    *,
    real: ClipStore | None,
    clock: Clock,
) -> Path:
    """Generate the sample prompts with the checkpoints of a run and write its page.

    Args:
        plan: The run.
        outcome: How training ended.
        vectors: Of the sample prompts.
        real: Validation clips, to stand beside; None = none.
        clock: Seconds.

    Returns:
        The page, in the folder of the run.

    Raises:
        OutputError: If it cannot be written.
    """
    samples = plan.job.samples
    request = GalleryRequest(
        sources=run_sources(plan, outcome),
        prompts=find_prompts(sample_prompts(samples)[:_MAX_PROMPTS]),
        config=generation_config(seconds=samples.seconds, seed=samples.seed, steps=samples.steps),
        real=real,
        device=plan.place.device,
    )
    encoder = TableEncoder(vectors)
    gallery = build_gallery(request, encoder_of=lambda _: encoder, clock=clock)
    with whole_file(plan.run.gallery) as part:
        part.write_text(render_gallery(gallery), encoding="ascii")
    return plan.run.gallery


def _step(checkpoint: Path) -> str:
    return checkpoint.name.rpartition("-")[2].lstrip("0") or "0"
