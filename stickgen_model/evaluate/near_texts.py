"""Sentences that say almost the same, by the words that they share."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse

from stickgen_model.evaluate.text_words import split_words

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

__all__ = ["NearTexts"]


class NearTexts:
    """Tells near duplicates; rare words count more than those that are in every sentence.

    Args:
        sentences: Whose words say how rare each is.
    """

    def __init__(self, sentences: Collection[str]) -> None:
        counts = Counter(word for text in sentences for word in set(split_words(text)))
        self._places = {word: place for place, word in enumerate(sorted(counts))}
        # the last one is for all words that are in none of them
        self._rarity = np.array(
            [math.log1p(len(sentences) / counts[word]) for word in self._places]
            + [math.log1p(len(sentences))]
        )

    def similarity(self, sentences: Sequence[str]) -> NDArray[np.float64]:
        """Cosine of the words of every two, shape (N, N); 1 = the same words."""
        split = [Counter(split_words(text)) for text in sentences]
        unknown: dict[str, int] = {}
        for words in split:
            for word in words.keys() - self._places.keys():
                unknown.setdefault(word, len(self._places) + len(unknown))
        places = self._places | unknown if unknown else self._places
        rows = np.repeat(np.arange(len(split)), [len(words) for words in split])
        columns = np.array([places[w] for words in split for w in words], dtype=np.int64)
        counts = np.array([n for words in split for n in words.values()], dtype=np.float64)
        values = counts * self._rarity[np.minimum(columns, len(self._rarity) - 1)]
        shape = (len(split), len(places))
        matrix = scipy.sparse.csr_array((values, (rows, columns)), shape=shape)
        norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)))
        products = np.asarray((matrix @ matrix.T).toarray())
        return np.asarray(products / np.outer(norms, norms))
