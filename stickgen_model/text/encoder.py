"""What a sentence encoder is, what a sentence looks like before it, and the width of the model.

Letters of shapes: N sentences, D width of the encoder.
"""

from __future__ import annotations

import unicodedata
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from datasets_spec.errors import StickgenError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

__all__ = [
    "TEXT_DIM",
    "EncoderIdentity",
    "EncoderMismatchError",
    "TextEncoder",
    "encode_sentences",
    "identity_of",
    "normalise_sentence",
    "pad_vectors",
]

TEXT_DIM: Final = 1024
"""Width of the text condition of the model: that of BAAI/bge-large-en-v1.5."""

UNIT_TOLERANCE: Final = 1e-3


class EncoderMismatchError(StickgenError):
    """Vectors of one encoder meet a model or a table of another."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EncoderIdentity:
    """Which encoder made vectors; stored with them and with every checkpoint.

    Attributes:
        name: Hub name, or name of the package that holds the weights.
        dim: Width before padding.
        normalised: True where every vector has length 1.
    """

    name: str
    dim: int
    normalised: bool = True

    def to_dict(self) -> dict[str, str | int | bool]:
        """As plain values, for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, object], *, where: str) -> EncoderIdentity:
        """Back from plain values.

        Raises:
            EncoderMismatchError: If a value is missing or of another type.
        """
        name, dim = values.get("name"), values.get("dim")
        normalised = values.get("normalised")
        if not (isinstance(name, str) and isinstance(dim, int) and isinstance(normalised, bool)):
            msg = f"{where}: expected an encoder's name, dim and normalised, got {dict(values)}"
            raise EncoderMismatchError(msg)
        return cls(name=name, dim=dim, normalised=normalised)

    def check_same(self, other: EncoderIdentity, *, where: str) -> None:
        """Refuse vectors of another encoder.

        Args:
            other: What is offered.
            where: The file or model that this identity came from.

        Raises:
            EncoderMismatchError: If anything differs.
        """
        if self != other:
            msg = (
                f"{where}: expected text vectors of {self.describe()}, got {other.describe()}; "
                "load the first encoder, or embed the texts again and train with the second"
            )
            raise EncoderMismatchError(msg)

    def describe(self) -> str:
        """In words."""
        return f"{self.name} ({self.dim}-d, {'unit length' if self.normalised else 'any length'})"


class TextEncoder(Protocol):
    """Sentences to unit vectors."""

    @property
    def name(self) -> str:
        """Name that makes the same vectors again."""

    @property
    def dim(self) -> int:
        """Width D."""

    def encode(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of length 1, shape (N, D), float32; equal sentences give equal vectors."""


def identity_of(encoder: TextEncoder) -> EncoderIdentity:
    """The identity of an encoder."""
    return EncoderIdentity(name=encoder.name, dim=encoder.dim)


def normalise_sentence(text: str) -> str:
    """The form of a sentence that is embedded, in training and in serving alike.

    Compatibility characters are unfolded (NFKC), control characters and runs of white space become
    one space, letters become small, full stops at the end are dropped: none of it changes what is
    to be done, and each would change the vector. Applying it twice changes nothing.
    """
    folded = unicodedata.normalize("NFKC", text).lower()
    # lowering can bring back what NFKC composes, and the other way round
    folded = unicodedata.normalize("NFKC", folded).lower()
    if not folded.isprintable():  # control characters are not, nor are a few others
        folded = "".join(" " if unicodedata.category(c) in ("Cc", "Cf") else c for c in folded)
    return " ".join(folded.split()).rstrip(". ")


def encode_sentences(encoder: TextEncoder, sentences: Sequence[str]) -> NDArray[np.float32]:
    """Vectors of normalised sentences, checked.

    Args:
        encoder: Any encoder.
        sentences: N sentences after `normalise_sentence`; an empty one gives the zero vector,
            which is "no text" to the model.

    Returns:
        Shape (N, D), float32.

    Raises:
        ValueError: If the encoder returns another shape, or vectors that are not of length 1.
    """
    vectors = np.zeros((len(sentences), encoder.dim), dtype=np.float32)
    rows = [row for row, sentence in enumerate(sentences) if sentence]
    if not rows:
        return vectors
    found = np.asarray(encoder.encode([sentences[row] for row in rows]), dtype=np.float32)
    if found.shape != (len(rows), encoder.dim):
        msg = f"{encoder.name}: expected ({len(rows)}, {encoder.dim}) vectors, got {found.shape}"
        raise ValueError(msg)
    lengths = np.linalg.norm(found, axis=1)
    if not (np.abs(lengths - 1.0) <= UNIT_TOLERANCE).all():
        worst = sentences[rows[int(np.argmax(np.abs(lengths - 1.0)))]]
        msg = f"{encoder.name}: expected vectors of length 1, got another for {worst!r}"
        raise ValueError(msg)
    vectors[rows] = found
    return vectors


def pad_vectors(vectors: NDArray[np.float32], *, dim: int = TEXT_DIM) -> NDArray[np.float32]:
    """Widen vectors with zeros, so that a narrow encoder fits the model; lengths stay.

    Args:
        vectors: Shape (N, D).
        dim: Wanted width.

    Returns:
        Shape (N, dim), float32.

    Raises:
        ValueError: If the vectors are wider.
    """
    if vectors.ndim != 2 or vectors.shape[1] > dim:
        msg = f"expected vectors of shape (N, at most {dim}), got {vectors.shape}"
        raise ValueError(msg)
    return np.pad(vectors, ((0, 0), (0, dim - vectors.shape[1]))).astype(np.float32, copy=False)
