"""Clips longer than a window, and clips of several sentences: all windows at once.

Every window is predicted for itself, under its own sentence, and where windows overlap their
predictions fade into each other, at every step of the sampler. So there is one clip throughout,
made of one stream of noise, and no join is ever put in afterwards. Source: the handshakes of
Shafir et al. (2023), "Human motion diffusion as a generative prior".

Letters of shapes: B batch, T frames, P numbers of a state, W windows, S sentences, E width.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final

import torch

from stickgen_model.state_moments import DX

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor

    from stickgen_model.diffusion.schedule import Denoiser

__all__ = ["PER_FRAME", "JoinedDenoiser", "Stretch", "plan_stretches"]

PER_FRAME: Final = frozenset({"action", "partner", "camera"})
"""Conditions whose second axis is frames: a window gets its part."""

HALF_FADE: Final = 18
"""Frames before and after the border of two sentences in which one becomes the other. Measured on
a small model, four scripts by two seeds: with 18 the largest jerk there is as elsewhere in the
motion (p90 3.8 and 3.7 times the median), with 10 it is larger (5.4)."""

_ROWS: Final = 64
"""Windows and clips that are predicted in one batch."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """One window.

    Attributes:
        start: First frame.
        stop: Frame after the last.
        sentence: Which sentence it is under.
        fade_in: Frames at its beginning over which it comes up; 0 = it is there at once.
        fade_out: Frames at its end over which it goes.
    """

    start: int
    stop: int
    sentence: int = 0
    fade_in: int = 0
    fade_out: int = 0


def plan_stretches(sections: Sequence[int], *, frames: int, overlap: int) -> list[Stretch]:
    """Windows over a clip.

    Args:
        sections: Frames of each sentence, in order; one = a clip of one sentence.
        frames: Frames of a window at most.
        overlap: Frames that windows of one sentence share at least.

    Returns:
        In order of time; they cover every frame, and those that overlap fade over what they share.
    """
    borders = list(accumulate(sections, initial=0))
    total = borders[-1]
    fades = [0, *(min(HALF_FADE, a // 2, b // 2) for a, b in pairwise(sections)), 0]
    found: list[Stretch] = []
    for number, (first, last) in enumerate(pairwise(borders)):
        low, high = max(first - fades[number], 0), min(last + fades[number + 1], total)
        spans = _even_spans(low, high, frames=frames, overlap=overlap)
        ins = [2 * fades[number], *(a[1] - b[0] for a, b in pairwise(spans))]
        outs = [*ins[1:], 2 * fades[number + 1]]
        found += [
            Stretch(start=start, stop=stop, sentence=number, fade_in=fade_in, fade_out=fade_out)
            for (start, stop), fade_in, fade_out in zip(spans, ins, outs, strict=True)
        ]
    return found


def _even_spans(low: int, high: int, *, frames: int, overlap: int) -> list[tuple[int, int]]:
    """Spans of at most `frames`, of equal length, evenly over low..high."""
    length = high - low
    if length <= frames:
        return [(low, high)]
    count = math.ceil((length - overlap) / (frames - overlap))
    starts = [low + round(i * (length - frames) / (count - 1)) for i in range(count)]
    return [(start, start + frames) for start in starts]


def stretch_weights(stretches: Sequence[Stretch], total: int) -> Tensor:
    """Share of every window in every frame, shape (W, T), summing to 1 over the windows."""
    weights_WT = torch.zeros(len(stretches), total)
    for row, part in enumerate(stretches):
        place = torch.arange(part.stop - part.start) + 0.5
        up = torch.clamp(place / max(part.fade_in, 1), max=1.0) if part.fade_in else 1.0
        left = part.stop - part.start - place
        down = torch.clamp(left / max(part.fade_out, 1), max=1.0) if part.fade_out else 1.0
        weights_WT[row, part.start : part.stop] = up * down * torch.ones_like(place)
    return weights_WT / weights_WT.sum(dim=0)


class JoinedDenoiser:
    """A denoiser of clips of any length, made of one for windows.

    Args:
        denoise: Predicts windows.
        stretches: As of `plan_stretches`.
        total: T.

    Conditions: those of `PER_FRAME` and the mask are cut; `text` of shape (B, S, E) gives every
    window the vector of its sentence. The place of a partner counts from where the own window
    begins, which is not known before; it is taken that both have gone the same way until then.
    """

    def __init__(self, denoise: Denoiser, stretches: Sequence[Stretch], *, total: int) -> None:
        self._denoise = denoise
        self._stretches = list(stretches)
        self._weights_WT = stretch_weights(stretches, total)

    def __call__(self, x_BTP: Tensor, t_B: Tensor, conditions: Mapping[str, Tensor]) -> Tensor:
        """What is predicted for whole clips: clean states (B, T, P), or other numbers a frame."""
        weights_WT = self._weights_WT.to(x_BTP.device)
        clean_BTP: Tensor | None = None
        count = max(1, _ROWS // len(x_BTP))
        for begin in range(0, len(self._stretches), count):
            part = self._stretches[begin : begin + count]
            for row, found_BFP in enumerate(self._predict(part, x_BTP, t_B, conditions)):
                one = part[row]
                share_F = weights_WT[begin + row, one.start : one.stop]
                shared_BFP = found_BFP[:, : one.stop - one.start] * share_F[:, None]
                whole_BTP = _spread(shared_BFP, one, frames=x_BTP.shape[1])
                # not in place: the sampler asks for gradients
                clean_BTP = whole_BTP if clean_BTP is None else clean_BTP + whole_BTP
        assert clean_BTP is not None, "there is no clip without a window"
        return clean_BTP

    def _predict(
        self,
        part: Sequence[Stretch],
        x_BTP: Tensor,
        t_B: Tensor,
        conditions: Mapping[str, Tensor],
    ) -> tuple[Tensor, ...]:
        """Clean windows, one (B, F, P) each, filled up to the longest."""
        longest = max(one.stop - one.start for one in part)
        given = {name: _windows(name, v, part, longest=longest) for name, v in conditions.items()}
        if "mask" not in given:
            whole_BT = torch.ones(x_BTP.shape[:2], dtype=torch.bool, device=x_BTP.device)
            given["mask"] = _windows("mask", whole_BT, part, longest=longest)
        noisy = _windows("states", x_BTP, part, longest=longest)
        clean: Tensor = self._denoise(noisy, t_B.repeat(len(part)), given)
        return clean.chunk(len(part))


def _windows(name: str, value: Tensor, part: Sequence[Stretch], *, longest: int) -> Tensor:
    """A condition for every window and clip, windows first: (W x B, ...)."""
    if name == "text" and value.ndim == 3:
        return torch.cat([value[:, one.sentence] for one in part])
    if name not in PER_FRAME | {"mask", "states"}:
        return value.repeat(len(part), *[1] * (value.ndim - 1))
    return torch.cat([_cut(name, value, one, longest=longest) for one in part])


def _cut(name: str, value: Tensor, one: Stretch, *, longest: int) -> Tensor:
    cut = value[:, one.start : one.stop]
    if name == "partner":
        gone_B = value[:, one.start, DX] - value[:, 0, DX]
        place = cut[..., DX : DX + 1] - gone_B[:, None, None]
        cut = torch.cat([cut[..., :DX], place, cut[..., DX + 1 :]], dim=-1)
    lacking = longest - cut.shape[1]
    if not lacking:
        return cut
    filler = torch.zeros_like(cut[:, :1]).expand(-1, lacking, *cut.shape[2:])
    return torch.cat([cut, filler], dim=1)


def _spread(found_BFP: Tensor, one: Stretch, *, frames: int) -> Tensor:
    """A window at its place in a clip of zeros."""
    return torch.nn.functional.pad(found_BFP, (0, 0, one.start, frames - one.stop))
