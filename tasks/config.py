"""The configuration of a dataset build: checked whole before any work starts."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal

from annotated_types import Ge, Gt, Le, Lt, MinLen

from datasets_spec.schema import MAX_FRAMES

__all__ = [
    "BuildConfig",
    "CurateConfig",
    "RetargetConfig",
    "ScoreConfig",
    "SourceConfig",
    "SourceName",
    "StoryBackendName",
    "StoryConfig",
    "SynthesisConfig",
]

SourceName = Literal["amass", "100style", "interhuman", "ntu", "bvh"]
StoryBackendName = Literal["grammar", "ollama", "grok"]
_OPTION: Final = re.compile("[a-z][a-z0-9_]{0,39}")
SCENES_A_STORY: Final = 5
"""Scenes that a story gives on average, for dividing `synthetic`."""
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
class StoryConfig:
    """Who tells the stories, and how it is asked."""

    backend: StoryBackendName = "grammar"
    """grammar: built in, needs nothing; ollama: a local server; grok: xAI, key from XAI_API_KEY."""
    model: str = ""
    """Name of the model; empty = llama3.1 (ollama), grok-4 (grok)."""
    host: str = ""
    """Address; empty = OLLAMA_HOST, or the usual one of the backend."""
    theme: str = ""
    """What stories should be about; empty = anything."""
    temperature: Annotated[float, Ge(0.0), Le(2.0)] = 0.9
    timeout_s: Annotated[float, Gt(0.0), Le(3600.0)] = 180.0
    """For one reply, seconds."""
    concurrency: Annotated[int, Ge(1), Le(64)] = 2
    """Calls in flight at a time."""
    cache: str = ""
    """Folder of replies; empty = in the working folder. Keep it to rebuild without calls."""
    options: dict[str, float] = field(default_factory=dict)
    """ollama: options of the model by name, such as num_ctx, top_p, repeat_penalty."""

    def __post_init__(self) -> None:
        _need(0.0 <= self.temperature <= 2.0, "temperature in 0..2", self.temperature)
        _need(0.0 < self.timeout_s <= 3600.0, "timeout_s in (0, 3600]", self.timeout_s)
        _need(1 <= self.concurrency <= 64, "concurrency in 1..64", self.concurrency)
        _need(len(self.theme) <= 200, "a theme of at most 200 characters", self.theme)
        known = all(_OPTION.fullmatch(name) for name in self.options)
        _need(known, "options named in lower case, such as num_ctx", self.options)


@dataclass(frozen=True, kw_only=True, slots=True)
class SynthesisConfig:
    """Motion that nobody recorded."""

    procedural: Annotated[int, Ge(0), Le(10_000_000)] = 0
    """Procedural scenes of one to three people, each up to 10 s."""
    stories: Annotated[int, Ge(0), Le(1_000_000)] = 0
    """Stories; each gives several scenes."""
    synthetic: Annotated[int, Ge(0), Le(10_000_000)] = 0
    """So many scenes more, divided by `story_share` between procedural ones and stories."""
    story_share: Share = 0.2
    sequence_share: Share = 0.4
    """Scenes with several actions in a row."""
    together_share: Share = 0.2
    """Scenes of people who have to do with one another."""
    style_share: Share = 0.15
    """Clips of one person with a style word."""
    setting_share: Share = 0.15
    """Scenes whose surroundings change the motion."""
    moving_camera_share: Share = 0.5
    """Scenes whose camera moves."""
    story: StoryConfig = field(default_factory=StoryConfig)

    def __post_init__(self) -> None:
        _need(0 <= self.procedural <= 10_000_000, "procedural in 0..10^7", self.procedural)
        _need(0 <= self.stories <= 1_000_000, "stories in 0..10^6", self.stories)
        _need(0 <= self.synthetic <= 10_000_000, "synthetic in 0..10^7", self.synthetic)
        shares = {
            "story_share": self.story_share,
            "sequence_share": self.sequence_share,
            "together_share": self.together_share,
            "style_share": self.style_share,
            "setting_share": self.setting_share,
            "moving_camera_share": self.moving_camera_share,
        }
        for name, share in shares.items():
            _need(0.0 <= share <= 1.0, f"{name} in 0..1", share)
        together = self.sequence_share + self.together_share
        _need(together <= 1.0, "sequence_share + together_share <= 1", together)

    @property
    def num_scenes(self) -> int:
        """Procedural scenes to make."""
        return self.procedural + round(self.synthetic * (1.0 - self.story_share))

    @property
    def num_stories(self) -> int:
        """Stories to tell."""
        return self.stories + math.ceil(self.synthetic * self.story_share / SCENES_A_STORY)


@dataclass(frozen=True, kw_only=True, slots=True)
class BuildConfig:
    """Everything that decides the bytes of a dataset, and how the build runs."""

    sources: tuple[SourceConfig, ...] = ()
    """Empty with sample = false and nothing to synthesise is an error: nothing to build."""
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
    synthesis: SynthesisConfig = field(default_factory=SynthesisConfig)
    retarget: RetargetConfig = field(default_factory=RetargetConfig)
    score: ScoreConfig = field(default_factory=ScoreConfig)
    curate: CurateConfig = field(default_factory=CurateConfig)

    def __post_init__(self) -> None:
        _need(bool(self.out.strip()), "an output folder", self.out)
        _need(0 <= self.seed < 2**32, "seed in 0..2^32-1", self.seed)
        _need(0 <= self.jobs <= 256, "jobs in 0..256", self.jobs)
        _need(bool(self.experiment.strip()), "an experiment name", self.experiment)
        _need(
            bool(self.sources)
            or self.sample
            or self.synthesis.num_scenes + self.synthesis.num_stories > 0,
            "at least one source, sample = true, or something to synthesise",
            {"sources": self.sources, "sample": self.sample},
        )
        _need(math.isfinite(self.score.floor), "a finite score floor", self.score.floor)
