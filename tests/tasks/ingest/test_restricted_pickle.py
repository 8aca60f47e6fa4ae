from __future__ import annotations

import collections
import io
import os
import pickle
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import sparse

from datasets_spec.errors import RejectError
from datasets_spec.rejection import RejectReason
from tasks.ingest import pickle_values, restricted_pickle
from tasks.ingest.pickle_values import plain_array, plain_text
from tasks.ingest.restricted_pickle import load_pickle, unpickle


def _reason(data: bytes) -> RejectReason:
    with pytest.raises(RejectError) as caught:
        unpickle(data)
    return caught.value.reason


class _Calls:
    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> Any:
        return self.call


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_plain_data_survives(protocol: int) -> None:
    grid = np.arange(6.0).reshape(2, 3)
    data = {
        "grid": grid,
        "fortran": np.asfortranarray(grid.astype(">f4")),
        "empty": np.zeros((0, 3)),
        "scalar": np.float64(59.94),
        "float": 59.94,
        "list": [1, 2.5],
        "sparse": sparse.csc_matrix(grid),
        "rows": sparse.csr_matrix(grid),
        "order": collections.OrderedDict(a=1),
        "set": {1, 2},
        "words": [np.array("male"), np.array(["male"], object), np.str_("male"), "male", b"male"],
    }
    read = unpickle(pickle.dumps(data, protocol=protocol))
    for key in ("grid", "fortran", "sparse", "rows"):
        np.testing.assert_array_equal(plain_array(read[key]), grid)
    assert plain_array(read["empty"]).shape == (0, 3)
    assert plain_array(read["scalar"]) == plain_array(read["float"]) == 59.94
    assert plain_array(read["list"]).tolist() == [1, 2.5]
    assert read["set"] == {1, 2}
    assert read["order"] == {"a": 1}
    assert [plain_text(word) for word in read["words"]] == ["male"] * 5
    assert plain_text(read["grid"]) is None


def test_arrays_written_by_python_2() -> None:
    dtype = b"cnumpy\ndtype\n(S'f8'\nI0\nI1\ntR(I3\nS'<'\nNNNI-1\nI-1\nI0\ntb"
    raw = np.array([1.5, -2.0]).tobytes().decode("latin1").encode("unicode_escape")
    data = (
        b"(dS'trans'\ncnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR"
        b"(I1\n(I2\nt" + dtype + b"I00\nS'" + raw + b"'\ntbs."
    )
    assert plain_array(unpickle(data)["trans"]).tolist() == [1.5, -2.0]


def test_chumpy_arrays_give_their_value() -> None:
    inner = pickle.dumps({"x": np.arange(3.0), "dterms": ("x",)}, protocol=2)
    state = inner[2:-1]  # without PROTO and STOP
    data = b"\x80\x02cchumpy.ch\nCh\n)\x81" + state + b"b."
    assert plain_array(unpickle(data)).tolist() == [0, 1, 2]
    composed = b"\x80\x02cchumpy.reordering\nSelect\n)\x81}b."
    with pytest.raises(RejectError, match="composed"):
        plain_array(unpickle(composed))


@pytest.mark.parametrize(
    ("function", "arguments", "name"),
    [
        (os.system, ("echo broken > {path}",), "system"),
        (eval, ("1+1",), "eval"),
        (getattr, ("a", "upper"), "getattr"),
        (open, ("{path}", "w"), "open"),
        (__import__, ("os",), "__import__"),
        (np.load, ("x",), "load"),
        (np.frombuffer, (b"",), "frombuffer"),
        (pickle.loads, (b"",), "loads"),
        (io.BytesIO, (b"",), "BytesIO"),
    ],
)
@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_nothing_is_run(
    tmp_path: Path, function: Any, arguments: tuple[Any, ...], name: str, protocol: int
) -> None:
    target = tmp_path / "made"
    filled = tuple(a.format(path=target) if isinstance(a, str) else a for a in arguments)
    data = pickle.dumps({"person1": _Calls(function, *filled)}, protocol=protocol)
    with pytest.raises(RejectError, match=f"unsafe: .*{name}"):
        unpickle(data)
    assert not target.exists()


@pytest.mark.parametrize(
    "data",
    [
        b"\x80\x04\x8c\x08builtins\x8c\x04eval\x93.",  # stack global
        b"cos.path\njoin\n.",
        b"\x80\x02cnumpy.core.multiarray\nfromfile\n.",
        b"Pthe persistent one\n.",
        b"\x80\x02\x82\x01.",  # extension registry
        b"\x80\x02Nr\xff\xff\xff\x7f.",  # memo number 2^31
        b"\x80\x02Np99999999999\n.",
    ],
)
def test_names_and_tricks_are_refused(data: bytes) -> None:
    assert _reason(data) is RejectReason.UNSAFE


def test_deep_nesting_and_endless_programs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = b"\x80\x02)" + b"\x85" * 100_000
    assert _reason(deep + b".") is RejectReason.TOO_LARGE
    monkeypatch.setattr(restricted_pickle, "_MAX_OPCODES", 1000)
    assert _reason(b"\x80\x02" + b"N0" * 1000 + b"N.") is RejectReason.TOO_LARGE


def test_faults() -> None:
    whole = pickle.dumps({"a": np.arange(100.0)}, protocol=4)
    assert _reason(b"") is RejectReason.EMPTY
    assert _reason(b"plain text, no pickle") is RejectReason.MALFORMED
    assert _reason(b"\x80\x02.") is RejectReason.MALFORMED
    for end in range(1, len(whole)):
        assert _reason(whole[:end]) in (RejectReason.TRUNCATED, RejectReason.MALFORMED)
    assert _reason(whole[: len(whole) // 2]) is RejectReason.TRUNCATED


@pytest.mark.filterwarnings("ignore:invalid escape sequence:DeprecationWarning")
def test_damaged_bytes_never_break_anything() -> None:
    whole = pickle.dumps({"a": np.arange(9.0), "b": sparse.csc_matrix(np.eye(3))}, protocol=2)
    rng = np.random.default_rng(3)
    for _ in range(1500):
        damaged = bytearray(whole)
        for place in rng.integers(0, len(whole), rng.integers(1, 4)):
            damaged[place] = rng.integers(0, 256)
        try:
            read = unpickle(bytes(damaged))
            if isinstance(read, dict):
                for value in read.values():
                    plain_text(value)
                    plain_array(value)
        except RejectError:
            pass  # anything else would fail the test


def test_arrays_that_lie_about_their_size() -> None:
    state = (1, (10**9,), np.dtype("f8"), False, b"12345678")
    data = pickle.dumps(_Calls(np._core.multiarray._reconstruct, np.ndarray, (0,), b"b"), 2)
    lie = data[:-1] + pickle.dumps(state, protocol=2)[2:-1] + b"b."
    assert _reason(lie) is RejectReason.MALFORMED
    matrix = sparse.csc_matrix(np.eye(3))
    matrix.indices = np.array([0, 1, 99], dtype=np.int32)
    with pytest.raises(RejectError, match="sparse"):
        plain_array(unpickle(pickle.dumps(matrix)))


def test_a_pickle_cannot_change_the_stand_ins() -> None:
    before = pickle_values.encode_latin1.__defaults__
    unpickle(b"\x80\x02c_codecs\nencode\nN}X\x0c\x00\x00\x00__defaults__N\x85s\x86b.")
    assert pickle_values.encode_latin1.__defaults__ == before


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "a.pkl"
    with pytest.raises(RejectError, match=r"unreadable: a\.pkl"):
        load_pickle(path, where="a.pkl")
    path.write_bytes(struct.pack("<I", 7))
    with pytest.raises(RejectError, match=r"malformed: a\.pkl"):
        load_pickle(path, where="a.pkl")
    path.write_bytes(pickle.dumps({"frames": 3}))
    assert load_pickle(path, where="a.pkl") == {"frames": 3}
