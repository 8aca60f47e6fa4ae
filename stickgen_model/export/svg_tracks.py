"""Animated attributes of an SVG: few key frames, short numbers.

Letters of shapes: F frames, C numbers. A film of F frames lasts F / fps; frame f is at f / F of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.floating]

__all__ = ["Clock", "joined", "key_frames"]

_SPARE_DIGITS: Final = 20.0
"""Key times are exact to this part of a frame."""


def key_frames(values: Floats, tolerance: float) -> NDArray[np.intp]:
    """Frames between which straight lines pass all others.

    Args:
        values: Shape (F, C), F >= 1.
        tolerance: By which a number may be missed.

    Returns:
        Ascending, the first and the last among them.

    Source: Ramer, 1972; Douglas and Peucker, 1973, with the error at equal times.
    """
    last = len(values) - 1
    keep = {0, last}
    spans = [(0, last)]
    while spans:
        start, stop = spans.pop()
        if stop - start < 2:
            continue
        share = np.arange(1, stop - start)[:, None] / (stop - start)
        line = values[start] + share * (values[stop] - values[start])
        errors = np.abs(values[start + 1 : stop] - line).max(axis=1)
        worst = int(errors.argmax())
        if errors[worst] > tolerance:
            middle = start + 1 + worst
            keep.add(middle)
            spans += [(start, middle), (middle, stop)]
    return np.array(sorted(keep), dtype=np.intp)


def joined(numbers: Sequence[int]) -> str:
    """Whole numbers with as few blanks as a reader of SVG needs."""
    text = " ".join(map(str, numbers))
    return text.replace(" -", "-")


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """The time of a film.

    Attributes:
        frames: F.
        seconds: Length of the film.
        cuts: Frames before which the picture jumps.
    """

    frames: int
    seconds: float
    cuts: tuple[int, ...] = ()

    def track(
        self,
        name: str,
        values: Floats,
        text: Callable[[Sequence[int]], str],
        *,
        tolerance: float,
        shown: NDArray[np.bool_] | None = None,
        kind: str = "",
    ) -> tuple[str, str]:
        """An attribute whose numbers change.

        Args:
            name: Of the attribute.
            values: Numbers of every frame, rounded to whole ones here, shape (F, C).
            text: Writes the numbers of a frame.
            tolerance: By which a number may be missed between key frames.
            shown: Frames in which anybody sees it, shape (F,); None = all.
            kind: Of a transform, e.g. `scale`.

        Returns:
            The attribute of the first frame as text, and the element that animates it, empty where
            it never changes.
        """
        frames = self._keys(values, tolerance, shown)
        whole = np.rint(values).astype(np.int64)
        first = text(whole[frames[0][0]].tolist())
        texts = [text(whole[value].tolist()) for value, _ in frames]
        if len(set(texts)) == 1:
            return first, ""
        times = [time for _, time in frames]
        if times[-1] < self.frames:
            times.append(self.frames)
            texts.append(texts[-1])
        if times[0] > 0:
            times.insert(0, 0)
            texts.insert(0, texts[0])
        tag = f'animateTransform attributeName="transform" type="{kind}"'
        return first, self._element(
            tag if kind else f'animate attributeName="{name}"', times, texts
        )

    def steps(self, name: str, words: Sequence[str]) -> str:
        """An element that animates an attribute from word to word, one a frame."""
        starts = [0] + [f for f in range(1, self.frames) if words[f] != words[f - 1]]
        if len(starts) == 1:
            return ""
        tag = f'animate attributeName="{name}" calcMode="discrete"'
        return self._element(tag, starts, [words[f] for f in starts])

    def _keys(
        self, values: Floats, tolerance: float, shown: NDArray[np.bool_] | None
    ) -> list[tuple[int, int]]:
        """Frames whose numbers are told, and the frame at whose time they are told."""
        keys: list[tuple[int, int]] = []
        edges = [0, *self.cuts, self.frames]
        for start, stop in pairwise(edges):
            for first, last in _stretches(shown, start, stop):
                found = key_frames(np.asarray(values[first : last + 1], np.float64), tolerance)
                keys += [(first + int(f), first + int(f)) for f in found]
            if stop < self.frames and keys:
                # held until the cut
                keys.append((keys[-1][0], stop))
        return keys

    def _element(self, tag: str, times: Sequence[int], texts: Sequence[str]) -> str:
        digits = int(np.ceil(np.log10(self.frames * _SPARE_DIGITS)))
        told = ";".join(self._time(time, digits) for time in times)
        return (
            f'<{tag} dur="{self.seconds:.6g}s" repeatCount="indefinite" keyTimes="{told}" '
            f'values="{";".join(texts)}"/>'
        )

    def _time(self, frame: int, digits: int) -> str:
        if frame in {0, self.frames}:
            return "0" if frame == 0 else "1"
        return f"{frame / self.frames:.{digits}f}".lstrip("0").rstrip("0")


def _stretches(shown: NDArray[np.bool_] | None, start: int, stop: int) -> list[tuple[int, int]]:
    """First and last frames of what is seen, the frame after it included while it moves on."""
    if shown is None:
        return [(start, stop - 1)]
    seen = shown[start:stop].astype(np.int8)
    edges = np.flatnonzero(np.diff(seen, prepend=0, append=0))
    return [
        (start + int(a), min(start + int(b), stop - 1))
        for a, b in zip(edges[::2], edges[1::2], strict=True)
    ]
