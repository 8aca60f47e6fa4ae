"""How far an exported denoiser is from the trained one.

Letters of shapes: B batch, T frames, P = 20 numbers of a state.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

import torch

from datasets_spec.errors import StickgenError
from datasets_spec.schema import CAMERA_DIM, MAX_FRAMES
from datasets_spec.skeleton import POSE_DIM
from datasets_spec.vocabulary import UNLABELLED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from stickgen_model.config import ModelConfig
    from stickgen_model.diffusion.schedule import Denoiser

__all__ = ["BOUNDS", "Parity", "ParityError", "check_parity", "measure_parity"]

BOUNDS: Final = {"fp32": 1e-4, "fp16": 1e-2, "int8": 0.15}
"""Largest relative difference of an export that is kept. Trained models of this kind have about
1e-6, 5e-4 and 0.03."""

_CASES: Final = ((1, (1,)), (1, (10,)), (2, (77, 77)), (3, (100, 40, 11)), (2, (MAX_FRAMES, 30)))
"""Batches of clips of so many frames: alone, together, and with padding."""


class ParityError(StickgenError):
    """An export that answers differently."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Parity:
    """Differences on random input, in z-scored states.

    Attributes:
        max_abs: Largest difference of any number.
        relative_rms: Root mean square of the differences, over that of the answers.
        cases: Batches compared.
        clips: Clips compared.
    """

    max_abs: float
    relative_rms: float
    cases: int
    clips: int

    def to_dict(self) -> dict[str, float | int]:
        """As plain values, for JSON."""
        return asdict(self)


def measure_parity(
    exported: Denoiser, trained: Denoiser, config: ModelConfig, *, text_width: int, seed: int = 0
) -> Parity:
    """Compare two denoisers on random noisy states, with and without each condition.

    Args:
        exported: Of the export.
        trained: Of the model it was made from.
        config: Shape of the model.
        text_width: Numbers of a sentence vector before it is padded.
        seed: Of the input.
    """
    generator = torch.Generator().manual_seed(seed)
    squares, size, worst = 0.0, 0.0, 0.0
    clips = 0
    for states_BTP, level_B, conditions in _cases(generator, config, text_width=text_width):
        with torch.no_grad():
            expected = trained(states_BTP, level_B, conditions).double()
            difference = exported(states_BTP, level_B, conditions).double() - expected
        squares += float(difference.square().sum())
        size += float(expected.square().sum())
        # maximum of Python would lose a NaN
        worst = float(torch.tensor([worst, float(difference.abs().max())]).max())
        clips += len(states_BTP)
    relative = (squares / max(size, 1e-12)) ** 0.5
    return Parity(max_abs=worst, relative_rms=relative, cases=2 * len(_CASES), clips=clips)


def _cases(
    generator: torch.Generator, config: ModelConfig, *, text_width: int
) -> Iterator[tuple[Tensor, Tensor, dict[str, Tensor]]]:
    for batch, lengths in _CASES:
        frames = max(lengths)
        text = torch.zeros(batch, config.text_dim)
        text[:, :text_width] = torch.randn(batch, text_width, generator=generator)
        labelled = torch.rand(batch, frames, generator=generator) < 0.5
        ids = torch.randint(0, config.num_actions, (batch, frames), generator=generator)
        full = {
            "text": torch.nn.functional.normalize(text),
            "action": torch.where(labelled, ids, UNLABELLED),
            "partner": torch.randn(batch, frames, POSE_DIM, generator=generator),
            "camera": torch.randn(batch, frames, CAMERA_DIM, generator=generator),
        }
        plain = {name: full[name] for name in ("text", "action")}
        for conditions in (full, plain):
            states = torch.randn(batch, frames, POSE_DIM, generator=generator)
            level = torch.rand(batch, generator=generator)
            mask = torch.arange(frames) < torch.tensor(lengths)[:, None]
            yield torch.where(mask[..., None], states, 0.0), level, {**conditions, "mask": mask}


def check_parity(parity: Parity, precision: str, *, where: str) -> None:
    """Refuse an export that answers too differently.

    Raises:
        ParityError: If the relative difference is above the bound of the precision.
    """
    bound = BOUNDS[precision]
    if not parity.relative_rms <= bound:
        msg = (
            f"{where}: the {precision} export differs from the model by {parity.relative_rms:.3g} "
            f"of its answers, expected at most {bound:g}; nothing was written. Export it with "
            "more precision"
        )
        raise ParityError(msg)
