"""Small label files: read whole, with a size limit, every fault as a ConfigError."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from datasets_spec.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["MAX_LABEL_FILE_BYTES", "WarningList", "read_json", "read_table", "read_text"]

MAX_LABEL_FILE_BYTES: Final = 512 * 1024 * 1024
"""No label file of any known release comes near; the largest, BABEL's train.json, is 40 MB."""

_MAX_FIELD_CHARS: Final = 1_000_000
_MAX_WARNINGS: Final = 50


@dataclass(slots=True)
class WarningList:
    """Collects warnings; the first ones in full, the others as one count."""

    _kept: list[str] = field(default_factory=list)
    _num_more: int = 0

    def add(self, text: str) -> None:
        """Note one warning."""
        if len(self._kept) < _MAX_WARNINGS:
            self._kept.append(text)
        else:
            self._num_more += 1

    def freeze(self) -> tuple[str, ...]:
        """All that was noted, in order."""
        more = (f"... and {self._num_more} more warnings",) if self._num_more else ()
        return (*self._kept, *more)


def read_text(path: Path) -> str:
    """Text of a UTF-8 file, with or without a byte order mark.

    Raises:
        ConfigError: If it cannot be read, is too large, or is not UTF-8.
    """
    try:
        size = path.stat().st_size
        if size > MAX_LABEL_FILE_BYTES:
            msg = f"{path}: expected at most {MAX_LABEL_FILE_BYTES} bytes, got {size}"
            raise ConfigError(msg)
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        msg = f"{path}: cannot be read ({error.strerror or error}); check the path and its rights"
        raise ConfigError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"{path}: expected UTF-8 text, got byte {error.start} that is not; save it as UTF-8"
        raise ConfigError(msg) from error


def read_json(path: Path) -> Any:
    """Content of a JSON file.

    Raises:
        ConfigError: If it cannot be read or is not JSON.
    """
    text = read_text(path)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        msg = f"{path}: expected JSON, got {str(error)[:200]}; fetch the file again"
        raise ConfigError(msg) from error


def read_table(path: Path, columns: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    """Rows of a CSV file by column name, with their line numbers (the header is line 1).

    Column names are compared without case and outer blanks; more columns are allowed; a row that
    is too short has empty fields, blank lines are left out.

    Raises:
        ConfigError: If it cannot be read, is no CSV, or lacks a column.
    """
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=False)
    old_limit = csv.field_size_limit(_MAX_FIELD_CHARS)
    rows: list[tuple[int, dict[str, str]]] = []
    try:
        header = [name.strip().casefold() for name in next(reader, [])]
        missing = [name for name in columns if name.casefold() not in header]
        if missing:
            msg = (
                f"{path}: expected a header with the columns {','.join(columns)}, "
                f"got {','.join(header)[:200]!r}; add the header line"
            )
            raise ConfigError(msg)
        where = {name: header.index(name.casefold()) for name in columns}
        for cells in reader:
            if any(cell.strip() for cell in cells):
                row = {name: cells[at] if at < len(cells) else "" for name, at in where.items()}
                rows.append((reader.line_num, row))
    except csv.Error as error:
        msg = f"{path}: line {reader.line_num}: expected CSV, got {error}; quote fields with commas"
        raise ConfigError(msg) from error
    finally:
        csv.field_size_limit(old_limit)
    return rows
