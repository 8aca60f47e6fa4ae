"""What a retraining came to, as printed, shown in Prefect and told to whoever is notified."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tasks.retrain.stage import StageOutcome

__all__ = ["RetrainSummary", "retrain_markdown"]


@dataclass(frozen=True, kw_only=True, slots=True)
class RetrainSummary:
    """What a retraining did, and where to look.

    Attributes:
        work: Its working folder.
        data: The dataset folder.
        fingerprint: Of the dataset.
        model: Checkpoint of the candidate.
        stages: In their order.
        seconds: In all.
        promoted: Whether the candidate is a new champion; None if it was not judged now.
        decision: Version of the candidate, what was decided and why, one line each.
        report: Page about its evaluation; empty if there is none.
    """

    work: str
    data: str
    fingerprint: str
    model: str
    stages: tuple[StageOutcome, ...]
    seconds: float
    promoted: bool | None = None
    decision: tuple[str, ...] = ()
    report: str = ""

    @property
    def done(self) -> tuple[str, ...]:
        """Stages that were done now."""
        return tuple(stage.name for stage in self.stages if not stage.skipped)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def retrain_markdown(summary: RetrainSummary) -> str:
    """A page for the Prefect UI."""
    lines = [
        "# retrain: " + (", ".join(summary.done) or "nothing changed"),
        "",
        "| stage | | seconds | result |",
        "|---|---|---:|---|",
        *(
            f"| {stage.name} | {'there already' if stage.skipped else 'done'} "
            f"| {stage.seconds:.1f} | {_cell(stage.told)} |"
            for stage in summary.stages
        ),
        "",
        f"- dataset `{summary.data}`, fingerprint `{summary.fingerprint[:12]}`",
        f"- candidate `{summary.model}`",
        *([f"- report `{summary.report}`"] if summary.report else []),
        f"- ledger, runs and evaluations: `{summary.work}`",
        "",
        *summary.decision,
    ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", r"\|").split())
