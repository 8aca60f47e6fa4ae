"""The same prompts with the same seeds from one checkpoint after the other.

Shapes: T frames.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import torch

from datasets_spec.errors import ConfigError, StickgenError
from stickgen_model.generate import GenerateConfig, StickGen
from tasks.gallery.facts import CheckpointFacts, read_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from stickgen_model.text.encoder import EncoderIdentity, TextEncoder
    from tasks.gallery.prompts import GalleryPrompt
    from tasks.gallery.sources import ColumnSource

    EncoderOf = Callable[[EncoderIdentity], TextEncoder]
    Clock = Callable[[], float]

__all__ = ["ModelColumn", "generate_column", "generation_config"]

_MAX_WHY: Final = 600
_FAULTS: Final = (StickgenError, OSError, RuntimeError, ValueError, MemoryError)
"""What a damaged checkpoint or a full memory raises; anything else is a fault of this program."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class ModelColumn:
    """What one model made of the prompts.

    Attributes:
        label: Name of the column.
        facts: Of its checkpoint; None where it could not be read.
        clips: Joints of each prompt, shape (T, 10, 2), H; none for a model that failed.
        num_parameters: Of the model.
        seconds_a_clip: Wall time of generating.
        fault: Why there are no clips; empty where there are.
    """

    label: str
    facts: CheckpointFacts | None = None
    clips: tuple[NDArray[np.float32], ...] = ()
    num_parameters: int = 0
    seconds_a_clip: float = 0.0
    fault: str = ""


def generation_config(*, seconds: float, seed: int, steps: int) -> GenerateConfig:
    """How every model of a gallery generates.

    Raises:
        ConfigError: If a value is out of its range.
    """
    try:
        return GenerateConfig(seconds=seconds, seed=seed, steps=steps)
    except ValueError as error:
        msg = f"gallery: {error}"
        raise ConfigError(msg) from error


def generate_column(
    source: ColumnSource,
    prompts: Sequence[GalleryPrompt],
    config: GenerateConfig,
    *,
    encoder_of: EncoderOf,
    clock: Clock,
    device: str = "cpu",
) -> ModelColumn:
    """Load a checkpoint and generate; a checkpoint that cannot is a column that says why.

    The random numbers of the caller are left as they are.

    Args:
        source: The checkpoint.
        prompts: What to ask for.
        config: How.
        encoder_of: Gives the encoder that a checkpoint names.
        clock: Seconds.
        device: Where to compute.
    """
    facts = None
    try:
        facts = read_facts(source.path)
        with torch.random.fork_rng([device] if device.startswith("cuda") else []):
            model = StickGen.from_pretrained(
                source.path, encoder_of(facts.info.encoder), device=device
            )
            begun = clock()
            motions = model.generate([prompt.text for prompt in prompts], config)
            taken = clock() - begun
    except _FAULTS as error:
        why = f"{type(error).__name__}: {error}" if not isinstance(error, StickgenError) else error
        return ModelColumn(label=source.label, facts=facts, fault=str(why)[:_MAX_WHY])
    return ModelColumn(
        label=source.label,
        facts=facts,
        clips=tuple(motions.clip(number) for number in range(len(prompts))),
        num_parameters=sum(weights.numel() for weights in model.model.parameters()),
        seconds_a_clip=taken / len(prompts),
    )
