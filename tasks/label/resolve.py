"""Labels in seconds to actions by frame, captions by window, and places where a cut hurts least."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.schema import CLIP_FPS
from datasets_spec.vocabulary import (
    CAPTION_SOURCES,
    NUM_ACTIONS,
    UNLABELLED,
    UNLABELLED_NAME,
    action_id,
    action_name,
)
from tasks.label.caption_text import clean_caption
from tasks.label.label_action import action_of_labels, has_action_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from datasets_spec.motion import Label

__all__ = [
    "MAX_CAPTIONS",
    "captions_in",
    "dominant_action",
    "frame_actions",
    "label_borders_s",
    "overlaps",
]

MAX_CAPTIONS: Final = 12
_MIN_OVERLAP: Final = 0.5
"""A caption belongs to a window if this share of it, or of the window, lies in the other."""
_TABLE_FACTOR: Final = 0.5
"""A category counts as half as long as it is: words win only if they are far more local."""
_WIPE_FACTOR: Final = 1.5
"""A span without a known action wipes out spans at least this many times as long."""
_EPSILON_FRAMES: Final = 1e-6
_LAST_RESORT: Final = ("filename", "none")


def frame_actions(
    labels: Sequence[Label],
    *,
    actor: int,
    num_frames: int,
    fps: float = float(CLIP_FPS),
    start_s: float = 0.0,
) -> NDArray[np.uint8]:
    """Action of every frame of a window.

    A span covers floor(start * fps) .. ceil(end * fps). Where spans overlap the shorter one
    wins; a category from a table counts as half as long as a sentence. A span whose action is
    not known makes frames unlabelled again if it is plainly more local than what named them.
    Nothing depends on the order of the labels.

    Args:
        labels: Of the whole sequence; those of other actors are left out.
        actor: Whose actions.
        num_frames: Frames of the window, >= 0.
        fps: Frames per second of the window.
        start_s: Start of the window, seconds after the first frame of the sequence.

    Returns:
        Shape (num_frames,), action ids, uint8; 255 where no action is known.
    """
    actions = np.full(num_frames, UNLABELLED, dtype=np.uint8)
    lengths = np.full(num_frames, np.inf)
    mine = [label for label in labels if _concerns(label, actor)]
    last_s = max((_end_s(label) for label in mine if label.end_s is not None), default=0.0)
    last_s = max(last_s, start_s + num_frames / fps)
    for length, frames, group in _spans(mine, fps=fps, start_s=start_s, last_s=last_s):
        first, stop = max(0, frames[0]), min(num_frames, frames[1])
        if first >= stop:
            continue
        value = action_id(action_of_labels(group))
        place = slice(first, stop)
        if value != UNLABELLED:
            actions[place] = value
            lengths[place] = length
        else:
            wiped = lengths[place] >= _WIPE_FACTOR * length
            actions[place][wiped] = UNLABELLED
    return actions


def _spans(
    labels: Iterable[Label], *, fps: float, start_s: float, last_s: float
) -> list[tuple[float, tuple[int, int], list[Label]]]:
    """(length, frames, labels of exactly this span and kind), in the order of painting."""
    groups: dict[tuple[float, float, bool], list[Label]] = defaultdict(list)
    for label in labels:
        if not has_action_table(label) or label.categories:
            end_s = last_s if label.end_s is None else label.end_s
            groups[label.start_s, max(end_s, label.start_s), has_action_table(label)].append(label)
    spans = []
    for (begin_s, end_s, by_table), group in groups.items():
        first = math.floor((begin_s - start_s) * fps + _EPSILON_FRAMES)
        stop = math.ceil((end_s - start_s) * fps - _EPSILON_FRAMES)
        factor = _TABLE_FACTOR if by_table else 1.0
        key = (-(end_s - begin_s) * factor, by_table, begin_s)
        spans.append((key, end_s - begin_s, (first, stop), group))
    spans.sort(key=lambda span: span[0])
    return [(length, frames, group) for _, length, frames, group in spans]


def captions_in(
    labels: Sequence[Label], *, actor: int, start_s: float, end_s: float
) -> tuple[tuple[str, ...], str]:
    """Captions that describe a window of an actor, and where they come from.

    Args:
        labels: Of the whole sequence.
        actor: Who is shown.
        start_s: Start of the window, seconds.
        end_s: End of the window, seconds.

    Returns:
        At most `MAX_CAPTIONS` distinct captions in the order of the labels, and the best of their
        `CAPTION_SOURCES` (`none` without captions). Words of a file name are used only if nothing
        else describes the window.
    """
    fitting = [
        (clean_caption(label.text), label.caption_source)
        for label in labels
        if label.is_caption and not label.part and overlaps(label, actor, start_s, end_s)
    ]
    fitting = [(text, source) for text, source in fitting if text]
    if any(source not in _LAST_RESORT for _, source in fitting):
        fitting = [(text, source) for text, source in fitting if source not in _LAST_RESORT]
    distinct: dict[str, str] = {}
    for text, _ in fitting:
        distinct.setdefault(text.casefold(), text)
    source = min((source for _, source in fitting), key=CAPTION_SOURCES.index, default="none")
    return tuple(distinct.values())[:MAX_CAPTIONS], source


def overlaps(label: Label, actor: int, start_s: float, end_s: float) -> bool:
    """Whether a label is about a window of an actor: half of it, or of the window, is shared."""
    if not _concerns(label, actor):
        return False
    shared = min(end_s, _end_s(label)) - max(start_s, label.start_s)
    if shared <= 0:
        return False
    shortest = min(_end_s(label) - label.start_s, end_s - start_s)
    return shared >= _MIN_OVERLAP * shortest


def dominant_action(actions: NDArray[np.uint8]) -> str:
    """Word of the most frequent action; `unlabelled` if more than half of the frames are.

    Args:
        actions: Shape (T,), action ids, uint8; T may be 0.
    """
    known = actions[actions < NUM_ACTIONS]
    if 2 * known.size < actions.size or known.size == 0:
        return UNLABELLED_NAME
    return action_name(int(np.bincount(known, minlength=NUM_ACTIONS).argmax()))


def label_borders_s(labels: Iterable[Label]) -> tuple[float, ...]:
    """Times where a label starts or ends, seconds, ascending, distinct; 0 and the end left out."""
    times = {time for label in labels for time in (label.start_s, _end_s(label))}
    return tuple(sorted(time for time in times if 0.0 < time < math.inf))


def _end_s(label: Label) -> float:
    return math.inf if label.end_s is None else label.end_s


def _concerns(label: Label, actor: int) -> bool:
    finite = math.isfinite(label.start_s) and (label.end_s is None or math.isfinite(label.end_s))
    return finite and label.actor in (None, actor)
