"""Publishing to a folder of this machine."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError
from tasks.release.package import describe_file
from tasks.release.place import PublishError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tasks.release.package import ReleaseFile

__all__ = ["FolderPlace"]

_INCOMING: Final = ".incoming"
"""Below the target: versions that are being written."""
_BLOCK: Final = 1 << 20
_MODE: Final = 0o644


class FolderPlace:
    """A folder; a version lies aside until it is whole, then one rename shows it.

    Args:
        root: The target; made if absent.

    Raises:
        ConfigError: If it is a file, or cannot be written.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        try:
            (root / _INCOMING).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            msg = f"--to {root}: expected a folder that can be written; {error.strerror}"
            raise ConfigError(msg) from error

    @property
    def where(self) -> str:
        """The folder."""
        return str(self._root)

    @contextmanager
    def hold(self, label: str) -> Iterator[str]:
        """As `Place.hold`; the kernel lets go by itself when the process ends."""
        with self._explained(label):
            handle = os.open(
                self._root / _INCOMING / f"{label}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
            )
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                msg = f"{self._root}: another process is publishing {label}; wait until it is done"
                raise PublishError(msg) from None
            whole = self._root / "versions" / label
            area = whole if whole.is_dir() else self._root / _INCOMING / label
            with self._explained(label):
                area.mkdir(parents=True, exist_ok=True)
            yield area.relative_to(self._root).as_posix()
        finally:
            os.close(handle)

    def holds(self, name: str, file: ReleaseFile) -> bool:
        """As `Place.holds`; compares every byte."""
        path = self._root / name
        with self._explained(name):
            if not path.is_file() or path.stat().st_size != file.size:
                return False
            return describe_file(path).sha256 == file.sha256

    def put(self, name: str, file: ReleaseFile) -> None:
        """As `Place.put`."""
        path = self._root / name
        part = path.with_name(f".{path.name}.part")
        digest = hashlib.sha256()
        with self._explained(name):
            path.parent.mkdir(parents=True, exist_ok=True)
            with file.path.open("rb") as source, part.open("wb") as target:
                while block := source.read(_BLOCK):
                    digest.update(block)
                    target.write(block)
                target.flush()
                os.fsync(target.fileno())
            if digest.hexdigest() != file.sha256:
                part.unlink()
                msg = f"{file.path}: changed while it was published; publish again"
                raise PublishError(msg)
            part.replace(path)

    def fetch(self, name: str) -> Iterator[bytes]:
        """As `Place.fetch`."""
        with self._explained(name), (self._root / name).open("rb") as file:
            while block := file.read(_BLOCK):
                yield block

    def settle(self, area: str, whole: str) -> None:
        """As `Place.settle`."""
        if area == whole:
            return
        source, target = self._root / area, self._root / whole
        with self._explained(whole):
            target.parent.mkdir(parents=True, exist_ok=True)
            for folder in (*(p for p in source.rglob("*") if p.is_dir()), source):
                _sync(folder)
            source.rename(target)
            _sync(target.parent)

    def read(self, name: str) -> bytes | None:
        """As `Place.read`."""
        with self._explained(name):
            try:
                return (self._root / name).read_bytes()
            except FileNotFoundError:
                return None

    def create(self, name: str, content: bytes) -> bool:
        """As `Place.create`."""
        path = self._root / name
        with self._explained(name):
            part = self._write_part(path, content)
            try:
                os.link(part, path)  # fails where a rename would replace
            except FileExistsError:
                return False
            finally:
                part.unlink()
            _sync(path.parent)
        return True

    def replace(self, name: str, content: bytes) -> None:
        """As `Place.replace`."""
        path = self._root / name
        with self._explained(name):
            self._write_part(path, content).replace(path)
            _sync(path.parent)

    def _write_part(self, path: Path, content: bytes) -> Path:
        """A file beside the others that nobody else writes to."""
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(suffix=".part", dir=self._root / _INCOMING)
        with open(handle, "wb") as file:  # noqa: PTH123 - it is open already
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), _MODE)
            os.fsync(file.fileno())
        return Path(part)

    @contextmanager
    def _explained(self, name: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            msg = (
                f"{self._root}: cannot write or read {error.filename or name} "
                f"({error.strerror or error}); readers see what they saw before; the same command "
                "goes on"
            )
            raise PublishError(msg) from error


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    with suppress(OSError):  # some filesystems cannot sync a folder
        os.fsync(handle)
    os.close(handle)
