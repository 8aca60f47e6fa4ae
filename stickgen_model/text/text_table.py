"""Vectors of distinct sentences, kept in a Parquet file and looked up by sentence.

One file holds the vectors of one encoder. A row is found by the sha256 of the encoder's identity
and the normalised sentence, so a sentence is embedded once however often a dataset says it.
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from datasets_spec.errors import StickgenError
from stickgen_model.text.encoder import (
    TEXT_DIM,
    EncoderIdentity,
    encode_sentences,
    identity_of,
    normalise_sentence,
    pad_vectors,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from stickgen_model.text.encoder import TextEncoder

__all__ = ["TextTable", "TextTableError", "text_key"]

FORMAT: Final = 1
"""Counts changes of `normalise_sentence` and of the file; part of every key."""

_METADATA: Final = b"stickgen_text_encoder"


class TextTableError(StickgenError):
    """A file of vectors cannot be used, or lacks a sentence."""


def text_key(sentence: str, identity: EncoderIdentity) -> str:
    """sha256 of an encoder's identity and a normalised sentence, in hexadecimal."""
    head = json.dumps([FORMAT, identity.to_dict()], sort_keys=True)
    return hashlib.sha256(f"{head}\n{sentence}".encode()).hexdigest()


class TextTable:
    """Vectors by sentence, of one encoder.

    Args:
        identity: The encoder that makes, or made, the vectors.
    """

    def __init__(self, identity: EncoderIdentity) -> None:
        self.identity = identity
        self._rows: dict[str, int] = {}
        self._sentences: list[str] = []
        self._vectors: list[NDArray[np.float32]] = []

    def __len__(self) -> int:
        return len(self._sentences)

    def __contains__(self, text: str) -> bool:
        return self._key(text) in self._rows

    @property
    def sentences(self) -> tuple[str, ...]:
        """The sentences, normalised, in the order they came in."""
        return tuple(self._sentences)

    def _key(self, text: str) -> str:
        return text_key(normalise_sentence(text), self.identity)

    def add(self, texts: Iterable[str], encoder: TextEncoder, *, batch_size: int = 256) -> int:
        """Embed the sentences that are not there yet, each once.

        Args:
            texts: Sentences as written.
            encoder: Must be the one of this table.
            batch_size: Sentences an encoder gets at a time.

        Returns:
            How many were embedded.

        Raises:
            EncoderMismatchError: If the encoder is another.
        """
        self.identity.check_same(identity_of(encoder), where="text table")
        distinct = dict.fromkeys(normalise_sentence(text) for text in texts)
        missing = [s for s in distinct if text_key(s, self.identity) not in self._rows]
        for start in range(0, len(missing), batch_size):
            part = missing[start : start + batch_size]
            for sentence, vector in zip(part, encode_sentences(encoder, part), strict=True):
                self._put(sentence, vector)
        return len(missing)

    def _put(self, sentence: str, vector: NDArray[np.float32]) -> None:
        self._rows[text_key(sentence, self.identity)] = len(self._sentences)
        self._sentences.append(sentence)
        self._vectors.append(vector)

    def look_up(self, texts: Sequence[str], *, dim: int = TEXT_DIM) -> NDArray[np.float32]:
        """Vectors of sentences, padded with zeros to the width of the model.

        Args:
            texts: N sentences as written.
            dim: Wanted width.

        Returns:
            Shape (N, dim), float32.

        Raises:
            TextTableError: If a sentence is not there.
        """
        keys = [self._key(text) for text in texts]
        absent = [text for text, key in zip(texts, keys, strict=True) if key not in self._rows]
        if absent:
            msg = (
                f"expected vectors of {self.identity.name} for all texts, {len(absent)} are not in "
                f"the table, first {absent[0]!r}; add them with the encoder"
            )
            raise TextTableError(msg)
        found = np.zeros((len(keys), self.identity.dim), dtype=np.float32)
        for row, key in enumerate(keys):
            found[row] = self._vectors[self._rows[key]]
        return pad_vectors(found, dim=dim)

    def save(self, path: Path) -> None:
        """Write the table; a reader sees the old file or the new one, never a part."""
        dim = self.identity.dim
        flat = np.concatenate(self._vectors) if self._vectors else np.zeros(0, dtype=np.float32)
        vectors = pa.FixedSizeListArray.from_arrays(pa.array(flat, pa.float32()), dim)
        keys = [text_key(sentence, self.identity) for sentence in self._sentences]
        table = pa.table(
            {
                "key": pa.array(keys, pa.string()),
                "text": pa.array(self._sentences, pa.string()),
                "vector": vectors,
            }
        )
        about = json.dumps({"format": FORMAT, **self.identity.to_dict()}).encode()
        table = table.replace_schema_metadata({_METADATA: about})
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        try:
            with part.open("wb") as sink:
                pq.write_table(table, sink, compression="zstd")
                sink.flush()
                os.fsync(sink.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    @classmethod
    def load(cls, path: Path, *, identity: EncoderIdentity | None = None) -> TextTable:
        """Read a table.

        Args:
            path: The file.
            identity: The encoder it must be of; None takes any.

        Raises:
            EncoderMismatchError: If it is of another encoder.
            TextTableError: If the file is not one of these, or is damaged.
        """
        try:
            table = pq.read_table(path)
        except (OSError, pa.ArrowException) as error:
            msg = f"{path}: expected a Parquet file of text vectors ({error}); delete it to rebuild"
            raise TextTableError(msg) from error
        found = _identity_in(table, path)
        if identity is not None:
            identity.check_same(found, where=str(path))
        loaded = cls(found)
        vectors = table.column("vector").combine_chunks().flatten().to_numpy(zero_copy_only=False)
        vectors = np.asarray(vectors, dtype=np.float32).reshape(-1, found.dim)
        sentences = table.column("text").to_pylist()
        if len(vectors) != len(sentences) or not np.isfinite(vectors).all():
            msg = f"{path}: expected a finite vector for every text; delete it to rebuild"
            raise TextTableError(msg)
        for sentence, vector in zip(sentences, vectors, strict=True):
            loaded._put(sentence, vector)
        if list(loaded._rows) != table.column("key").to_pylist():
            msg = f"{path}: keys and texts do not agree, the file is damaged; delete it to rebuild"
            raise TextTableError(msg)
        return loaded


def _identity_in(table: pa.Table, path: Path) -> EncoderIdentity:
    """The encoder that a file names."""
    about = (table.schema.metadata or {}).get(_METADATA)
    names = {"key", "text", "vector"}
    if about is None or not names <= set(table.column_names):
        msg = f"{path}: expected columns {sorted(names)} and an encoder, got {table.column_names}"
        raise TextTableError(msg)
    values = json.loads(about)
    if values.pop("format", None) != FORMAT:
        msg = f"{path}: expected format {FORMAT} of text vectors; delete it to rebuild"
        raise TextTableError(msg)
    return EncoderIdentity.from_dict(values, where=str(path))
