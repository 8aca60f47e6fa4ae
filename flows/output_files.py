"""Which files a command is to write; all are looked at before any work is done.

A name may hold `{n}` (number of the scene, from 1) and `{name}` (its first words). Where there are
several scenes and a name holds neither, `-1`, `-2` ... come before the suffix. A folder stands for
`{n}-{name}.mp4` in it, and for `{name}.mp4` where there is one scene; its suffix is that of the
format if one is named. A folder that ends with a slash is made if it is not there. Files that are
there are replaced.
"""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError
from stickgen_model.export.save import format_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["plan_outputs", "slug"]

_LONGEST_SLUG: Final = 40
_SUFFIXES: Final = {"mp4": ".mp4", "frames": "", "sheet": ".sheet.png"}
"""Where it is not the name of the format."""
_FIELD: Final = re.compile(r"\{([^{}]*)\}")


def plan_outputs(
    outs: Sequence[str], names: Sequence[str], form: str | None = None
) -> list[list[Path]]:
    """Files of every scene.

    Args:
        outs: As typed, at least one.
        names: What each scene is called, such as its prompt.
        form: Format, None = by the suffix.

    Returns:
        For every scene the files, in the order of `outs`.

    Raises:
        ConfigError: If a format is unknown, a folder is missing or not writable, or two scenes
            would be written to the same file; all faults are told at once.
    """
    if not outs:
        msg = "expected a file to write: -o hello.mp4 (or .gif, .svg, .html, .motion, ...)"
        raise ConfigError(msg)
    faults: list[str] = []
    planned = [[_place(out, number, names, form) for out in outs] for number in range(len(names))]
    files = [path for paths in planned for path in paths]
    for out in outs:
        faults += _pattern_faults(out)
    made = frozenset(_folder(out) for out in outs if _ends_as_folder(out))
    for path in dict.fromkeys(files):
        faults += _faults(path, form, made)
        if files.count(path) > 1:
            faults.append(f"{path}: two outputs have this name; use {{n}} in it")
    if faults:
        raise ConfigError("; ".join(dict.fromkeys(faults)))
    return planned


def _place(out: str, number: int, names: Sequence[str], form: str | None) -> Path:
    several = len(names) > 1
    text = out
    if _ends_as_folder(out) or _is_folder(_folder(out)):
        if form == "frames" and not several:
            return _folder(out)  # it holds the frames itself
        suffix = _SUFFIXES.get(form or "mp4", f".{form}")
        text = str(Path(out) / f"{'{n}-' if several else ''}{{name}}{suffix}")
    path = Path(text).expanduser()
    if several and not _FIELD.search(text):
        path = path.with_name(f"{path.stem}-{number + 1}{path.suffix}")
    width = len(str(len(names)))
    filled = path.name.replace("{n}", f"{number + 1:0{width}d}")
    return path.with_name(filled.replace("{name}", slug(names[number])) or ".")


def _ends_as_folder(out: str) -> bool:
    return out.endswith(("/", os.sep))


def _folder(out: str) -> Path:
    return Path(out).expanduser()


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # no name of anything; told with the other faults
        return False


def slug(text: str) -> str:
    """The first words of a text as a file name: small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text[: 4 * _LONGEST_SLUG]).encode("ascii", "ignore")
    words = re.sub(r"[^a-z0-9]+", "-", plain.decode().lower()).strip("-")
    return words[:_LONGEST_SLUG].rstrip("-") or "scene"


def _pattern_faults(out: str) -> list[str]:
    unknown = [field for field in _FIELD.findall(Path(out).name) if field not in {"n", "name"}]
    return [f"-o {out}: expected {{n}} or {{name}}, got {{{field}}}" for field in unknown]


def _faults(path: Path, form: str | None, made: frozenset[Path]) -> list[str]:
    """What is wrong with a file; folders of `made` need not be there, but what holds them."""
    found = []
    try:
        format_of(path, form)
    except ConfigError as error:
        found.append(f"-o {error}" if form is None else f"--{error}")
    try:
        found += _place_faults(path, made, form)
    except (OSError, ValueError) as error:  # a name that is too long, or holds a NUL
        found.append(f"-o {str(path)[:60]!r}: cannot be a file name: {error}"[:200])
    return found


def _place_faults(path: Path, made: frozenset[Path], form: str | None) -> list[str]:
    folder = path.parent
    if folder in made and not folder.exists():
        folder = folder.parent
    if not folder.is_dir():
        return [f"-o {path}: expected an existing folder, got {folder}; make it first"]
    if not os.access(folder, os.W_OK | os.X_OK):
        return [f"-o {path}: the folder {folder} is not writable; write elsewhere"]
    longest = os.pathconf(folder, "PC_NAME_MAX")
    if len(os.fsencode(path.name)) > longest:
        return [f"-o {path.name[:40]}...: expected a name of at most {longest} bytes"]
    if path.is_dir() and form != "frames":
        return [f"-o {path}: expected the name of a file, got a folder"]
    return []
