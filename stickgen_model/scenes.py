"""What is asked of generation, and what comes out of it.

Letters of shapes: C scenes, N actors, T frames.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from datasets_spec.schema import CLIP_FPS, MAX_FRAMES
from stickgen_model.diffusion.guidance import Guidance
from stickgen_model.diffusion.noise import frame_mask
from stickgen_model.diffusion.sampler import SamplerConfig
from stickgen_model.limits import MAX_ACTORS, MAX_LONG_FRAMES, MIN_FRAMES
from stickgen_model.motion.smoothing import MAX_SMOOTHING, usual_smoothing
from stickgen_model.training.precision import PRECISIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from stickgen_model.script import ScriptPart

__all__ = ["MIN_FRAMES", "GenerateConfig", "Motions", "checked_prompts"]


@dataclass(frozen=True, kw_only=True, slots=True)
class GenerateConfig:
    """How to generate.

    Attributes:
        seconds: Length of a clip: 0.4 .. 120, made of windows above 10; scenes of several people
            have 10 at most.
        seed: Of everything random; clip number i has a stream of its own.
        steps: Steps of the sampler; more is better up to about 50, time grows with it.
        guidance: Weight of the text against none, or all weights; 1 = plain.
        method: As of `SamplerConfig`; None = dpm, or one_step where the model knows nothing else.
        num_actors: People in a scene; each acts by the same text and sees the one before.
        spacing: Distance between neighbours at the start, H.
        batch_size: Clips at a time.
        precision: Of the model's products: fp32; bf16, which is faster where the hardware
            multiplies it and agrees to about a hundredth; auto = bf16 on such hardware.
        smooth: Frames over which the motion is averaged, 0..10, 0 = as it is sampled; None = what
            takes out the trembling that so few steps leave, see `motion.smoothing`.
    """

    seconds: float = 4.0
    seed: int = 0
    steps: int = 10
    guidance: float | Guidance = 2.5
    method: str | None = None
    num_actors: int = 1
    spacing: float = 0.8
    batch_size: int = 32
    precision: str = "fp32"
    smooth: float | None = None

    def __post_init__(self) -> None:
        """Collect all faults and raise once.

        Raises:
            ValueError: If a value is out of its range.
        """
        checks = (
            (np.isfinite(self.seconds), "a finite number of seconds", self.seconds),
            (self.seed >= 0, "seed >= 0", self.seed),
            (1 <= self.num_actors <= MAX_ACTORS, f"num_actors 1..{MAX_ACTORS}", self.num_actors),
            (np.isfinite(self.spacing), "a finite spacing", self.spacing),
            (self.batch_size >= 1, "batch_size >= 1", self.batch_size),
            (self.precision in PRECISIONS, f"precision of {PRECISIONS}", self.precision),
            (
                self.smooth is None or 0.0 <= self.smooth <= MAX_SMOOTHING,
                f"smooth 0..{MAX_SMOOTHING:g} or None",
                self.smooth,
            ),
        )
        faults = [f"expected {want}, got {got!r}" for ok, want, got in checks if not ok]
        if faults:
            msg = "generate: " + "; ".join(faults)
            raise ValueError(msg)
        self.check_lengths([self.num_frames])
        self.sampler("dpm")

    def check_lengths(self, lengths: Sequence[int]) -> None:
        """Refuse lengths that cannot be made.

        Raises:
            ValueError: If one is out of its range.
        """
        longest = MAX_FRAMES if self.num_actors > 1 else MAX_LONG_FRAMES
        wrong = [length for length in lengths if not MIN_FRAMES <= length <= longest]
        if wrong:
            msg = (
                f"generate: expected {MIN_FRAMES}..{longest} frames ({MIN_FRAMES / CLIP_FPS:g} to "
                f"{longest / CLIP_FPS:g} s) for {self.num_actors} actors, got {wrong}"
            )
            raise ValueError(msg)

    def changed(self, settings: Mapping[str, Any]) -> GenerateConfig:
        """The same with other values by name.

        Raises:
            ValueError: If a name is unknown or a value is out of its range.
        """
        names = [f.name for f in fields(self)]
        unknown = sorted(set(settings) - set(names))
        if unknown:
            msg = f"generate: expected settings of {names}, got {unknown}"
            raise ValueError(msg)
        return replace(self, **settings)

    @property
    def num_frames(self) -> int:
        """Frames of a clip."""
        return round(self.seconds * CLIP_FPS)

    def smoothing(self, default: str) -> float:
        """Frames of smoothing; `default` is the method if none is named."""
        if self.smooth is not None:
            return self.smooth
        return usual_smoothing(self.sampler(default).num_steps)

    def sampler(self, default: str) -> SamplerConfig:
        """Method, steps and weights; `default` is the method if none is named."""
        guidance = self.guidance
        if not isinstance(guidance, Guidance):
            guidance = Guidance(weights={"text": float(guidance)})
        method = default if self.method is None else self.method
        return SamplerConfig(method=method, steps=self.steps, guidance=guidance)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Motions:
    """Generated scenes.

    Attributes:
        joints: Shape (C, N, T, 10, 2), H, x to the right, y up, float32, 25 frames a second; order
            of `datasets_spec.skeleton.JOINTS`; zero on padded frames. The first actors' pelvises
            start around x = 0.
        lengths: Real frames of each scene, C of them.
        prompts: What was asked, C of them.
        seeds: Seeds of the clips, C of them.
        script: Parts of the one scene, where it was made of several.
    """

    joints: NDArray[np.float32]
    lengths: tuple[int, ...]
    prompts: tuple[str, ...]
    seeds: tuple[int, ...]
    fps: int = CLIP_FPS
    script: tuple[ScriptPart, ...] = ()

    @property
    def mask(self) -> NDArray[np.bool_]:
        """True at real frames, shape (C, T)."""
        return np.asarray(frame_mask(self.lengths, self.joints.shape[2]).numpy())

    def __len__(self) -> int:
        return len(self.prompts)

    def clip(self, number: int, *, actor: int = 0) -> NDArray[np.float32]:
        """Joints of one person without padding, shape (T, 10, 2), H."""
        clip: NDArray[np.float32] = self.joints[number, actor, : self.lengths[number]]
        return clip


def checked_prompts(prompts: Sequence[str]) -> tuple[str, ...]:
    """Prompts as a tuple.

    Raises:
        ValueError: If they are no list of sentences, or none.
    """
    if isinstance(prompts, str) or not prompts or not all(isinstance(p, str) for p in prompts):
        msg = f"expected a list of at least one sentence, got {prompts!r}"
        raise ValueError(msg)
    return tuple(prompts)
