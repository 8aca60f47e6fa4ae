"""Bend a predicted clean clip towards what is known of it, through the denoiser's own gradient.

Letters of shapes: B batch, T frames, P numbers of a state.

With x0 the ideal prediction at level t, the covariance of the clean clip given the noisy one is
C = sigma^2 / alpha * d x0 / d x_t (second-order Tweedie formula), so that

    E[clean | noisy, known] = x0 + C K' (K C K')^-1 (known - K x0)

is exact where that distribution is Gaussian. The inverse is applied by conjugate gradients, one
backward pass each. Source: Boys et al. (2024), Tweedie moment projected diffusions, which
approximates the inverse by a diagonal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import torch

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from stickgen_model.diffusion.imputation import Known
    from stickgen_model.diffusion.steppers import Level

__all__ = ["steer"]

DAMPING: Final = 0.003
"""Doubt about what is known, as a share of what the noise leaves open of a number of variance 1,
sigma^2 / (alpha^2 + sigma^2): keeps the solution small where a gradient is nearly singular."""


def _dot(a_BTP: Tensor, b_BTP: Tensor) -> Tensor:
    return (a_BTP * b_BTP).sum(dim=(1, 2), keepdim=True)


def steer(
    predict: Callable[[Tensor], Tensor],
    x_BTP: Tensor,
    *,
    known: Known,
    level: Level,
    iterations: int,
) -> Tensor:
    """Predict the clean clips, given the noisy ones and what is known.

    Args:
        predict: Clean clips of noisy ones, differentiable, shape (B, T, P) both.
        x_BTP: Noisy clips at `level`, shape (B, T, P).
        known: What is known.
        level: Noise level, 0 < t < 1.
        iterations: Conjugate gradient steps, one backward pass each.

    Returns:
        Shape (B, T, P), detached; known numbers exact.

    Raises:
        ValueError: If the prediction carries no gradient.
    """
    with torch.enable_grad():
        x_BTP = x_BTP.detach().requires_grad_()
        x0_BTP = predict(x_BTP)
    if not x0_BTP.requires_grad:
        msg = "expected a denoiser with a gradient, got one without; set steer=0"
        raise ValueError(msg)
    scale = level.sigma**2 / level.alpha
    damping = DAMPING * level.sigma**2 / (level.alpha**2 + level.sigma**2)
    residual = known.residual(x0_BTP.detach())
    direction, moved = residual, torch.zeros_like(residual)
    size = _dot(residual, residual)
    for turn in range(iterations):
        (gradient,) = torch.autograd.grad(
            x0_BTP, x_BTP, direction, retain_graph=turn + 1 < iterations
        )
        spread = scale * gradient
        answer = known.project(spread) + damping * direction
        curvature = _dot(direction, answer)
        # a network's gradient need not be that of a distribution: stop where it bends the wrong way
        usable = (curvature > 0) & (size > 0)
        length = torch.where(usable, size / torch.where(usable, curvature, 1.0), 0.0)
        moved = moved + length * spread
        residual = residual - length * answer
        previous, size = size, _dot(residual, residual)
        ratio = torch.where(usable, size / torch.where(usable, previous, 1.0), 0.0)
        direction = residual + ratio * direction
        size = torch.where(usable, size, 0.0)
    return known.put_clean(x0_BTP.detach() + moved)
