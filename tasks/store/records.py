"""Dataclasses that hold arrays as one Arrow IPC file: a record batch each, so reading streams."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import pyarrow as pa

from datasets_spec.errors import StickgenError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

__all__ = ["RecordWriter", "iter_records"]

_SCHEMA: Final = pa.schema(
    [
        pa.field("meta", pa.string(), nullable=False),
        pa.field(
            "arrays",
            pa.list_(
                pa.struct(
                    [
                        pa.field("name", pa.string(), nullable=False),
                        pa.field("dtype", pa.string(), nullable=False),
                        pa.field("shape", pa.list_(pa.int64()), nullable=False),
                        pa.field("data", pa.large_binary(), nullable=False),
                    ]
                )
            ),
            nullable=False,
        ),
    ]
)
_DTYPES: Final = frozenset({"<f4", "<f8", "|u1", "|b1", "<i8"})


class RecordWriter:
    """Append records to a file; use as a context manager."""

    def __init__(self, path: Path) -> None:
        self._sink = pa.OSFile(str(path), "wb")
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        self._writer = pa.ipc.new_file(self._sink, _SCHEMA, options=options)

    def write(self, meta: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
        """Append one record.

        Args:
            meta: JSON-able facts.
            arrays: Arrays by name; float32, float64, uint8, bool or int64.

        Raises:
            TypeError: If an array has another dtype.
        """
        packed = []
        for name, array in arrays.items():
            if array.dtype.str not in _DTYPES:
                msg = f"{name}: expected a dtype of {sorted(_DTYPES)}, got {array.dtype.str}"
                raise TypeError(msg)
            packed.append(
                {
                    "name": name,
                    "dtype": array.dtype.str,
                    "shape": list(array.shape),
                    "data": np.ascontiguousarray(array).tobytes(),
                }
            )
        text = json.dumps(meta, sort_keys=True, ensure_ascii=True)
        columns = [
            pa.array([text], _SCHEMA.field("meta").type),
            pa.array([packed], _SCHEMA.field("arrays").type),
        ]
        self._writer.write_batch(pa.record_batch(columns, schema=_SCHEMA))

    def close(self) -> None:
        """Finish the file."""
        self._writer.close()
        self._sink.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def iter_records(path: Path) -> Iterator[tuple[dict[str, Any], dict[str, NDArray[Any]]]]:
    """Read the records of a file one by one; memory holds one at a time.

    Raises:
        StickgenError: If the file is not such a file, or is damaged.
    """
    try:
        with pa.OSFile(str(path), "rb") as source:
            reader = pa.ipc.open_file(source)
            for number in range(reader.num_record_batches):
                yield _unpack(reader.get_batch(number))
    except (pa.ArrowInvalid, OSError) as error:
        msg = f"{path}: expected a file of records, could not read it: {error}; delete it, rerun"
        raise StickgenError(msg) from error


def _unpack(batch: pa.RecordBatch) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    arrays: dict[str, NDArray[Any]] = {}
    packed = batch.column("arrays")[0]
    for entry in packed:
        dtype = np.dtype(entry["dtype"].as_py())
        shape = tuple(entry["shape"].as_py())
        buffer = entry["data"].as_buffer()
        arrays[entry["name"].as_py()] = np.frombuffer(buffer, dtype=dtype).reshape(shape)
    meta: dict[str, Any] = json.loads(batch.column("meta")[0].as_py())
    return meta, arrays
