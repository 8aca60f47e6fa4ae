"""The configuration of a dataset build: checked whole before any work starts."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le, Lt, MinLen

from datasets_spec.schema import MAX_FRAMES

__all__ = [
    "BuildConfig",
    "CurateConfig",
    "RetargetConfig",
    "ScoreConfig",
    "SourceConfig",
    "SourceName",
]

SourceName = Literal["amass", "100style", "interhuman", "ntu", "bvh"]
Share = Annotated[float, Ge(0.0), Le(1.0)]
PositiveShare = Annotated[float, Gt(0.0), Le(1.0)]
# the limits are stated twice: here for the form that Prefect makes of them, and in __post_init__
# for everybody who builds a configuration in Python


def _need(ok: bool, what: str, got: object) -> None:  # noqa: FBT001 - a check reads best this way
    if not ok:
        msg = f"expected {what}, got {got!r}"
        raise ValueError(msg)


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceConfig:
    """One folder of one source, with its optional side files."""

    name: SourceName
    path: Annotated[str, MinLen(1)]
    body_model: str = ""
    """amass, interhuman pkl: folder of SMPL model files; empty = the generic body."""
    babel: str = ""
    """amass: folder with BABEL's json files."""
    humanml3d: str = ""
    """amass: folder with HumanML3D's index.csv and texts."""
    captions: str = ""
    """bvh: CSV with motion_id,description; empty = captions.csv in the folder if there is one."""
    rig: str = ""
    """bvh: file that maps an unknown rig; empty = presets only."""
    missing_list: str = ""
    """ntu: a list of sample ids to leave out, beside the published ones."""
    fps_overrides: str = ""
    """amass: CSV with clip_key,fps for files whose rate is known to be wrong."""
    read_pickles: bool = False
    """interhuman: read motions/*.pkl where no npy exists (restricted unpickler)."""

    def __post_init__(self) -> None:
        _need(bool(self.path.strip()), f"a folder for source {self.name}", self.path)


@dataclass(frozen=True, kw_only=True, slots=True)
class RetargetConfig:
    """3D motion to clips."""

    num_views: Annotated[int, Ge(1), Le(8)] = 1
    """Views a window: the automatic one, then others spread around it; 1..8."""
    max_frames: Annotated[int, Ge(50), Le(MAX_FRAMES)] = MAX_FRAMES
    """Longest clip, frames at 25 fps; 50..250."""
    min_frames: Annotated[int, Ge(10), Le(50)] = 10
    """Shortest clip, frames at 25 fps; 10..50."""
    lowpass_hz: Annotated[float, Ge(4.0), Le(12.5)] = 10.0
    """Cut-off of the zero-phase filter before resampling; 4..12.5; sensors use their own."""

    def __post_init__(self) -> None:
        _need(1 <= self.num_views <= 8, "num_views in 1..8", self.num_views)
        _need(50 <= self.max_frames <= MAX_FRAMES, "max_frames in 50..250", self.max_frames)
        _need(10 <= self.min_frames <= 50, "min_frames in 10..50", self.min_frames)
        _need(4.0 <= self.lowpass_hz <= 12.5, "lowpass_hz in 4..12.5", self.lowpass_hz)


@dataclass(frozen=True, kw_only=True, slots=True)
class ScoreConfig:
    """Quality."""

    floor: Share = 0.05
    """Clips below are rejected as low_score; 0..1."""

    def __post_init__(self) -> None:
        _need(0.0 <= self.floor <= 1.0, "floor in 0..1", self.floor)


@dataclass(frozen=True, kw_only=True, slots=True)
class CurateConfig:
    """Near-duplicates, splits and the fine-tuning set."""

    duplicate_distance_h: Annotated[float, Ge(0.0)] = 0.02
    """Clips whose mean joint distance is below this (H) are one motion; 0 = keep all."""
    val_share: Share = 0.08
    test_share: Share = 0.12
    sft_min_score: Share = 0.5
    sft_max_action_share: PositiveShare = 0.25
    """No action exceeds this share of the fine-tuning set."""
    sft_max_source_share: PositiveShare = 0.6
    """No source exceeds this share of it (void if there is only one source)."""

    def __post_init__(self) -> None:
        _need(
            self.duplicate_distance_h >= 0, "duplicate_distance_h >= 0", self.duplicate_distance_h
        )
        _need(
            self.val_share >= 0 and self.test_share >= 0 and self.val_share + self.test_share < 1,
            "val_share + test_share < 1",
            (self.val_share, self.test_share),
        )
        _need(0 <= self.sft_min_score <= 1, "sft_min_score in 0..1", self.sft_min_score)
        _need(0 < self.sft_max_action_share <= 1, "a share in (0, 1]", self.sft_max_action_share)
        _need(0 < self.sft_max_source_share <= 1, "a share in (0, 1]", self.sft_max_source_share)


@dataclass(frozen=True, kw_only=True, slots=True)
class BuildConfig:
    """Everything that decides the bytes of a dataset, and how the build runs."""

    sources: tuple[SourceConfig, ...] = ()
    """Empty with sample = false is an error: there would be nothing to build."""
    sample: bool = False
    """Add the built-in sample: raw folders in every format, made by the project itself."""
    out: Annotated[str, MinLen(1)] = "data"
    """Dataset folder; replaced as a whole when the build succeeds."""
    work: str = ""
    """Working folder; empty = a hidden sibling of `out`."""
    seed: Annotated[int, Ge(0), Lt(2**32)] = 0
    jobs: Annotated[int, Ge(0), Le(256)] = 0
    """Worker processes; 0 = one a core. Never changes a byte of the result."""
    runner: Literal["process", "thread"] = "process"
    experiment: Annotated[str, MinLen(1)] = "build-dataset"
    """MLflow experiment."""
    retarget: RetargetConfig = field(default_factory=RetargetConfig)
    score: ScoreConfig = field(default_factory=ScoreConfig)
    curate: CurateConfig = field(default_factory=CurateConfig)

    def __post_init__(self) -> None:
        _need(bool(self.out.strip()), "an output folder", self.out)
        _need(0 <= self.seed < 2**32, "seed in 0..2^32-1", self.seed)
        _need(0 <= self.jobs <= 256, "jobs in 0..256", self.jobs)
        _need(bool(self.experiment.strip()), "an experiment name", self.experiment)
        _need(
            bool(self.sources) or self.sample,
            "at least one source, or sample = true",
            {"sources": self.sources, "sample": self.sample},
        )
        _need(math.isfinite(self.score.floor), "a finite score floor", self.score.floor)
