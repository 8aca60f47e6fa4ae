"""What a run comes to, as printed, kept in its folder and shown in Prefect."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from datasets_spec.quality import QUALITY_SCORE
from tasks.score.figure import BONE_VARIATION, MOTION_ENERGY

if TYPE_CHECKING:
    from tasks.train.plan import TrainPlan
    from tasks.train.run import JudgedRun, TrainOutcome

__all__ = ["TrainSummary", "summarise_run", "summary_markdown", "summary_metrics"]


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainSummary:
    """What a run did, and where to look."""

    out: str
    stage: str
    variant: str
    checkpoint: str
    """The best one."""
    step: int
    rows: tuple[tuple[str, str], ...]
    """Name and value, to be shown."""
    samples: tuple[str, ...]
    gallery: str
    """Page of prompts by checkpoints; empty where none was wanted."""
    docs: str
    seconds: float
    tracking_uri: str
    run_id: str

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def summary_metrics(judged: JudgedRun) -> dict[str, float]:
    """Numbers of the result for the tracked run."""
    numbers = {f"result/{name}": value for name, value in judged.medians.items()}
    if judged.loss is not None:
        numbers |= {"result/first_loss": judged.loss[1], "result/last_loss": judged.loss[2]}
    return numbers


def summarise_run(
    plan: TrainPlan,
    outcome: TrainOutcome,
    judged: JudgedRun,
    *,
    seconds: float,
    tracked: tuple[str, str],
    gallery: str = "",
) -> TrainSummary:
    """Put a summary together; `tracked` is the address of the store and the id of the run."""
    rows = []
    if judged.loss is not None:
        name, first, last = judged.loss
        rows.append((f"loss ({name})", f"{first:.4f} at first, {last:.4f} at last"))
    rate, frames = (judged.speed[f"system/{kind}_per_s"] for kind in ("clips", "frames"))
    rows.append(("speed", f"{rate:.1f} clips/s, {frames:.0f} frames/s"))
    memory = [f"{judged.speed['system/peak_rss'] / 2**30:.2f} GiB"]
    if "system/peak_cuda" in judged.speed:
        memory.append(f"{judged.speed['system/peak_cuda'] / 2**30:.2f} GiB on the GPU")
    rows.append(("peak memory", ", ".join(memory)))
    for name, text in (
        (QUALITY_SCORE, "quality score"),
        (BONE_VARIATION, "variation of bones"),
        (MOTION_ENERGY, "motion energy, H/s"),
    ):
        made, real = judged.medians[name], judged.medians[f"real_{name}"]
        rows.append((text, f"{made:.3f} generated, {real:.3f} real (medians)"))
    if outcome.skipped:
        rows.append(("steps without a finite gradient", str(outcome.skipped)))
    return TrainSummary(
        out=str(plan.run.root),
        stage=plan.job.stage,
        variant=plan.config.variant,
        checkpoint=outcome.best,
        step=outcome.step,
        rows=tuple(rows),
        samples=tuple(str(path) for path in sorted(plan.run.samples.glob("*.png"))),
        gallery=gallery,
        docs=str(plan.run.docs / "index.html"),
        seconds=round(seconds, 1),
        tracking_uri=tracked[0],
        run_id=tracked[1],
    )


def summary_markdown(summary: TrainSummary) -> str:
    """A page for the Prefect UI."""
    lines = [
        f"# {summary.stage} {summary.variant}: {summary.step} steps",
        "",
        "| | |",
        "|---|---|",
        *(f"| {name} | {value} |" for name, value in summary.rows),
        f"| best checkpoint | `{summary.checkpoint}` |",
        f"| MLflow run | `{summary.run_id}` in `{summary.tracking_uri}` |",
        f"| gates | `{summary.docs}` |",
        "",
        *([f"- gallery: `{summary.gallery}`"] if summary.gallery else []),
        *(f"- samples: `{path}`" for path in summary.samples),
    ]
    return "\n".join(lines) + "\n"
