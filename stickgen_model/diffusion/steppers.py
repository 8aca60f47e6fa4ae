"""One step of a sampler from noise level t down to s, given the predicted clean clip.

Letters of shapes: B batch, T frames, P numbers of a state. alpha and sigma as in `schedule`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import torch

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from stickgen_model.diffusion.schedule import Schedule

__all__ = ["METHODS", "Level", "Stepper", "make_stepper"]

METHODS: Final = ("ddim", "dpm", "euler", "heun", "one_step")


@dataclass(frozen=True, slots=True)
class Level:
    """A noise level and its shares, in double precision."""

    t: float
    alpha: float
    sigma: float

    @classmethod
    def of(cls, schedule: Schedule, t: float) -> Level:
        """The level t of a schedule."""
        exact = torch.tensor(t, dtype=torch.float64)
        return cls(t, float(schedule.alpha(exact)), float(schedule.sigma(exact)))

    @property
    def half_log_snr(self) -> float:
        """log(alpha / sigma): minus infinity at pure noise, infinity at the clean clip."""
        if self.alpha == 0.0:
            return -math.inf
        return math.inf if self.sigma == 0.0 else math.log(self.alpha / self.sigma)


class Stepper(Protocol):
    """A sampler's step; it may remember the steps before."""

    def step(
        self,
        x_BTP: Tensor,
        x0_BTP: Tensor,
        *,
        here: Level,
        there: Level,
        noise: Callable[[], Tensor],
        predict: Callable[[Tensor, Level], Tensor],
    ) -> Tensor:
        """Clips at level `there`.

        Args:
            x_BTP: Clips at level `here`, shape (B, T, P).
            x0_BTP: Their predicted clean form, shape (B, T, P).
            here: Level of the clips, t > 0.
            there: Lower level.
            noise: Draws fresh normal numbers, shape (B, T, P).
            predict: Another prediction, for methods that need two a step.
        """

    def forget(self) -> None:
        """Forget the steps before: the clips did not come from them."""


class _Ddim:
    """Source: Song et al. (2021), eq. 12, written for any alpha and sigma; eta = 1 is ancestral."""

    def __init__(self, eta: float) -> None:
        self._eta = eta

    def step(
        self,
        x_BTP: Tensor,
        x0_BTP: Tensor,
        *,
        here: Level,
        there: Level,
        noise: Callable[[], Tensor],
        predict: Callable[[Tensor, Level], Tensor],  # noqa: ARG002
    ) -> Tensor:
        found = (x_BTP - here.alpha * x0_BTP) / here.sigma
        # what the clip at `there` would have to be noised with to become the one at `here`
        between = here.sigma**2 - (here.alpha / there.alpha * there.sigma) ** 2
        fresh = self._eta * there.sigma / here.sigma * math.sqrt(max(between, 0.0))
        kept = math.sqrt(max(there.sigma**2 - fresh**2, 0.0))
        x_BTP = there.alpha * x0_BTP + kept * found
        return x_BTP + fresh * noise() if fresh else x_BTP

    def forget(self) -> None:
        pass


class _Dpm:
    """DPM-Solver++ 2M with data prediction. Source: Lu et al. (2022), algorithm 2."""

    def __init__(self) -> None:
        self._before: tuple[Tensor, Level] | None = None

    def step(
        self,
        x_BTP: Tensor,
        x0_BTP: Tensor,
        *,
        here: Level,
        there: Level,
        noise: Callable[[], Tensor],  # noqa: ARG002
        predict: Callable[[Tensor, Level], Tensor],  # noqa: ARG002
    ) -> Tensor:
        data = x0_BTP
        # from pure noise and down to the clean clip the log-SNR step is infinite: first order there
        if self._before is not None and there.sigma and self._before[1].alpha:
            last_x0, last = self._before
            now_step = there.half_log_snr - here.half_log_snr
            last_step = here.half_log_snr - last.half_log_snr
            data = x0_BTP + 0.5 * now_step / last_step * (x0_BTP - last_x0)
        self._before = (x0_BTP, here)
        ratio = there.sigma / here.sigma
        # alpha_s (1 - exp(-h)) without the infinite h at either end
        return ratio * x_BTP + (there.alpha - here.alpha * ratio) * data

    def forget(self) -> None:
        self._before = None


class _Flow:
    """Euler, or Heun (two predictions a step), along the straight path of flow matching."""

    def __init__(self, *, second_order: bool) -> None:
        self._second_order = second_order

    def step(
        self,
        x_BTP: Tensor,
        x0_BTP: Tensor,
        *,
        here: Level,
        there: Level,
        noise: Callable[[], Tensor],  # noqa: ARG002
        predict: Callable[[Tensor, Level], Tensor],
    ) -> Tensor:
        slope = (x_BTP - x0_BTP) / here.t
        reached = x_BTP + (there.t - here.t) * slope
        if not self._second_order or there.t == 0.0:
            return reached
        ahead = (reached - predict(reached, there)) / there.t
        return x_BTP + (there.t - here.t) * 0.5 * (slope + ahead)

    def forget(self) -> None:
        pass


def make_stepper(method: str, *, schedule: Schedule, eta: float = 0.0) -> Stepper:
    """The step of a method.

    Raises:
        ValueError: If there is no such method, or it does not go with the schedule.
    """
    if method in ("ddim", "one_step"):
        return _Ddim(eta)
    if method == "dpm":
        return _Dpm()
    if method not in METHODS:
        msg = f"expected a sampler of {METHODS}, got {method!r}"
        raise ValueError(msg)
    if schedule.name != "flow":
        msg = f"{method}: expected the flow schedule, got {schedule.name!r}; use ddim or dpm"
        raise ValueError(msg)
    return _Flow(second_order=method == "heun")
