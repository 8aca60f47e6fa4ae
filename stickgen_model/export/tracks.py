"""What `.motion` and `.json` tell alike: words by runs of frames, captions, facts.

Letters of shapes: N actors, T frames.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.vocabulary import (
    ACTIONS,
    EXPRESSIONS,
    SPEECH_KINDS,
    UNLABELLED,
    UNLABELLED_NAME,
)
from stickgen_model.animation import SILENT, Caption

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from stickgen_model.animation import Animation
    from stickgen_model.export.document import Node

__all__ = [
    "MAX_CAPTIONS",
    "MAX_FACTS",
    "MAX_FRAMES",
    "SILENT_NAME",
    "WORDS",
    "all_or_none",
    "caption_list",
    "read_captions",
    "read_facts",
    "read_words",
    "word_runs",
]

MAX_FRAMES: Final = 1_000_000
MAX_CAPTIONS: Final = 10_000
MAX_FACTS: Final = 1_000
SILENT_NAME: Final = "silent"
_LATEST_S: Final = 1e6

WORDS: Final[Mapping[str, Mapping[str, int]]] = {
    "actions": {name: i for i, name in enumerate(ACTIONS)} | {UNLABELLED_NAME: UNLABELLED},
    "expressions": {name: i for i, name in enumerate(EXPRESSIONS)},
    "speech": {name: i for i, name in enumerate(SPEECH_KINDS)} | {SILENT_NAME: SILENT},
}
"""Id of each word, by track."""


def word_runs(track: str, ids: NDArray[np.uint8]) -> list[list[Any]]:
    """Runs of equal ids as (first frame, word).

    Args:
        track: `actions`, `expressions` or `speech`.
        ids: Shape (T,).
    """
    names = {number: name for name, number in WORDS[track].items()}
    firsts = np.flatnonzero(np.diff(ids, prepend=np.uint8(ids[0]) ^ np.uint8(1)))
    return [[int(first), names[int(ids[first])]] for first in firsts]


def read_words(track: str, node: Node, num_frames: int) -> NDArray[np.uint8]:
    """Ids of every frame from runs.

    Raises:
        FormatError: If a run is none, a word is unknown, the first run does not begin at frame 0
            or the runs are not in order.
    """
    ids = np.empty(num_frames, dtype=np.uint8)
    before = -1
    for run in node.items(least=1, most=num_frames):
        first, word = run.items(least=2, most=2)
        low = before + 1
        start = first.whole(low, num_frames - 1 if low else 0)
        ids[start:] = WORDS[track][word.word(WORDS[track])]
        before = start
    return ids


def caption_list(animation: Animation) -> list[dict[str, Any]]:
    """The captions as plain values."""
    return [asdict(caption) for caption in animation.captions]


def read_captions(node: Node) -> tuple[Caption, ...]:
    """Captions from plain values.

    Raises:
        FormatError: If a field is absent or a time is no span.
    """
    captions = []
    for item in node.items(most=MAX_CAPTIONS):
        fields = item.mapping(("start_s", "end_s", "text"))
        start = fields["start_s"].number(0.0, _LATEST_S)
        end = fields["end_s"].number(start, _LATEST_S)
        captions.append(Caption(start_s=start, end_s=end, text=fields["text"].text()))
    return tuple(captions)


def read_facts(node: Node) -> dict[str, str | int | float]:
    """Facts from plain values.

    Raises:
        FormatError: If a value is not plain.
    """
    return {name: value.plain() for name, value in node.entries(most=MAX_FACTS)}


def all_or_none(nodes: Sequence[Mapping[str, Node]], name: str) -> bool:
    """If the actors have the track; some with and some without it are a fault.

    Raises:
        FormatError: If only some have it.
    """
    having = [name in fields for fields in nodes]
    if any(having) and not all(having):
        lacking = nodes[having.index(False)]
        next(iter(lacking.values())).fail(f"{name} of all actors or of none (beside this field)")
    return all(having)
