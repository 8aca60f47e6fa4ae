"""Sentences as words, and words as the pieces that they are made of.

Known words have a number; every word, known or not, has its n-grams of letters, so that a word
with a slip is still near to the one that was meant.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.text.encoder import normalise_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

__all__ = ["MAX_WORDS", "WordBatch", "WordTable", "split_words"]

MAX_WORDS: Final = 96
"""Words of a sentence beyond this are not read."""
_MAX_LETTERS: Final = 32
_WORD: Final = re.compile(r"\w+(?:'\w+)?")
_GRAMS: Final = (3, 4, 5)


def split_words(text: str) -> list[str]:
    """Words of a sentence, normalised; one empty word where there are none."""
    found = _WORD.findall(normalise_sentence(text))[:MAX_WORDS]
    return [word[:_MAX_LETTERS] for word in found] or [""]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class WordBatch:
    """Sentences as numbers; U distinct words, B sentences, W words of the longest, G n-grams.

    Attributes:
        rows: Which distinct word stands where, shape (B, W), int64, 0 after the end.
        mask: True at words, shape (B, W).
        ids: Number of each distinct word, shape (U,), int64; 0 = not known.
        grams: N-grams of all distinct words, one after the other, shape (G,), int64.
        starts: Where the n-grams of each word begin, shape (U,), int64.
    """

    rows: NDArray[np.int64]
    mask: NDArray[np.bool_]
    ids: NDArray[np.int64]
    grams: NDArray[np.int64]
    starts: NDArray[np.int64]


class WordTable:
    """Numbers of words and of their n-grams.

    Args:
        words: Known words; their numbers are 1, 2, ...
        buckets: Numbers that n-grams share.
    """

    def __init__(self, words: Sequence[str], *, buckets: int) -> None:
        if len(set(words)) != len(words) or buckets < 1:
            msg = f"expected different words and buckets >= 1, got {len(words)} and {buckets}"
            raise ValueError(msg)
        self.words, self.buckets = tuple(words), buckets
        self._ids = {word: number for number, word in enumerate(self.words, start=1)}
        self._grams: dict[str, NDArray[np.int64]] = {}

    @classmethod
    def of_sentences(
        cls, sentences: Iterable[str], *, buckets: int, least: int, most: int
    ) -> WordTable:
        """The words that come in at least so many sentences, the frequent ones first."""
        counts = Counter(word for text in sentences for word in set(split_words(text)))
        kept = sorted((w for w, n in counts.items() if n >= least), key=lambda w: (-counts[w], w))
        return cls(kept[:most], buckets=buckets)

    def number(self, word: str) -> int:
        """Of a word; 0 = not known."""
        return self._ids.get(word, 0)

    def read(self, sentences: Sequence[str]) -> WordBatch:
        """Sentences as numbers.

        Raises:
            ValueError: If there are none.
        """
        if not sentences:
            msg = "expected at least one sentence, got none"
            raise ValueError(msg)
        split = [split_words(text) for text in sentences]
        distinct = {word: None for words in split for word in words}
        place = {word: row for row, word in enumerate(distinct)}
        rows = np.zeros((len(split), max(map(len, split))), dtype=np.int64)
        mask = np.zeros(rows.shape, dtype=np.bool_)
        for number, words in enumerate(split):
            rows[number, : len(words)] = [place[word] for word in words]
            mask[number, : len(words)] = True
        grams = [self._grams_of(word) for word in distinct]
        return WordBatch(
            rows=rows,
            mask=mask,
            ids=np.array([self.number(word) for word in distinct], dtype=np.int64),
            grams=np.concatenate(grams),
            starts=np.cumsum([0, *map(len, grams[:-1])], dtype=np.int64),
        )

    def _grams_of(self, word: str) -> NDArray[np.int64]:
        known = self._grams.get(word)
        if known is None:
            known = np.array(_buckets(word, self.buckets), dtype=np.int64)
            if word in self._ids:  # others may be without end
                self._grams[word] = known
        return known


def _buckets(word: str, buckets: int) -> list[int]:
    padded = f"<{word}>"
    found = [padded[i : i + n] for n in _GRAMS for i in range(len(padded) - n + 1)] or [padded]
    return [zlib.crc32(gram.encode("utf-8", "surrogatepass")) % buckets for gram in found]
