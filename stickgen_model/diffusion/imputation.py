"""Parts of a clip that are given: put in, at its noise level, before every step, and exact at last.

Letters of shapes: B batch, T frames, P numbers of a state, S gaps.

Putting in alone leaves the free part half unaware of the given one (Song et al. 2021; measured in
the tests on Gaussian data); `steering` makes it aware.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from stickgen_model.state_moments import DX

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["Known", "PathGaps"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class PathGaps:
    """Stretches without a known step whose two ends have a known place.

    Attributes:
        number_BT: Gap that the step of a frame belongs to, int64, shape (B, T); -1 = none.
        counts_BS: Steps of each gap, shape (B, S), float32; 1 for a gap that is not there.
        totals_BS: Sum of the z-scored steps over each gap, shape (B, S), float32.
    """

    number_BT: Tensor
    counts_BS: Tensor
    totals_BS: Tensor

    def lacking(self, x0_BTP: Tensor, *, homogeneous: bool = False) -> Tensor:
        """What each step must be given for the ways to be right, shape (B, T); the least change.

        Args:
            x0_BTP: Clean states, shape (B, T, P).
            homogeneous: True takes the ways as zero, which makes it a projection.
        """
        inside_BT = self.number_BT >= 0
        number_BT = self.number_BT.clamp(min=0)
        steps_BT = torch.where(inside_BT, x0_BTP[..., DX], 0.0)
        sums_BS = torch.zeros_like(self.totals_BS).scatter_add(1, number_BT, steps_BT)
        wanted_BS = torch.zeros_like(self.totals_BS) if homogeneous else self.totals_BS
        each_BS = (wanted_BS - sums_BS) / self.counts_BS
        return torch.where(inside_BT, each_BS.gather(1, number_BT), 0.0)

    def to(self, device: torch.device | str) -> PathGaps:
        """The gaps on another device."""
        return PathGaps(
            number_BT=self.number_BT.to(device),
            counts_BS=self.counts_BS.to(device),
            totals_BS=self.totals_BS.to(device),
        )


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Known:
    """What is given of every clip of a batch.

    Attributes:
        values_BTP: z-scored states, shape (B, T, P); anything where not known.
        mask_BTP: True where a number is known, shape (B, T, P).
        gaps: The way of the pelvis between known places, if there is any.
    """

    values_BTP: Tensor
    mask_BTP: Tensor
    gaps: PathGaps | None = None

    def __post_init__(self) -> None:
        """Refuse what does not fit.

        Raises:
            ValueError: If the shapes differ, or a known number is not finite.
        """
        if self.values_BTP.shape != self.mask_BTP.shape or self.mask_BTP.dtype != torch.bool:
            msg = (
                f"expected values and a bool mask of one shape, got {tuple(self.values_BTP.shape)}"
                f" and {self.mask_BTP.dtype} {tuple(self.mask_BTP.shape)}"
            )
            raise ValueError(msg)
        if not bool(torch.isfinite(self.values_BTP[self.mask_BTP]).all()):
            msg = "expected finite numbers where the mask says known, got NaN or infinity"
            raise ValueError(msg)

    def to(self, device: torch.device | str) -> Known:
        """The same on another device."""
        gaps = None if self.gaps is None else self.gaps.to(device)
        return Known(
            values_BTP=self.values_BTP.to(device), mask_BTP=self.mask_BTP.to(device), gaps=gaps
        )

    def residual(self, x0_BTP: Tensor) -> Tensor:
        """The least change that makes clean clips agree with what is known, shape (B, T, P)."""
        own = torch.where(self.mask_BTP, self.values_BTP - x0_BTP, 0.0)
        return own if self.gaps is None else _add_step(own, self.gaps.lacking(x0_BTP))

    def project(self, x_BTP: Tensor) -> Tensor:
        """The part of numbers that what is known speaks about, shape (B, T, P)."""
        own = torch.where(self.mask_BTP, x_BTP, 0.0)
        if self.gaps is None:
            return own
        return _add_step(own, -self.gaps.lacking(x_BTP, homogeneous=True))

    def put_clean(self, x0_BTP: Tensor) -> Tensor:
        """Clean clips with the known part in, shape (B, T, P)."""
        clean = torch.where(self.mask_BTP, self.values_BTP, x0_BTP)
        return clean if self.gaps is None else _add_step(clean, self.gaps.lacking(clean))

    def put_noisy(self, x_BTP: Tensor, *, noise_BTP: Tensor, alpha: float, sigma: float) -> Tensor:
        """Noisy clips with the known part in, at the same noise level, shape (B, T, P)."""
        noisy = alpha * self.values_BTP + sigma * noise_BTP
        return torch.where(self.mask_BTP, noisy, x_BTP)

    def within(self, mask_BT: Tensor) -> Known:
        """The same without padded frames."""
        mask = self.mask_BTP & mask_BT[..., None]
        values = torch.where(mask, self.values_BTP, 0.0)
        return Known(values_BTP=values, mask_BTP=mask, gaps=self.gaps)


def _add_step(x_BTP: Tensor, step_BT: Tensor) -> Tensor:
    """Add to the pelvis step alone."""
    unit_P = torch.zeros_like(x_BTP[0, 0])
    unit_P[DX] = 1.0
    return x_BTP + step_BT[..., None] * unit_P
