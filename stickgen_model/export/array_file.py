"""A scene as NumPy arrays: `.npz`, to be loaded without pickle.

Arrays: `joints` (N, T, 10, 2), `actions` (N, T) and, where known, `depth` (N, T, 10), `camera`
(T, 3), `expressions` and `speech` (N, T); `fps`; `joint_names` and `action_names`; `info`, a JSON
text of format, version, title, captions and facts. Units and ids as in `Animation`.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.skeleton import JOINTS
from datasets_spec.vocabulary import ACTIONS
from stickgen_model.animation import Animation, AnimationError
from stickgen_model.export.document import (
    FormatError,
    document_text,
    parse_document,
    read_bounded,
)
from stickgen_model.export.tracks import caption_list, read_captions, read_facts
from stickgen_model.export.whole_file import whole_file

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["NPZ_FORMAT", "NPZ_VERSION", "read_npz", "write_npz"]

NPZ_FORMAT: Final = "stickgen-npz"
NPZ_VERSION: Final = 1
_NEEDED: Final = {"joints": np.float32, "actions": np.uint8}
_OPTIONAL: Final = {
    "depth": np.float32,
    "camera": np.float32,
    "expressions": np.uint8,
    "speech": np.uint8,
}
_MAX_ARRAY_BYTES: Final = 1 << 30
"""Unpacked: an hour of 16 people."""
_FIRST_DATE: Final = (1980, 1, 1, 0, 0, 0)


def write_npz(animation: Animation, path: Path, config: object = None) -> None:
    """Write a scene as arrays.

    Args:
        animation: The scene.
        path: The file; an existing one is replaced.
        config: How to draw; not needed here.

    Raises:
        OutputError: If it cannot be written.
        FormatError: If facts or captions hold what is no plain value.
    """
    del config
    info = {
        "format": NPZ_FORMAT,
        "version": NPZ_VERSION,
        "title": animation.title,
        "captions": caption_list(animation),
        "facts": dict(animation.facts),
    }
    arrays: dict[str, NDArray[Any]] = {
        "fps": np.float64(animation.fps) * np.ones(()),
        "info": np.array(document_text(info)),
        "joint_names": np.array(JOINTS),
        "action_names": np.array(ACTIONS),
    }
    for name in (*_NEEDED, *_OPTIONAL):
        values = getattr(animation, name)
        if values is not None:
            arrays[name] = values
    with whole_file(path) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, values in arrays.items():
            member = zipfile.ZipInfo(f"{name}.npy", _FIRST_DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            stream = io.BytesIO()
            np.lib.format.write_array(stream, np.asarray(values, order="C"), allow_pickle=False)
            archive.writestr(member, stream.getvalue())


def read_npz(path: Path) -> Animation:
    """Read what `write_npz` has written.

    Args:
        path: The file.

    Returns:
        The scene, number by number as it was.

    Raises:
        FormatError: If the file cannot be read, is too large, truncated, of another version, or
            holds something unexpected; the text names the array.
    """
    data = read_bounded(path)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            arrays = _arrays(archive, path)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        msg = f"{path}: expected an .npz file, got something else or only a part: {error}"
        raise FormatError(msg) from error
    info = parse_document(str(arrays["info"]), f"{path}: info").mapping(
        ("format", "version", "title", "captions", "facts")
    )
    info["format"].word((NPZ_FORMAT,))
    info["version"].whole(NPZ_VERSION, NPZ_VERSION)
    tracks = {name: arrays[name] for name in (*_NEEDED, *_OPTIONAL) if name in arrays}
    try:
        return Animation(
            **tracks,
            title=info["title"].text(),
            fps=float(arrays["fps"]),
            captions=read_captions(info["captions"]),
            facts=read_facts(info["facts"]),
        )
    except AnimationError as error:
        msg = f"{path}: {error}"
        raise FormatError(msg) from error


def _arrays(archive: zipfile.ZipFile, path: Path) -> dict[str, NDArray[Any]]:
    members = {member.filename: member for member in archive.infolist()}
    absent = [name for name in (*_NEEDED, "fps", "info") if f"{name}.npy" not in members]
    if absent:
        msg = f"{path}: expected the arrays {', '.join(absent)}, got {sorted(members)[:12]}"
        raise FormatError(msg)
    if sum(member.file_size for member in members.values()) > _MAX_ARRAY_BYTES:
        msg = f"{path}: expected at most {_MAX_ARRAY_BYTES >> 20} MiB of arrays, got more"
        raise FormatError(msg)
    wanted = (*_NEEDED, *_OPTIONAL, "fps", "info")
    found = {
        n: _array(archive.read(f"{n}.npy"), f"{path}: {n}") for n in wanted if f"{n}.npy" in members
    }
    if found["info"].shape or found["info"].dtype.kind != "U":
        msg = f"{path}: info: expected one text, got {found['info'].dtype} {found['info'].shape}"
        raise FormatError(msg)
    if found["fps"].shape or found["fps"].dtype.kind not in "if":
        msg = f"{path}: fps: expected one number, got {found['fps'].dtype} {found['fps'].shape}"
        raise FormatError(msg)
    return found


def _array(data: bytes, where: str) -> NDArray[Any]:
    """An array from the bytes of a .npy file, whose header may claim anything."""
    stream = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        header = {
            (1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0,
        }.get(version)
        if header is None:
            msg = f"expected version 1 or 2 of .npy, got {version}"
            raise ValueError(msg)
        shape, fortran, dtype = header(stream)
        if dtype.hasobject:
            msg = "expected numbers or text, got Python objects"
            raise ValueError(msg)
        flat = np.frombuffer(data, dtype, offset=stream.tell())
        array = flat.reshape(shape, order="F" if fortran else "C")
    except (ValueError, OverflowError, MemoryError) as error:
        msg = f"{where}: expected an array, got something else or only a part: {error}"
        raise FormatError(msg) from error
    return np.array(array, order="C")
