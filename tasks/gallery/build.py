"""A gallery: columns generated, measured and compared."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError, StickgenError
from tasks.gallery.generate import generate_column
from tasks.gallery.measures import column_values, measure_clip, name_actions
from tasks.gallery.real import real_column

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from stickgen_model.data.clip_store import ClipStore
    from stickgen_model.evaluate.action_classifier import ActionClassifier
    from stickgen_model.generate import GenerateConfig
    from tasks.gallery.generate import Clock, EncoderOf, ModelColumn
    from tasks.gallery.prompts import GalleryPrompt
    from tasks.gallery.real import RealColumn
    from tasks.gallery.sources import ColumnSource

__all__ = ["Gallery", "GalleryRequest", "NoModelError", "build_gallery"]

_MAX_FRAMES: Final = 400_000
"""Frames of all figures together: 53 bytes each in the page, so at most 21 MB."""


class NoModelError(StickgenError):
    """A gallery in which no model made anything."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class GalleryRequest:
    """What to show.

    Attributes:
        sources: Checkpoints, in the order of their columns.
        prompts: Sentences.
        config: How all of them generate.
        real: Real clips to show beside them, or None.
        classifier: Judge of the actions, or None.
        device: Where to compute.
    """

    sources: Sequence[ColumnSource]
    prompts: Sequence[GalleryPrompt]
    config: GenerateConfig
    real: ClipStore | None = None
    classifier: ActionClassifier | None = None
    device: str = "cpu"

    def __post_init__(self) -> None:
        """Refuse a page that no browser would like.

        Raises:
            ConfigError: If it would hold too many frames.
        """
        frames = len(self.sources) * len(self.prompts) * self.config.num_frames
        if frames > _MAX_FRAMES:
            msg = (
                f"gallery: expected at most {_MAX_FRAMES:,} frames in a page, got {frames:,} "
                f"({len(self.prompts)} prompts x {len(self.sources)} models x "
                f"{self.config.num_frames} frames); ask for fewer or shorter clips"
            )
            raise ConfigError(msg)


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Gallery:
    """What there is to show.

    Attributes:
        prompts: Rows.
        columns: Models, those that failed among them.
        real: Real motion, or None.
        config: How the models generated.
        classifier: Judge of the actions, or None.
        values: Metrics by column.
        measures: Numbers by column and prompt; none for columns that failed.
        said: What the classifier takes the clips for, by column and prompt.
    """

    prompts: Sequence[GalleryPrompt]
    columns: Sequence[ModelColumn]
    real: RealColumn | None
    config: GenerateConfig
    values: Sequence[dict[str, float]] = field(default_factory=list)
    measures: Sequence[Sequence[dict[str, float]]] = field(default_factory=list)
    said: Sequence[Sequence[str]] = field(default_factory=list)

    @property
    def failed(self) -> tuple[ModelColumn, ...]:
        """Columns without clips."""
        return tuple(column for column in self.columns if column.fault)


def build_gallery(
    request: GalleryRequest,
    *,
    encoder_of: EncoderOf,
    clock: Clock,
    tell: Callable[[ModelColumn], None] | None = None,
) -> Gallery:
    """Generate, measure and compare.

    Args:
        request: What to show.
        encoder_of: Gives the encoder that a checkpoint names.
        clock: Seconds.
        tell: Is told of every column that is done.

    Raises:
        NoModelError: If no model made anything; the text says why, model by model.
    """
    columns = []
    for source in request.sources:
        column = generate_column(
            source,
            request.prompts,
            request.config,
            encoder_of=encoder_of,
            clock=clock,
            device=request.device,
        )
        columns.append(column)
        if tell is not None:
            tell(column)
    if all(column.fault for column in columns):
        told = "; ".join(f"{column.label}: {column.fault}" for column in columns)
        msg = f"gallery: none of {len(columns)} models could generate: {told}"
        raise NoModelError(msg)
    real = None
    if request.real is not None:
        frames = request.config.num_frames
        real = real_column(request.real, request.prompts, frames=frames, label="real")
    return _measured(request, columns, real)


def _measured(
    request: GalleryRequest, columns: Sequence[ModelColumn], real: RealColumn | None
) -> Gallery:
    values, measures, said = [], [], []
    for column in columns:
        rows = [measure_clip(clip) for clip in column.clips]
        names, right = _judged(request, column)
        values.append(column_values(rows, right=right))
        measures.append(rows)
        said.append(names)
    return Gallery(
        prompts=request.prompts,
        columns=columns,
        real=real,
        config=request.config,
        values=values,
        measures=measures,
        said=said,
    )


def _judged(request: GalleryRequest, column: ModelColumn) -> tuple[list[str], list[bool]]:
    """What the classifier says, and whether it is right where it could be."""
    judge = request.classifier
    if judge is None or column.fault:
        return [], []
    names = name_actions(judge, column.clips)
    pairs = zip(request.prompts, names, strict=True)
    return names, [said == prompt.action for prompt, said in pairs if prompt.action in judge.labels]
