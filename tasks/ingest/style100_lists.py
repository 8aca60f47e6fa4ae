"""The two lists that come with 100STYLE: Frame_Cuts.csv and Dataset_List.csv."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError
from tasks.label.caption_text import clean_caption
from tasks.label.files import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["StyleInfo", "find_list", "fold_style", "load_cuts", "load_styles"]

_ABSENT: Final = frozenset({"", "n/a", "na", "nan", "none", "-"})
_MAX_FOLDERS: Final = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class StyleInfo:
    """A row of Dataset_List.csv."""

    description: str
    symmetric: bool


def fold_style(name: str) -> str:
    """A style name as names are compared: without blanks and case."""
    return "".join(name.split()).replace("_", "").casefold()


def find_list(root: Path, name: str) -> Path | None:
    """A list file in the folder itself or one level below, in any case; None if absent."""
    try:
        folders = [root, *sorted(path for path in root.iterdir() if path.is_dir())[:_MAX_FOLDERS]]
    except OSError:
        return None
    for folder in folders:
        if folder.name == "__MACOSX":
            continue
        try:
            files = sorted(
                path for path in folder.iterdir() if path.name.casefold() == name.casefold()
            )
        except OSError:
            continue
        for file in files:
            if file.is_file():
                return file
    return None


def load_cuts(path: Path) -> dict[str, dict[str, tuple[str, str]]]:
    """Start and stop, as written, by folded style and gait code; absent ones (N/A) are left out.

    Columns are looked up by name: STYLE_NAME, FW_START, FW_STOP, ...

    Raises:
        ConfigError: If the file is no such table.
    """
    cuts: dict[str, dict[str, tuple[str, str]]] = {}
    for style, row in _rows(path):
        gaits = {}
        for column, start in row.items():
            gait, _, kind = column.upper().rpartition("_")
            stop = row.get(f"{gait}_STOP".casefold(), "")
            present = start.casefold() not in _ABSENT or stop.casefold() not in _ABSENT
            if kind == "START" and present:
                gaits[gait] = (start, stop)
        cuts.setdefault(style, gaits)
    return cuts


def load_styles(path: Path) -> dict[str, StyleInfo]:
    """Description and symmetry by folded style.

    Raises:
        ConfigError: If the file is no such table.
    """
    styles: dict[str, StyleInfo] = {}
    for style, row in _rows(path):
        info = StyleInfo(
            description=clean_caption(row.get("description", "")),
            symmetric=row.get("symmetric", "").casefold() in {"yes", "true", "1", "y"},
        )
        styles.setdefault(style, info)
    return styles


def _rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Folded style and cells by folded column name."""
    text = read_text(path)
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        msg = f"{path}: expected a CSV table: {error}; fetch the file again"
        raise ConfigError(msg) from error
    header = [name.strip().casefold() for name in table[0]] if table else []
    plain = [name.replace("_", " ").replace(" ", "") for name in header]
    places = [place for place, name in enumerate(plain) if name in {"stylename", "style"}]
    if not places:
        msg = f"{path}: expected a column with the style name, got {header[:8]}; fetch it again"
        raise ConfigError(msg)
    for cells in table[1:]:
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
        style = fold_style(row.get(header[places[0]], ""))
        if style:
            yield style, row
