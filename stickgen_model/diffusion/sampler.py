"""From noise to clips: any method, guidance, imputation, clips of several lengths in one batch.

Letters of shapes: B batch, T frames, P numbers of a state.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import torch

from datasets_spec.skeleton import POSE_DIM
from stickgen_model.diffusion.guidance import Guidance, GuidedDenoiser
from stickgen_model.diffusion.noise import NoiseSource, frame_mask
from stickgen_model.diffusion.schedule import time_grid
from stickgen_model.diffusion.steering import steer
from stickgen_model.diffusion.steppers import METHODS, Level, make_stepper

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from stickgen_model.diffusion.imputation import Known
    from stickgen_model.diffusion.schedule import Denoiser, Schedule
    from stickgen_model.diffusion.steppers import Stepper

__all__ = ["SampleRequest", "SamplerConfig", "sample"]


@dataclass(frozen=True, kw_only=True, slots=True)
class SamplerConfig:
    """How to sample.

    Attributes:
        method: ddim, dpm (DPM-Solver++ 2M), euler and heun (flow only), one_step (the clean clip
            straight from noise: `diffusion: disabled`).
        steps: Steps; one_step has one.
        eta: Fresh noise of ddim: 0 = none, 1 = ancestral.
        steer: Backward passes a step that bend the free part towards what is known; exact for
            Gaussian data when there are enough. 0 for a denoiser without gradients.
        rounds: Times every step is done where something is known, with fresh noise in between:
            the way to agree without gradients, slower and less exact (Lugmayr et al. 2022).
        guidance: Weights of the conditions.
    """

    method: str = "dpm"
    steps: int = 10
    eta: float = 0.0
    steer: int = 4
    rounds: int = 1
    guidance: Guidance = field(default_factory=Guidance)

    def __post_init__(self) -> None:
        """Refuse what cannot be run.

        Raises:
            ValueError: If a value is out of its range.
        """
        if self.method not in METHODS:
            msg = f"expected a sampler of {METHODS}, got {self.method!r}"
            raise ValueError(msg)
        if min(self.steps, self.rounds, self.steer + 1) < 1 or not 0.0 <= self.eta <= 1.0:
            msg = (
                "expected steps >= 1, rounds >= 1, steer >= 0 and eta of 0..1, "
                f"got {self.steps}, {self.rounds}, {self.steer} and {self.eta}"
            )
            raise ValueError(msg)

    @property
    def num_steps(self) -> int:
        """Steps really taken."""
        return 1 if self.method == "one_step" else self.steps


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class SampleRequest:
    """Which clips are wanted.

    Attributes:
        lengths: Frames of each clip, B of them.
        seeds: One per clip: the clip follows from it, from its length and from its conditions.
        conditions: Tensors by name, batch first, frames second where they go by frame.
        known: Given parts, of shape (B, T, P) with T = the longest clip.
        device: Where the denoiser computes.
        dim: P.
    """

    lengths: tuple[int, ...]
    seeds: tuple[int, ...]
    conditions: Mapping[str, Tensor] = field(default_factory=dict)
    known: Known | None = None
    device: torch.device | str = "cpu"
    dim: int = POSE_DIM

    def __post_init__(self) -> None:
        """Refuse a request whose parts do not fit together.

        Raises:
            ValueError: If the numbers of clips differ, a clip has no frame, or `known` is of
                another shape.
        """
        batch = len(self.lengths)
        sizes = {name: value.shape[0] for name, value in self.conditions.items()}
        if not batch or min(self.lengths) < 1 or len(self.seeds) != batch:
            msg = f"expected lengths >= 1 and as many seeds, got {self.lengths} and {self.seeds}"
            raise ValueError(msg)
        if set(sizes.values()) - {batch}:
            msg = f"expected conditions of {batch} clips, got {sizes}"
            raise ValueError(msg)
        want = (batch, max(self.lengths), self.dim)
        if self.known is not None and tuple(self.known.values_BTP.shape) != want:
            msg = f"expected known of shape {want}, got {tuple(self.known.values_BTP.shape)}"
            raise ValueError(msg)

    def noise_source(self) -> NoiseSource:
        """The streams of random numbers, at their beginning."""
        return NoiseSource(self.seeds, dim=self.dim, device=self.device)


class _Run:
    """One sampling run: the state that all steps share."""

    def __init__(
        self,
        denoise: Denoiser,
        request: SampleRequest,
        *,
        schedule: Schedule,
        config: SamplerConfig,
        noise: NoiseSource,
    ) -> None:
        self._noise, self._lengths = noise, request.lengths
        mask = frame_mask(request.lengths).to(request.device)
        self._known: Known | None = None
        if request.known is not None:
            self._known = request.known.to(request.device).within(mask)
        self._rounds = 1 if self._known is None else config.rounds
        self._steer = config.steer
        conditions = {**request.conditions, "mask": mask}
        self._model = GuidedDenoiser(denoise, conditions, guidance=config.guidance)
        self._stepper: Stepper = make_stepper(config.method, schedule=schedule, eta=config.eta)
        self._levels = [Level.of(schedule, t) for t in time_grid(schedule, config.num_steps)]
        self._known_noise = self._draw()

    def _draw(self) -> Tensor:
        return self._noise.draw(self._lengths)

    def _predict(self, x_BTP: Tensor, level: Level) -> Tensor:
        t_B = torch.full((x_BTP.shape[0],), level.t, device=x_BTP.device)
        if self._known is None:
            return self._model(x_BTP, t_B)
        if not self._steer or not level.alpha:  # pure noise: the clip does not depend on it
            return self._known.put_clean(self._model(x_BTP, t_B))
        return steer(
            lambda x: self._model(x, t_B),
            x_BTP,
            known=self._known,
            level=level,
            iterations=self._steer,
        )

    def _put_in(self, x_BTP: Tensor, level: Level) -> Tensor:
        if self._known is None:
            return x_BTP
        noise = self._known_noise
        return self._known.put_noisy(x_BTP, noise_BTP=noise, alpha=level.alpha, sigma=level.sigma)

    def _back(self, x_BTP: Tensor, *, here: Level, there: Level) -> Tensor:
        """Noise clips of level `there` up to `here` again."""
        share = here.alpha / there.alpha
        fresh = math.sqrt(max(here.sigma**2 - (share * there.sigma) ** 2, 0.0))
        self._known_noise = self._draw()
        self._stepper.forget()
        return share * x_BTP + fresh * self._draw()

    def finish(self) -> Tensor:
        x_BTP = self._draw()
        for here, there in pairwise(self._levels):
            # pure noise keeps nothing of a round: doing it again would change nothing
            rounds = self._rounds if here.alpha else 1
            for turn in range(rounds):
                x_BTP = self._put_in(x_BTP, here)
                x_BTP = self._stepper.step(
                    x_BTP,
                    self._predict(x_BTP, here),
                    here=here,
                    there=there,
                    noise=self._draw,
                    predict=self._predict,
                )
                if turn + 1 < rounds:
                    x_BTP = self._back(x_BTP, here=here, there=there)
        return x_BTP if self._known is None else self._known.put_clean(x_BTP)


def sample(
    denoise: Denoiser,
    request: SampleRequest,
    *,
    schedule: Schedule,
    config: SamplerConfig,
    noise: NoiseSource | None = None,
) -> Tensor:
    """Sample clips.

    Args:
        denoise: Predicts the clean clip.
        request: Which clips; a clip does not depend on the others of its batch.
        schedule: The one that the denoiser was trained with.
        config: Method, steps, guidance.
        noise: Streams that go on from an earlier run; None = from the seeds.

    Returns:
        z-scored states, shape (B, T, P) with T the longest clip, float32, zero on padded frames;
        known numbers are exact.

    Raises:
        ValueError: If method, steps and schedule do not go together.
    """
    source = request.noise_source() if noise is None else noise
    with torch.no_grad():
        run = _Run(denoise, request, schedule=schedule, config=config, noise=source)
        return run.finish()
