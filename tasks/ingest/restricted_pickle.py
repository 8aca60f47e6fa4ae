"""Unpickle data of motion and body models without ever running code of the pickle.

Two fences: the opcodes are scanned first (sizes, counts, memory tricks), and every name that the
pickle asks for is answered with a stand-in of our own or refused.
"""

from __future__ import annotations

import collections
import io
import pickle
import pickletools
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final

from datasets_spec.errors import RejectError
from datasets_spec.rejection import RejectReason
from tasks.ingest import pickle_values

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["MAX_PICKLE_BYTES", "load_pickle", "unpickle"]

MAX_PICKLE_BYTES: Final = 1 << 30
"""SMPL-X models as pickles take about 0.55 GB."""
_OPCODES: Final = {opcode.code: opcode for opcode in pickletools.opcodes}
_MAX_OPCODES: Final = 2_000_000
_MAX_COMPOSED: Final = 20_000
"""Nested tuples and objects: a deeper nesting can overflow the C stack when it is hashed."""
_MAX_MEMO: Final = 1_000_000
_COMPOSING: Final = frozenset(
    {"TUPLE", "TUPLE1", "TUPLE2", "TUPLE3", "FROZENSET", "REDUCE", "BUILD", "NEWOBJ", "NEWOBJ_EX"}
)
_FORBIDDEN_OPCODES: Final = frozenset({"PERSID", "BINPERSID", "EXT1", "EXT2", "EXT4"})
_FAULTS: Final = (
    pickle.UnpicklingError,
    EOFError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    ImportError,
    OverflowError,
    RecursionError,
    AssertionError,
    DeprecationWarning,  # an odd escape in damaged text, where warnings are errors
)


def _copy(function: Any) -> FunctionType:
    # BUILD may set attributes of whatever lies on the stack: a copy dies with the unpickler
    return FunctionType(
        function.__code__, function.__globals__, function.__name__, function.__defaults__
    )


def _allowed() -> dict[tuple[str, str], Any]:
    names: dict[tuple[str, str], Any] = {
        ("numpy", "ndarray"): pickle_values.PickledArray,
        ("numpy", "dtype"): pickle_values.PickledDtype,
        ("_codecs", "encode"): _copy(pickle_values.encode_latin1),
        ("collections", "OrderedDict"): collections.OrderedDict,
    }
    for core in ("numpy.core", "numpy._core"):
        names[f"{core}.multiarray", "_reconstruct"] = _copy(pickle_values.reconstruct_array)
        names[f"{core}.multiarray", "scalar"] = _copy(pickle_values.make_scalar)
        names[f"{core}.numeric", "_frombuffer"] = _copy(pickle_values.array_from_buffer)
    for builtins in ("builtins", "__builtin__"):
        for kind in (set, frozenset, list, dict, tuple):
            names[builtins, kind.__name__] = kind
        names[builtins, "object"] = object()  # only ever an argument of _reconstructor
        names[builtins, "bytes"] = _copy(pickle_values.make_bytes)
        names[builtins, "bytearray"] = _copy(pickle_values.make_bytes)
    for copyreg in ("copyreg", "copy_reg"):
        names[copyreg, "_reconstructor"] = _copy(pickle_values.reconstruct_object)
    for end in ("matrix", "array"):
        for module in ("scipy.sparse", "scipy.sparse.csc", "scipy.sparse._csc"):
            names[module, f"csc_{end}"] = pickle_values.PickledSparse
        for module in ("scipy.sparse", "scipy.sparse.csr", "scipy.sparse._csr"):
            names[module, f"csr_{end}"] = pickle_values.PickledRows
    return names


class _RestrictedUnpickler(pickle.Unpickler):
    def __init__(self, data: bytes) -> None:
        super().__init__(io.BytesIO(data), encoding="latin1")
        self._allowed = _allowed()

    def find_class(self, module: str, name: str) -> Any:
        found = self._allowed.get((module, name))
        if found is not None:
            return found
        if module.split(".", 1)[0] == "chumpy":
            return pickle_values.PickledChumpy
        detail = (
            f"the pickle asks for {module[:60]}.{name[:60]}, which is not plain data; nothing of "
            "it was run. Use a file from the publisher, or one saved as npz"
        )
        raise RejectError(RejectReason.UNSAFE, detail)


def _damaged(data: bytes, error: BaseException) -> RejectError:
    # every pickle ends with the opcode STOP
    cut = data[:1] in (b"\x80", b"(") and not data.rstrip(b"\r\n").endswith(b".")
    reason = RejectReason.TRUNCATED if cut else RejectReason.MALFORMED
    return RejectError(reason, f"expected a whole pickle, got {str(error)[:120] or 'a cut one'}")


def _opcodes(data: bytes) -> Iterator[tuple[str, Any]]:
    """Names and arguments of all opcodes; text lines of protocol 0 stay unread.

    `pickletools.genops` does the same, but insists on ASCII where Python 2 wrote any byte.
    """
    stream = io.BytesIO(data)
    while True:
        code = stream.read(1)
        opcode = _OPCODES.get(code.decode("latin1"))
        if opcode is None:
            what = f"unknown opcode {code!r}" if code else "no end"
            raise ValueError(what)
        argument = None
        if opcode.name == "STRING":
            stream.readline()
        elif opcode.arg is not None:
            argument = opcode.arg.reader(stream)
        yield opcode.name, argument
        if opcode.name == "STOP":
            return


def _scan(data: bytes) -> None:
    composed = 0
    try:
        for count, (name, argument) in enumerate(_opcodes(data)):
            composed += name in _COMPOSING
            if count >= _MAX_OPCODES or composed > _MAX_COMPOSED:
                detail = f"expected a pickle of arrays, got more than {count} opcodes"
                raise RejectError(RejectReason.TOO_LARGE, detail)
            if name in _FORBIDDEN_OPCODES:
                detail = f"the pickle uses {name}, which plain data never needs"
                raise RejectError(RejectReason.UNSAFE, detail)
            # the unpickler makes room for every index up to the one that is named
            if name.endswith("PUT") and isinstance(argument, int) and argument > _MAX_MEMO:
                detail = f"the pickle stores value number {argument}: expected <= {_MAX_MEMO}"
                raise RejectError(RejectReason.UNSAFE, detail)
    except _FAULTS as error:
        raise _damaged(data, error) from error


def unpickle(data: bytes) -> Any:
    """Load a pickle of plain containers, numbers, text and arrays.

    Arrays come as stand-ins: use `pickle_values.plain_array` and `plain_text` on the values.

    Args:
        data: The whole pickle, of any protocol, written by Python 2 or 3.

    Returns:
        The object.

    Raises:
        RejectError: unsafe (names what it asked for), empty, truncated, malformed, too_large.
    """
    if not data:
        raise RejectError(RejectReason.EMPTY, "expected a pickle, got no bytes")
    if len(data) > MAX_PICKLE_BYTES:
        detail = f"expected at most {MAX_PICKLE_BYTES} bytes of pickle, got {len(data)}"
        raise RejectError(RejectReason.TOO_LARGE, detail)
    _scan(data)
    try:
        return _RestrictedUnpickler(data).load()
    except _FAULTS as error:
        raise _damaged(data, error) from error
    except MemoryError as error:
        detail = "the pickle asks for more memory than there is"
        raise RejectError(RejectReason.TOO_LARGE, detail) from error


def load_pickle(path: Path, *, where: str) -> Any:
    """Load a file; see `unpickle`.

    Args:
        path: The file.
        where: What to call it in messages.

    Raises:
        RejectError: As `unpickle`, and unreadable.
    """
    try:
        size = path.stat().st_size
        if size > MAX_PICKLE_BYTES:
            detail = f"{where}: expected at most {MAX_PICKLE_BYTES} bytes, got {size}"
            raise RejectError(RejectReason.TOO_LARGE, detail)
        data = path.read_bytes()
    except OSError as error:
        detail = f"{where}: cannot be read ({error.strerror or error}); check its rights"
        raise RejectError(RejectReason.UNREADABLE, detail) from error
    try:
        return unpickle(data)
    except RejectError as error:
        raise RejectError(error.reason, f"{where}: {error.detail}") from error
