from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from datasets_spec.errors import RejectError
from datasets_spec.rejection import RejectReason
from tasks.ingest.npy_stream import read_numbers
from tasks.ingest.npz_file import open_npz, read_npy_file


def _npy(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array)
    return stream.getvalue()


def _raw_header(header: str, data: bytes = b"", version: int = 1) -> bytes:
    text = header.encode("latin1")
    return b"\x93NUMPY" + bytes([version, 0]) + len(text).to_bytes(2, "little") + text + data


def _reason(data: bytes, **options: object) -> RejectReason:
    with pytest.raises(RejectError) as caught:
        read_numbers(io.BytesIO(data), where="x", **options)  # type: ignore[arg-type]
    return caught.value.reason


def _npz_reason(path: Path, key: str = "poses") -> RejectReason:
    with pytest.raises(RejectError) as caught, open_npz(path, where=path.name) as file:
        file.numbers(key)
    return caught.value.reason


@given(
    hnp.arrays(
        st.sampled_from(["<f8", ">f8", "<f4", ">f4", "<f2", "<i4", ">i2", "|u1", "|b1", "<i8"]),
        hnp.array_shapes(min_dims=0, max_dims=3, max_side=7),
    ),
    st.sampled_from("CF"),
)
def test_numbers_agree_with_numpy(array: np.ndarray, order: str) -> None:
    stored = np.asarray(array, order=order)  # type: ignore[call-overload]
    read = read_numbers(io.BytesIO(_npy(stored)), where="x")
    assert read.dtype in (np.float32, np.float64)
    assert read.dtype.isnative
    np.testing.assert_array_equal(read, array.astype(np.float64))


@given(
    hnp.arrays("<f4", hnp.array_shapes(min_dims=2, max_dims=3, min_side=0, max_side=9)),
    st.integers(1, 12),
    st.sampled_from("CF"),
)
def test_first_columns_are_those_of_the_whole(array: np.ndarray, columns: int, order: str) -> None:
    stored = np.asarray(array, order=order)  # type: ignore[call-overload]
    read = read_numbers(io.BytesIO(_npy(stored)), where="x", columns=columns)
    flat = array.reshape(len(array), int(np.prod(array.shape[1:])))
    np.testing.assert_array_equal(read, flat[:, :columns])


def test_headers_of_python_2_are_read() -> None:
    header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2L, 3L), }\n"
    read = read_numbers(io.BytesIO(_raw_header(header, np.arange(6.0).tobytes())), where="x")
    assert read.tolist() == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", RejectReason.EMPTY),
        (b"hello, I am text", RejectReason.MALFORMED),
        (b"\x93NUM", RejectReason.TRUNCATED),
        (_npy(np.zeros((9, 9)))[:30], RejectReason.TRUNCATED),
        (_npy(np.zeros((9, 9)))[:-1], RejectReason.TRUNCATED),
        (_npy(np.zeros(3, dtype=complex)), RejectReason.MALFORMED),
        (_npy(np.array(["a"])), RejectReason.MALFORMED),
        (_npy(np.zeros(2, dtype=[("a", "f8")])), RejectReason.MALFORMED),
        (_npy(np.zeros(2, dtype="M8[s]")), RejectReason.MALFORMED),
        (b"\x93NUMPY\x09\x00" + b"\0" * 20, RejectReason.MALFORMED),
        (b"\x93NUMPY\x02\x00\xff\xff\xff\xff", RejectReason.TOO_LARGE),
        (_raw_header("{'descr': '<f8'}"), RejectReason.MALFORMED),
        (_raw_header("__import__('os')"), RejectReason.MALFORMED),
        (_raw_header("(" * 5000), RejectReason.MALFORMED),
        (
            _raw_header("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}"),
            RejectReason.MALFORMED,
        ),
        (
            _raw_header("{'descr': '<f8', 'fortran_order': False, 'shape': (1e9,)}"),
            RejectReason.MALFORMED,
        ),
        (
            _raw_header("{'descr': '<f8', 'fortran_order': False, 'shape': (10**9,)}"),
            RejectReason.MALFORMED,
        ),
        (
            _raw_header("{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999,)}"),
            RejectReason.TOO_LARGE,
        ),
        (
            _raw_header("{'descr': '<f8', 'fortran_order': False, 'shape': (0, 99999999999999)}"),
            RejectReason.TOO_LARGE,
        ),
        (
            _raw_header("{'descr': '<f8', 'fortran_order': False, 'shape': (200000000,)}"),
            RejectReason.TRUNCATED,
        ),
    ],
)
def test_bad_arrays(data: bytes, reason: RejectReason) -> None:
    assert _reason(data) is reason
    assert _reason(data, columns=2) is reason


def test_object_arrays_are_never_unpickled() -> None:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.array([os.system], dtype=object), allow_pickle=True)
    assert _reason(stream.getvalue()) is RejectReason.UNSAFE


def test_npz_members(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez_compressed(
        path,
        poses=np.ones((4, 5), dtype=np.float16),
        male=np.array("male"),
        female=np.array(b"female"),
        wide=np.array(["neutral"], dtype=">U12"),
        none=np.array("", dtype="U1"),
        thing=np.array({"a": 1}, dtype=object),
    )
    with open_npz(path, where="a.npz") as file:
        assert file.keys == ("female", "male", "none", "poses", "thing", "wide")
        assert file.numbers("poses", columns=2).tolist() == [[1, 1]] * 4
        assert file.shape("poses") == (4, 5)
        assert [file.text(key) for key in ("male", "female", "wide")] == [
            "male",
            "female",
            "neutral",
        ]
        assert file.text("thing") is None
        assert file.text("poses") is None
        assert not file.text("none")
        with pytest.raises(RejectError, match=r"missing_field.*'trans'"):
            file.numbers("trans")


def test_files_that_are_no_zip(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    assert _npz_reason(path) is RejectReason.UNREADABLE
    path.write_bytes(b"")
    assert _npz_reason(path) is RejectReason.EMPTY
    path.write_text("frame,x,y\n1,2,3\n")
    assert _npz_reason(path) is RejectReason.MALFORMED
    path.write_bytes(_npy(np.zeros(3)))
    assert _npz_reason(path) is RejectReason.MALFORMED


@pytest.mark.parametrize("write", [np.savez, np.savez_compressed])
def test_every_cut_and_every_damage_is_a_reject(tmp_path: Path, write: object) -> None:
    whole = tmp_path / "whole.npz"
    write(whole, poses=np.arange(60.0).reshape(20, 3), fps=30.0)  # type: ignore[operator]
    data = whole.read_bytes()
    path = tmp_path / "a.npz"
    rng = np.random.default_rng(1)
    for end in rng.integers(1, len(data) - 1, 40):
        path.write_bytes(data[:end])
        assert _npz_reason(path) is RejectReason.TRUNCATED
    for place in rng.integers(0, len(data), 150):
        damaged = bytearray(data)
        damaged[place] ^= 0xFF
        path.write_bytes(damaged)
        try:
            with open_npz(path, where="a.npz") as file:
                file.numbers("poses")
        except RejectError:
            pass  # anything else would fail the test


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.npz"
    header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000, 1000)}"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("poses.npy", _raw_header(header) + bytes(1 << 20))
    assert _npz_reason(path) is RejectReason.TOO_LARGE


def test_an_encrypted_member_is_a_reject(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, poses=np.zeros(3))
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    path.write_bytes(data)
    assert _npz_reason(path) is RejectReason.MALFORMED


def test_npy_files(tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    np.save(path, np.arange(12.0).reshape(2, 2, 3))
    array, shape = read_npy_file(path, where="a.npy", columns=4)
    assert shape == (2, 2, 3)
    assert array.tolist() == [[0, 1, 2, 3], [6, 7, 8, 9]]
    path.write_bytes(b"")
    with pytest.raises(RejectError, match="empty"):
        read_npy_file(path, where="a.npy")
