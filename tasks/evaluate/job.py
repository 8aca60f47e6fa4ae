"""An evaluation as somebody asks for it: what, on which data, where to."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from datasets_spec.errors import ConfigError
from tasks.evaluate.settings import EvaluationSettings

if TYPE_CHECKING:
    from stickgen_model.evaluate.evaluation import Evaluation

__all__ = ["CARD_FILE", "REPORT_FILE", "EvaluateJob", "EvaluationFiles"]

REPORT_FILE: Final = "report.html"
CARD_FILE: Final = "README.md"


@dataclass(frozen=True, kw_only=True, slots=True)
class EvaluateJob:
    """What is evaluated.

    Attributes:
        model: Checkpoint, run, export or models:/NAME/VERSION; empty = as `stickgen generate`.
        data: Dataset folder.
        out: Folder of what is written.
        judges: Folder of judges; empty = beside the dataset, made there if they are not yet.
        judge_steps: Steps of their training where they are made; 0 = the usual ones.
        champion: The model that is to be beaten, named as `model`; empty = none.
        device: Where models compute: cpu, cuda, ...
        card: Write a model card.
        card_gaps: Tell in the card what is missing, in place of writing none.
        settings: How it is measured.
    """

    model: str = ""
    data: str = "data"
    out: str = "evaluation"
    judges: str = ""
    judge_steps: int = 0
    champion: str = ""
    device: str = "cpu"
    card: bool = True
    card_gaps: bool = False
    settings: EvaluationSettings = field(default_factory=EvaluationSettings)

    def __post_init__(self) -> None:
        """Refuse what cannot be.

        Raises:
            ConfigError: If a value is out of its range.
        """
        if self.judge_steps < 0 or not self.data or not self.out:
            msg = (
                "evaluate: expected data, out and judge_steps >= 0, got "
                f"{self.data!r}, {self.out!r} and {self.judge_steps}"
            )
            raise ConfigError(msg)

    @property
    def judges_folder(self) -> Path:
        """Where the judges are, or will be."""
        if self.judges:
            return Path(self.judges).expanduser()
        data = Path(self.data).expanduser()
        return data.with_name(f"{data.resolve().name}.judges")


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class EvaluationFiles:
    """What an evaluation has left behind.

    Attributes:
        evaluation: What was measured.
        folder: Holds evaluation.json, examples.npz, report.html and README.md, the model card.
        card_fault: Why there is no model card; empty if there is one or none was wanted.
        run_id: Of the tracked run.
        tracking_uri: Its store.
    """

    evaluation: Evaluation
    folder: Path
    card_fault: str
    run_id: str
    tracking_uri: str

    def to_dict(self) -> dict[str, Any]:
        """Where things are, as plain values."""
        return {
            "folder": str(self.folder),
            "card_fault": self.card_fault,
            "run_id": self.run_id,
            "tracking_uri": self.tracking_uri,
        }
