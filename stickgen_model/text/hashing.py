"""A stand-in encoder for tests: no weights, no meaning beyond shared words and letters."""

from __future__ import annotations

import hashlib
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

__all__ = ["HashEncoder"]


class HashEncoder:
    """Words, word pairs and letter triples, hashed into a vector of length 1.

    A stand-in only: synonyms are as far apart as any two words. The same sentence gives the same
    vector on every machine.

    Args:
        dim: Width, >= 8.
    """

    def __init__(self, dim: int = 256) -> None:
        if dim < 8:
            msg = f"expected a width of at least 8, got {dim}"
            raise ValueError(msg)
        self._dim = dim

    @property
    def name(self) -> str:
        """Name with the width."""
        return f"hash-{self._dim}"

    @property
    def dim(self) -> int:
        """Width D."""
        return self._dim

    def encode(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of length 1, shape (N, D), float32."""
        vectors = np.zeros((len(sentences), self._dim))
        for row, sentence in enumerate(sentences):
            for gram, weight in _grams(sentence):
                digest = hashlib.blake2b(gram.encode(), digest_size=8).digest()
                number = int.from_bytes(digest, "little")
                vectors[row, (number >> 1) % self._dim] += weight * (1 - 2 * (number & 1))
            if not vectors[row].any():  # nothing in it, or all of it cancelled
                vectors[row, 0] = 1.0
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors.astype(np.float32)


def _grams(sentence: str) -> Iterator[tuple[str, float]]:
    words = sentence.split()
    for word in words:
        yield f"w {word}", 1.0
        padded = f"<{word}>"
        for start in range(len(padded) - 2):
            yield f"c {padded[start : start + 3]}", 0.3
    for first, second in pairwise(words):
        yield f"p {first} {second}", 0.5
