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
_COLUMNS: Final = ("key", "text", "vector")
_ROWS: Final = 16_384
"""Rows read and written at a time."""


class TextTableError(StickgenError):
    """A file of vectors cannot be used, or lacks a sentence."""


def text_key(sentence: str, identity: EncoderIdentity) -> str:
    """sha256 of an encoder's identity and a normalised sentence, in hexadecimal."""
    return _keys_of([sentence], identity)[0]


def _keys_of(sentences: Sequence[str], identity: EncoderIdentity) -> list[str]:
    """The keys of many sentences; what they share is hashed once."""
    head = json.dumps([FORMAT, identity.to_dict()], sort_keys=True)
    begun = hashlib.sha256(f"{head}\n".encode())
    keys = []
    for sentence in sentences:
        digest = begun.copy()
        digest.update(sentence.encode())
        keys.append(digest.hexdigest())
    return keys


class TextTable:
    """Vectors by sentence, of one encoder.

    All vectors lie in one array that grows ahead of need; 100,000 sentences of 384 numbers take
    about 170 MB.

    Args:
        identity: The encoder that makes, or made, the vectors.
    """

    def __init__(self, identity: EncoderIdentity) -> None:
        self.identity = identity
        # sentence to row, in order of rows: the encoder is the same for all, so keys are not needed
        self._rows: dict[str, int] = {}
        self._vectors = np.empty((0, identity.dim), dtype=np.float32)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, text: str) -> bool:
        return normalise_sentence(text) in self._rows

    @property
    def sentences(self) -> tuple[str, ...]:
        """The sentences, normalised, in the order they came in."""
        return tuple(self._rows)

    def missing(self, texts: Iterable[str]) -> list[str]:
        """The sentences that have no vector yet, normalised, each once.

        Args:
            texts: Sentences as written.
        """
        distinct = dict.fromkeys(normalise_sentence(text) for text in texts)
        return [sentence for sentence in distinct if sentence not in self._rows]

    def reserve(self, count: int) -> None:
        """Make room for `count` more sentences at once, so that adding them copies nothing."""
        wanted = len(self) + count
        if wanted > len(self._vectors):
            grown = np.empty((wanted, self.identity.dim), dtype=np.float32)
            grown[: len(self)] = self._vectors[: len(self)]
            self._vectors = grown

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
        missing = self.missing(texts)
        if len(self) + len(missing) > len(self._vectors):
            self.reserve(max(len(missing), len(self) // 2))
        for start in range(0, len(missing), batch_size):
            part = missing[start : start + batch_size]
            self._put(part, encode_sentences(encoder, part))
        return len(missing)

    def _put(self, sentences: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Append rows; there must be room, and none of the sentences may be there."""
        first = len(self)
        self._vectors[first : first + len(sentences)] = vectors
        self._rows.update(zip(sentences, range(first, first + len(sentences)), strict=True))

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
        rows = [self._rows.get(normalise_sentence(text), -1) for text in texts]
        absent = [text for text, row in zip(texts, rows, strict=True) if row < 0]
        if absent:
            msg = (
                f"expected vectors of {self.identity.name} for all texts, {len(absent)} are not in "
                f"the table, first {absent[0]!r}; add them with the encoder"
            )
            raise TextTableError(msg)
        if dim == self.identity.dim:
            return self._vectors[np.asarray(rows, dtype=np.int64)]
        return pad_vectors(self._vectors[np.asarray(rows, dtype=np.int64)], dim=dim)

    def save(self, path: Path) -> None:
        """Write the table; a reader sees the old file or the new one, never a part."""
        table = self._as_arrow()
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        try:
            with part.open("wb") as sink:
                # unit vectors do not compress: it would only cost time
                pq.write_table(
                    table, sink, compression="none", use_dictionary=False, row_group_size=_ROWS
                )
                sink.flush()
                os.fsync(sink.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    def _as_arrow(self) -> pa.Table:
        """The columns of the file; the vectors are not copied."""
        number = pa.field("element", pa.float32(), nullable=False)
        flat = pa.array(self._vectors[: len(self)].reshape(-1), pa.float32())
        vectors = pa.FixedSizeListArray.from_arrays(flat, type=pa.list_(number, self.identity.dim))
        about = json.dumps({"format": FORMAT, **self.identity.to_dict()}).encode()
        fields = [
            pa.field("key", pa.string()),
            pa.field("text", pa.string()),
            pa.field("vector", vectors.type, nullable=False),
        ]
        sentences = list(self._rows)
        return pa.table(
            [_keys_of(sentences, self.identity), sentences, vectors],
            schema=pa.schema(fields, metadata={_METADATA: about}),
        )

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
            with pq.ParquetFile(path) as file:
                found = _identity_in(file.schema_arrow, path)
                if identity is not None:
                    identity.check_same(found, where=str(path))
                loaded = cls(found)
                loaded.reserve(file.metadata.num_rows)
                for batch in file.iter_batches(_ROWS, columns=list(_COLUMNS)):
                    loaded._take(batch, path)
        except (OSError, pa.ArrowException, UnicodeDecodeError) as error:
            msg = f"{path}: expected a Parquet file of text vectors ({error}); delete it to rebuild"
            raise TextTableError(msg) from error
        return loaded

    def _take(self, batch: pa.RecordBatch, path: Path) -> None:
        """Append rows of a file, after a check."""
        keys, sentences = (batch.column(name).to_pylist() for name in _COLUMNS[:2])
        flat = batch.column("vector").flatten().to_numpy(zero_copy_only=False)
        if len(flat) != len(sentences) * self.identity.dim or not np.isfinite(flat).all():
            msg = f"{path}: expected a finite vector for every text; delete it to rebuild"
            raise TextTableError(msg)
        total = len(self) + len(sentences)
        if None not in sentences and _keys_of(sentences, self.identity) == keys:
            self._put(sentences, flat.reshape(-1, self.identity.dim))
        if len(self) != total:  # a wrong key, or a text that is there twice
            msg = f"{path}: keys and texts do not agree, the file is damaged; delete it to rebuild"
            raise TextTableError(msg)


def _identity_in(schema: pa.Schema, path: Path) -> EncoderIdentity:
    """The encoder that a file names."""
    about = (schema.metadata or {}).get(_METADATA)
    if about is None or not set(_COLUMNS) <= set(schema.names):
        msg = f"{path}: expected columns {list(_COLUMNS)} and an encoder, got {schema.names}"
        raise TextTableError(msg)
    try:
        values = json.loads(about)
    except ValueError:
        values = None
    if not isinstance(values, dict) or values.pop("format", None) != FORMAT:
        msg = f"{path}: expected format {FORMAT} of text vectors; delete it to rebuild"
        raise TextTableError(msg)
    return EncoderIdentity.from_dict(values, where=str(path))
