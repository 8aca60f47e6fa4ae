"""Clips longer than the model's window: windows that overlap, each given the end of the last.

Letters of shapes: B batch, T frames, P numbers of a state.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import torch

from datasets_spec.schema import MAX_FRAMES
from stickgen_model.diffusion.imputation import Known
from stickgen_model.diffusion.sampler import SampleRequest, sample

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from stickgen_model.diffusion.noise import NoiseSource
    from stickgen_model.diffusion.sampler import SamplerConfig
    from stickgen_model.diffusion.schedule import Denoiser, Schedule

__all__ = ["PER_FRAME", "WindowConfig", "sample_long"]

PER_FRAME: Final = frozenset({"action", "partner", "camera"})
"""Conditions whose second axis is frames: a window gets its part."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WindowConfig:
    """Frames of a window, and how many of them are given by the window before."""

    frames: int = MAX_FRAMES
    overlap: int = 25

    def __post_init__(self) -> None:
        """Refuse windows that do not advance.

        Raises:
            ValueError: If the overlap is below 1 or not below the frames.
        """
        if not 1 <= self.overlap < self.frames:
            msg = f"expected 1 <= overlap < frames, got {self.overlap} of {self.frames}"
            raise ValueError(msg)


def sample_long(
    denoise: Denoiser,
    request: SampleRequest,
    *,
    schedule: Schedule,
    config: SamplerConfig,
    window: WindowConfig | None = None,
) -> Tensor:
    """Sample clips of any length.

    Args:
        denoise: Predicts the clean clip.
        request: Which clips; conditions named in `PER_FRAME` go over all frames.
        schedule: The one that the denoiser was trained with.
        config: Method, steps, guidance.
        window: Frames and overlap of the windows.

    Returns:
        As of `sample`. Clips that fit into one window are what `sample` gives.

    Raises:
        ValueError: If a way between known places (`Known.gaps`) is asked of long clips.
    """
    window = WindowConfig() if window is None else window
    total = max(request.lengths)
    if total <= window.frames:
        return sample(denoise, request, schedule=schedule, config=config)
    if request.known is not None and request.known.gaps is not None:
        msg = f"expected clips of at most {window.frames} frames to join places, got {total}"
        raise ValueError(msg)
    source = request.noise_source()
    result = torch.zeros(len(request.lengths), total, request.dim, device=request.device)
    start = 0
    while start == 0 or start + window.overlap < total:
        given = window.overlap if start else 0
        rows = [i for i, length in enumerate(request.lengths) if length > start + given]
        part = _window_request(request, result, rows=rows, start=start, given=given, window=window)
        noise: NoiseSource = source.select(rows)
        states = sample(denoise, part, schedule=schedule, config=config, noise=noise)
        result[rows, start : start + states.shape[1]] = states
        start += window.frames - window.overlap
    return result


def _window_request(
    request: SampleRequest,
    result_BTP: Tensor,
    *,
    rows: list[int],
    start: int,
    given: int,
    window: WindowConfig,
) -> SampleRequest:
    """The part of a request that one window covers, for the clips that reach into it."""
    lengths = tuple(min(request.lengths[row] - start, window.frames) for row in rows)
    stop = start + max(lengths)
    values = result_BTP[rows, start:stop].clone()
    mask = torch.zeros(values.shape, dtype=torch.bool, device=values.device)
    if request.known is not None:
        known = request.known.to(values.device)
        mask = known.mask_BTP[rows, start:stop].clone()
        values = torch.where(mask, known.values_BTP[rows, start:stop], values)
    mask[:, :given] = True
    return SampleRequest(
        lengths=lengths,
        seeds=tuple(request.seeds[row] for row in rows),
        conditions=_window_conditions(request.conditions, rows=rows, start=start, stop=stop),
        known=Known(values_BTP=values, mask_BTP=mask) if bool(mask.any()) else None,
        device=request.device,
        dim=request.dim,
    )


def _window_conditions(
    conditions: Mapping[str, Tensor], *, rows: list[int], start: int, stop: int
) -> dict[str, Tensor]:
    return {
        name: value[rows, start:stop] if name in PER_FRAME else value[rows]
        for name, value in conditions.items()
    }
