"""What is done when: the labelled spans of an actor, cut to a window, as frames."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from datasets_spec.schema import CLIP_FPS
from tasks.label.caption_text import clean_caption
from tasks.label.label_action import action_of_labels
from tasks.label.resolve import overlaps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datasets_spec.motion import Label

__all__ = ["MAX_PARTS", "ClipPart", "parts_in"]

MAX_PARTS: Final = 40
_EPSILON_FRAMES: Final = 1e-6


@dataclass(frozen=True, kw_only=True, slots=True)
class ClipPart:
    """One thing that is done in a clip."""

    first_frame: int
    last_frame: int
    """Inclusive."""
    action: str
    """A word of `vocabulary.ACTIONS`, or unlabelled."""
    text: str


def parts_in(
    labels: Sequence[Label], *, actor: int, start_s: float, num_frames: int
) -> tuple[ClipPart, ...]:
    """Parts of a window of an actor.

    Args:
        labels: Of the whole sequence; only those marked as parts count.
        actor: Who is shown.
        start_s: Start of the window, seconds.
        num_frames: Frames of the window at 25 fps.

    Returns:
        In order of their first, then their last frame; at most `MAX_PARTS`. A part of which the
        window shows less than half is left out, as its words would be untrue.
    """
    end_s = start_s + num_frames / CLIP_FPS
    parts = []
    for label in labels:
        text = clean_caption(label.text)
        if not (label.part and text and overlaps(label, actor, start_s, end_s)):
            continue
        stop_s = end_s if label.end_s is None else label.end_s
        first = math.floor((label.start_s - start_s) * CLIP_FPS + _EPSILON_FRAMES)
        stop = math.ceil((stop_s - start_s) * CLIP_FPS - _EPSILON_FRAMES)
        part = ClipPart(
            first_frame=max(first, 0),
            last_frame=min(stop, num_frames) - 1,
            action=action_of_labels([label]),
            text=text,
        )
        parts.append(part)
    parts.sort(key=lambda part: (part.first_frame, part.last_frame))
    return tuple(parts[:MAX_PARTS])
