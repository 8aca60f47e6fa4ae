"""Stand-ins for what pickles of motion and body models hold; none of them runs foreign code.

numpy's own unpickling trusts the state it is given, so arrays and data types are rebuilt here from
checked parts.
"""

from __future__ import annotations

import math
import re
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from datasets_spec.errors import RejectError
from datasets_spec.rejection import RejectReason

__all__ = [
    "PickledArray",
    "PickledChumpy",
    "PickledDtype",
    "PickledRows",
    "PickledSparse",
    "array_from_buffer",
    "encode_latin1",
    "make_bytes",
    "make_scalar",
    "plain_array",
    "plain_text",
    "reconstruct_array",
    "reconstruct_object",
]

_PLAIN_CODE: Final = re.compile(r"[<>|=]?([biuf][1248]|f16|O8?|[SUV]\d{0,6}|[?bBhHiIlLqQefd])")
_MAX_DIMENSIONS: Final = 8


def _bad(what: str) -> RejectError:
    return RejectError(RejectReason.MALFORMED, f"pickle: {what}; save the data as npz")


def _as_bytes(raw: object) -> bytes | bytearray:
    if isinstance(raw, str):  # a byte string of Python 2, read as latin1
        raw = raw.encode("latin1", errors="replace")
    if not isinstance(raw, bytes | bytearray):
        what = f"expected the bytes of an array, got {type(raw).__name__}"
        raise _bad(what)
    return raw


class PickledDtype:
    """A numpy data type: plain numbers, text or objects, no records."""

    def __init__(self, code: object = "", *_: object) -> None:
        code = code.decode("latin1") if isinstance(code, bytes) else code
        if not isinstance(code, str) or not _PLAIN_CODE.fullmatch(code):
            what = f"expected a plain data type, got {str(code)[:40]!r}"
            raise _bad(what)
        self.code = code
        self.order = ""

    def __setstate__(self, state: object) -> None:
        if not isinstance(state, tuple) or len(state) < 5 or state[2:5] != (None, None, None):
            what = "expected a plain data type, got one with fields"
            raise _bad(what)
        order = state[1].decode("latin1") if isinstance(state[1], bytes) else state[1]
        self.order = order if order in ("<", ">", "=") else ""

    def build(self) -> np.dtype[Any]:
        """The data type in numpy's form."""
        dtype: np.dtype[Any] = np.dtype(self.code)
        if self.order == ">":
            return dtype.newbyteorder(">")
        return dtype.newbyteorder("<") if self.order == "<" else dtype


class PickledArray:
    """A numpy array, set from shape, data type and bytes."""

    def __init__(self) -> None:
        self.value: NDArray[Any] = np.zeros(0)
        self.objects: list[Any] | None = None

    def __setstate__(self, state: object) -> None:
        if not isinstance(state, tuple) or len(state) != 5:
            what = "expected an array as version, shape, type, order, bytes"
            raise _bad(what)
        _, shape, dtype, fortran, raw = state
        self.fill(shape, dtype, "F" if fortran else "C", raw)

    def fill(self, shape: object, dtype: object, order: str, raw: object) -> None:
        """Check the parts against each other, then set the value."""
        sizes = shape if isinstance(shape, tuple) else (shape,)
        if len(sizes) > _MAX_DIMENSIONS or any(type(s) is not int or s < 0 for s in sizes):
            what = f"expected an array shape of whole numbers, got {str(shape)[:60]}"
            raise _bad(what)
        if not isinstance(dtype, PickledDtype):
            what = f"expected a numpy data type, got {type(dtype).__name__}"
            raise _bad(what)
        built = dtype.build()
        if built.hasobject:
            self.objects = list(raw) if isinstance(raw, list) else []
            return
        data = _as_bytes(raw)
        if math.prod(sizes) * built.itemsize != len(data) or not built.itemsize:
            what = f"an array of shape {sizes} and type {built} has {len(data)} bytes"
            raise _bad(what)
        flat: NDArray[Any] = np.frombuffer(data, dtype=built)
        self.value = flat.reshape(sizes, order="F" if order == "F" else "C")


class PickledSparse:
    """A scipy matrix in compressed rows or columns, kept as its parts."""

    by_rows = False

    def __init__(self, *_: object) -> None:
        self.state: dict[Any, Any] = {}

    def __setstate__(self, state: object) -> None:
        self.state = state if isinstance(state, dict) else {}

    def build(self) -> NDArray[np.float64]:
        """The dense matrix."""
        get = self.state.get
        shape = get("_shape", get("shape"))
        if (
            not isinstance(shape, tuple)
            or len(shape) != 2
            or any(type(s) is not int for s in shape)
        ):
            what = f"expected a sparse matrix with a shape, got {str(shape)[:60]}"
            raise _bad(what)
        if not 0 <= math.prod(shape) <= 1 << 26:
            what = f"expected a small sparse matrix, got {shape}"
            raise RejectError(RejectReason.TOO_LARGE, f"pickle: {what}")
        parts = (
            plain_array(get("data")),
            plain_array(get("indices")).astype(np.int64),
            plain_array(get("indptr")).astype(np.int64),
        )
        kind = sparse.csr_matrix if self.by_rows else sparse.csc_matrix
        try:
            matrix = kind(parts, shape=shape)
            matrix.check_format(full_check=True)  # indices out of range would write past the end
            return np.asarray(matrix.toarray(), dtype=np.float64)
        except (ValueError, TypeError, IndexError) as error:
            what = f"the parts of a sparse matrix do not fit ({error})"
            raise _bad(what) from error


class PickledRows(PickledSparse):
    """A matrix in compressed rows."""

    by_rows = True


class PickledChumpy:
    """An array of chumpy, a package that no longer runs; its value lies under `x`."""

    def __init__(self, *_: object, **__: object) -> None:
        self.state: dict[Any, Any] = {}

    def __setstate__(self, state: object) -> None:
        if isinstance(state, tuple) and state:
            state = state[0]
        self.state = state if isinstance(state, dict) else {}


_REBUILT: Final = (PickledChumpy, PickledSparse, PickledRows)


def reconstruct_array(kind: object, *_: object) -> PickledArray:
    """In place of numpy's `_reconstruct`: an empty array, whatever size is asked for."""
    if kind is not PickledArray:
        what = "expected a numpy array"
        raise _bad(what)
    return PickledArray()


def reconstruct_object(kind: object, *_: object) -> object:
    """In place of `copyreg._reconstructor`: only stand-ins of this module are made."""
    if isinstance(kind, type) and issubclass(kind, _REBUILT):
        return kind()
    what = "expected an array of chumpy or scipy"
    raise _bad(what)


def array_from_buffer(raw: object, dtype: object, shape: object, order: object) -> PickledArray:
    """In place of numpy's `_frombuffer` (pickle protocol 5)."""
    array = PickledArray()
    array.fill(shape, dtype, str(order), raw)
    return array


def make_scalar(dtype: object, raw: object = b"") -> object:
    """In place of numpy's `scalar`."""
    if isinstance(dtype, PickledDtype) and dtype.build().hasobject:
        return raw
    array = PickledArray()
    array.fill((), dtype, "C", raw)
    return array


def encode_latin1(text: object, encoding: object = "latin1") -> bytes:
    """In place of `_codecs.encode`, by which protocol 2 writes byte strings."""
    if not isinstance(text, str) or encoding not in ("latin1", "latin-1"):
        what = f"expected latin1 bytes, got {str(encoding)[:20]!r}"
        raise _bad(what)
    return text.encode("latin1", errors="replace")


def make_bytes(raw: object = b"", encoding: object = None) -> bytes:
    """In place of `bytes` and `bytearray`: never a number of zeros."""
    if isinstance(raw, str):
        return encode_latin1(raw, encoding or "latin1")
    if not isinstance(raw, bytes | bytearray):
        what = f"expected bytes, got {type(raw).__name__}"
        raise _bad(what)
    return bytes(raw)


def plain_array(value: object) -> NDArray[np.float64]:
    """The numbers behind an unpickled value.

    Returns:
        float64, its own shape.

    Raises:
        RejectError: malformed, if it holds no plain numbers.
    """
    if isinstance(value, PickledChumpy):
        if "x" not in value.state:
            what = "a composed chumpy array has no stored value"
            raise _bad(what)
        value = value.state["x"]
    if isinstance(value, PickledSparse):
        return value.build()
    if isinstance(value, PickledArray):
        if value.objects is not None or value.value.dtype.kind not in "biuf":
            what = "expected numbers, got an array of other things"
            raise _bad(what)
        return value.value.astype(np.float64)
    if not isinstance(value, int | float | list | tuple):
        what = f"expected numbers, got {type(value).__name__}"
        raise _bad(what)
    try:
        return np.array(value, dtype=np.float64)
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        what = "expected numbers, got a list of other things"
        raise _bad(what) from error


def plain_text(value: object) -> str | None:
    """The text behind an unpickled value, stripped; None if it is none."""
    if isinstance(value, PickledArray):
        found = value.objects
        if found is None:
            found = value.value.reshape(-1)[:1].tolist()
        value = found[0] if found else None
    if isinstance(value, bytes):
        value = value.decode("utf-8", errors="replace")
    return value.strip() if isinstance(value, str) else None
