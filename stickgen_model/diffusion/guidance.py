"""Classifier-free guidance with a weight per condition, in one batched forward.

Letters of shapes: B batch, T frames, P numbers of a state, G branches.

Rule. Conditions of weight 0 are left out of everything. With `all` the prediction under the
remaining conditions, `without c` the same but for c, and `none` the one under no condition:

    x0 = all + sum over c of (w_c - 1) (all - without c) + (joint - 1) (all - none)

So with every weight 1 it is the conditional prediction (one forward), with every weight 0 the
unconditional one, and only a weight other than 0 and 1 costs a branch. For one condition this is
the usual none + w (all - none). Use `joint` where conditions say the same thing (text and action):
leaving out one of them alone then changes little.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import torch

from datasets_spec.vocabulary import UNLABELLED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from stickgen_model.diffusion.schedule import Denoiser

__all__ = ["GUIDED", "Guidance", "GuidedDenoiser", "drop_conditions", "null_condition"]

GUIDED: Final = ("text", "action", "partner", "camera", "image")
"""Conditions that can be dropped; every other entry (the mask) goes to every branch."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Guidance:
    """Weights of guidance.

    Attributes:
        weights: By condition; one that is not named has weight 1.
        joint: Weight of all conditions together.
        rescale: 0 = off, 1 = the deviation of every clip is that of the conditional prediction.
            Source: Lin et al. (2024), section 3.4.
    """

    weights: Mapping[str, float] = field(default_factory=dict)
    joint: float = 1.0
    rescale: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            ValueError: If a condition is unknown, or a number is out of its range.
        """
        unknown = sorted(set(self.weights) - set(GUIDED))
        if unknown:
            msg = f"expected weights of {GUIDED}, got {unknown}"
            raise ValueError(msg)
        low = min([self.joint, *self.weights.values()])
        if not low >= 0.0 or not 0.0 <= self.rescale <= 1.0:
            msg = f"expected weights >= 0 and a rescale of 0..1, got {low} and {self.rescale}"
            raise ValueError(msg)


def null_condition(value: Tensor) -> Tensor:
    """What stands for "not given": zeros; for ids (integers), UNLABELLED."""
    ids = not value.is_floating_point() and value.dtype != torch.bool
    return torch.full_like(value, UNLABELLED) if ids else torch.zeros_like(value)


def drop_conditions(
    conditions: Mapping[str, Tensor],
    rates: Mapping[str, float],
    *,
    generator: torch.Generator,
    all_rate: float = 0.0,
) -> dict[str, Tensor]:
    """Drop conditions of some clips, so that training sees what guidance asks for.

    Args:
        conditions: Tensors by name, batch first.
        rates: Chance to drop each condition on its own; one that is not named stays.
        generator: On the CPU.
        all_rate: Chance to drop all conditions of a clip together.

    Returns:
        The conditions; entries that are not guided are the same objects.
    """
    some = next(iter(conditions.values()))
    everything_B = torch.rand(some.shape[0], generator=generator) < all_rate
    dropped = dict(conditions)
    for name in GUIDED:  # a fixed order: the same numbers however the mapping was filled
        chance_B = torch.rand(some.shape[0], generator=generator)
        if name not in conditions:
            continue
        value = conditions[name]
        gone = ((chance_B < rates.get(name, 0.0)) | everything_B).to(value.device)
        gone = gone.reshape(-1, *[1] * (value.ndim - 1))
        dropped[name] = torch.where(gone, null_condition(value), value)
    if "viewpoint" in conditions:  # drawn last: without pictures the numbers are the same
        chance_B = torch.rand(some.shape[0], generator=generator)
        view = conditions["viewpoint"]
        gone = ((chance_B < rates.get("viewpoint", 0.0)) | everything_B).to(view.device)
        dropped["viewpoint"] = torch.where(gone[:, None], 0.0, view)
    return dropped


def _branches(present: list[str], guidance: Guidance) -> list[tuple[float, frozenset[str]]]:
    """Factor and left-out conditions of every branch, the conditional one first."""
    zero = frozenset(name for name in present if guidance.weights.get(name, 1.0) == 0.0)
    kept = [name for name in present if name not in zero]
    extra: dict[frozenset[str], float] = {}
    for name in kept:
        out = zero | {name}
        extra[out] = extra.get(out, 0.0) + guidance.weights.get(name, 1.0) - 1.0
    if kept:
        everything = frozenset(present)
        extra[everything] = extra.get(everything, 0.0) + guidance.joint - 1.0
    asked = [(-factor, out) for out, factor in extra.items() if factor != 0.0]
    return [(1.0 - sum(factor for factor, _ in asked), zero), *asked]


class GuidedDenoiser:
    """A denoiser under fixed conditions and guidance.

    Args:
        denoise: The denoiser.
        conditions: Tensors by name, batch first, `mask` (B, T) among them.
        guidance: Weights; None = conditional.
    """

    def __init__(
        self,
        denoise: Denoiser,
        conditions: Mapping[str, Tensor],
        *,
        guidance: Guidance | None = None,
    ) -> None:
        self._denoise = denoise
        self._guidance = Guidance() if guidance is None else guidance
        present = [name for name in GUIDED if name in conditions]
        branches = _branches(present, self._guidance)
        self._factors = [factor for factor, _ in branches]
        self._mask_BT = conditions["mask"]
        self._conditions = {
            name: torch.cat(
                [null_condition(value) if name in out else value for _, out in branches]
            )
            for name, value in conditions.items()
        }

    @property
    def num_branches(self) -> int:
        """Forwards a clip and step, done in one batch."""
        return len(self._factors)

    def __call__(self, x_BTP: Tensor, t_B: Tensor) -> Tensor:
        """The guided clean clip, shape (B, T, P), zero on padded frames."""
        count = self.num_branches
        mask = self._mask_BT[..., None]
        stacked = self._denoise(x_BTP.repeat(count, 1, 1), t_B.repeat(count), self._conditions)
        first, *others = torch.where(mask.repeat(count, 1, 1), stacked.float(), 0.0).chunk(count)
        if not others:
            return first
        guided = self._factors[0] * first
        for factor, other in zip(self._factors[1:], others, strict=True):
            guided = guided + factor * other
        return self._rescaled(guided, first)

    def _rescaled(self, guided_BTP: Tensor, conditional_BTP: Tensor) -> Tensor:
        if not self._guidance.rescale:
            return guided_BTP
        ratio = _deviation(conditional_BTP, self._mask_BT) / _deviation(guided_BTP, self._mask_BT)
        share = self._guidance.rescale
        return guided_BTP * (share * ratio + (1.0 - share))


def _deviation(x_BTP: Tensor, mask_BT: Tensor) -> Tensor:
    """Deviation of all numbers of a clip's real frames, shape (B, 1, 1)."""
    weight = mask_BT[..., None].to(x_BTP.dtype)
    count = weight.sum(dim=(1, 2), keepdim=True).clamp(min=1.0) * x_BTP.shape[-1]
    mean = (x_BTP * weight).sum(dim=(1, 2), keepdim=True) / count
    variance = ((x_BTP - mean).square() * weight).sum(dim=(1, 2), keepdim=True) / count
    return variance.sqrt().clamp(min=1e-6)
