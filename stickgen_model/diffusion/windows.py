"""Clips longer than the model's window, and clips of several sentences.

Letters of shapes: B batch, T frames, P numbers of a state, S sentences, E width of a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import torch

from datasets_spec.schema import MAX_FRAMES
from stickgen_model.diffusion.imputation import Known, PathGaps
from stickgen_model.diffusion.joined import PER_FRAME, JoinedDenoiser, plan_stretches
from stickgen_model.diffusion.sampler import SampleRequest, sample

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor

    from stickgen_model.diffusion.noise import NoiseSource
    from stickgen_model.diffusion.sampler import SamplerConfig
    from stickgen_model.diffusion.schedule import Denoiser, Schedule

__all__ = ["JOINS", "PER_FRAME", "WindowConfig", "sample_long"]

JOINS: Final = ("given", "shared")


@dataclass(frozen=True, kw_only=True, slots=True)
class WindowConfig:
    """How a long clip is made of windows.

    Attributes:
        frames: Of a window, at most.
        overlap: Frames that neighbours share, at least.
        join: given = one after the other, each given the last frames of the one before; shared =
            all at once, one fading into the next at every step, which leaves no seam.
    """

    frames: int = MAX_FRAMES
    overlap: int = 25
    join: str = "given"

    def __post_init__(self) -> None:
        """Refuse windows that do not advance.

        Raises:
            ValueError: If the overlap is below 1 or not below the frames, or the join is unknown.
        """
        if self.join not in JOINS:
            msg = f"expected a join of {JOINS}, got {self.join!r}"
            raise ValueError(msg)
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
    sections: Sequence[int] = (),
) -> Tensor:
    """Sample clips of any length.

    Args:
        denoise: Predicts the clean clip.
        request: Which clips; conditions named in `PER_FRAME` go over all frames.
        schedule: The one that the denoiser was trained with.
        config: Method, steps, guidance.
        window: Frames and overlap of the windows.
        sections: Frames of each sentence where there are several, for every clip the same; `text`
            is then of shape (B, S, E), and windows are joined as `shared`.

    Returns:
        As of `sample`. Clips that fit into one window are what `sample` gives.

    Raises:
        ValueError: If a way between known places (`Known.gaps`) is asked of long clips whose
            windows are made one after the other, or the sections are not as long as every clip.
    """
    window = WindowConfig() if window is None else window
    total = max(request.lengths)
    if sections and {sum(sections)} != set(request.lengths):
        msg = f"expected clips of {sum(sections)} frames, as the sections are, got lengths "
        msg += f"{sorted(set(request.lengths))}"
        raise ValueError(msg)
    if total <= window.frames and not sections:
        return sample(denoise, request, schedule=schedule, config=config)
    if sections or window.join == "shared":
        return _sample_shared(
            denoise, request, schedule=schedule, config=config, window=window, sections=sections
        )
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


def _sample_shared(
    denoise: Denoiser,
    request: SampleRequest,
    *,
    schedule: Schedule,
    config: SamplerConfig,
    window: WindowConfig,
    sections: Sequence[int],
) -> Tensor:
    """All windows at once; clips of one length at a time, so that none depends on the others."""
    total = max(request.lengths)
    result = torch.zeros(len(request.lengths), total, request.dim, device=request.device)
    for length in sorted(set(request.lengths)):
        rows = [row for row, frames in enumerate(request.lengths) if frames == length]
        stretches = plan_stretches(
            sections or (length,), frames=window.frames, overlap=window.overlap
        )
        joined = JoinedDenoiser(denoise, stretches, total=length)
        found = sample(joined, _rows_of(request, rows), schedule=schedule, config=config)
        result[rows, :length] = found
    return result


def _rows_of(request: SampleRequest, rows: list[int]) -> SampleRequest:
    """Some clips of a request, all of one length."""
    length = request.lengths[rows[0]]
    known = request.known
    if known is not None:
        gaps = known.gaps
        if gaps is not None:
            gaps = PathGaps(
                number_BT=gaps.number_BT[rows, :length],
                counts_BS=gaps.counts_BS[rows],
                totals_BS=gaps.totals_BS[rows],
            )
        known = Known(
            values_BTP=known.values_BTP[rows, :length],
            mask_BTP=known.mask_BTP[rows, :length],
            gaps=gaps,
        )
    return replace(
        request,
        lengths=tuple(length for _ in rows),
        seeds=tuple(request.seeds[row] for row in rows),
        conditions=_window_conditions(request.conditions, rows=rows, start=0, stop=length),
        known=known,
    )


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
