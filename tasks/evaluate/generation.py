"""Clips of a model for held-out prompts, as long as the motion that these were written for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from datasets_spec.errors import StickgenError
from datasets_spec.schema import CLIP_FPS
from stickgen_model.scenes import GenerateConfig
from stickgen_model.script import ScriptPart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stickgen_model.evaluate.held_out import HeldOut, HeldOutScript
    from tasks.evaluate.candidate import Candidate
    from tasks.evaluate.settings import EvaluationSettings

    Clips = list[NDArray[np.float32]]

__all__ = ["generate_clips", "generate_scripts"]


def generate_clips(
    candidate: Candidate,
    items: Sequence[HeldOut],
    settings: EvaluationSettings,
    *,
    texts: Sequence[str] | None = None,
    seed: int = 0,
) -> Clips:
    """A clip for each item; the same items and seed get the same random numbers.

    Args:
        candidate: The model.
        items: What is asked for, and how long.
        settings: Of the sampler.
        texts: In place of those of the items.
        seed: Of this part of the evaluation; it is added to that of the settings.

    Returns:
        Joints of each, shape (T, 10, 2), H.

    Raises:
        StickgenError: If the model gives numbers that are not finite.
    """
    if not items:
        return []
    said = [item.text for item in items] if texts is None else list(texts)
    lengths = [len(item.joints) for item in items]
    # by length, so that little is padding
    order = np.argsort(lengths, kind="stable").tolist()
    motions = candidate.generator.generate(
        [said[row] for row in order],
        _config(settings, seed=settings.seed + seed),
        lengths=[lengths[row] for row in order],
        actions=[items[row].action for row in order] if settings.name_action else None,
    )
    clips = {row: motions.clip(number) for number, row in enumerate(order)}
    return _finite([clips[row] for row in range(len(items))], candidate)


def generate_scripts(
    candidate: Candidate, scripts: Sequence[HeldOutScript], settings: EvaluationSettings
) -> Clips:
    """A clip for each script, its parts as long as in the data.

    Raises:
        StickgenError: If the model gives numbers that are not finite.
    """
    made = [
        candidate.generator.generate_script(
            [
                ScriptPart(text=text, seconds=frames / CLIP_FPS)
                for text, frames in zip(script.texts, script.frames, strict=True)
            ],
            _config(settings, seed=settings.seed + number),
        ).clip(0)
        for number, script in enumerate(scripts)
    ]
    return _finite(made, candidate)


def _config(settings: EvaluationSettings, *, seed: int) -> GenerateConfig:
    return GenerateConfig(
        seed=seed,
        guidance=settings.guidance,
        steps=settings.steps,
        method="one_step" if settings.steps == 1 else None,
        batch_size=settings.batch_size,
    )


def _finite(clips: Clips, candidate: Candidate) -> Clips:
    wrong = sum(not np.isfinite(clip).all() for clip in clips)
    if wrong:
        msg = (
            f"{candidate.told}: expected finite joints, got NaN or infinity in {wrong} of "
            f"{len(clips)} clips; the model cannot be evaluated, take an earlier checkpoint"
        )
        raise StickgenError(msg)
    return clips
