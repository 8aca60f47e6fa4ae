"""Keys of stages: digests of everything that decides what a stage makes."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from datasets_spec.errors import ConfigError
from datasets_spec.layout import CLIPS_DIR
from tasks.publish.manifest import read_manifest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tasks.config import BuildConfig, SourceConfig

__all__ = [
    "build_inputs",
    "clips_digest",
    "code_digest",
    "data_fingerprint",
    "stage_key",
]

_ROOT: Final = Path(__file__).parents[2]
_SIDE_FILES: Final = (
    "body_model",
    "babel",
    "humanml3d",
    "captions",
    "rig",
    "missing_list",
    "fps_overrides",
)
_RUN_ONLY: Final = ("work", "jobs", "runner", "experiment")
_BUILD_CODE: Final = (
    "datasets_spec",
    "stickgen_model/motion",
    "flows/build_dataset.py",
    "flows/convert.py",
    "tasks/curate",
    "tasks/direct",
    "tasks/gate",
    "tasks/ingest",
    "tasks/label",
    "tasks/publish",
    "tasks/retarget",
    "tasks/sample",
    "tasks/score",
    "tasks/store",
    "tasks/synthesize",
)
"""What decides the bytes of a dataset."""


def stage_key(stage: str, inputs: Mapping[str, Any]) -> str:
    """sha256 over the name of a stage and its inputs, in any order of their names.

    Args:
        stage: Its name.
        inputs: Plain values.
    """
    text = json.dumps([stage, inputs], sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def code_digest(places: tuple[str, ...]) -> str:
    """sha256 over names and bytes of source files.

    Args:
        places: Files and folders, from the folder that holds our packages.
    """
    digest = hashlib.sha256()
    for place in places:
        root = _ROOT / place
        files = [root] if root.is_file() else sorted(p for p in root.rglob("*") if p.is_file())
        for path in files:
            if "__pycache__" not in path.parts:
                digest.update(path.relative_to(_ROOT).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def build_inputs(config: BuildConfig) -> dict[str, Any]:
    """What decides a dataset: settings, code, and names, sizes and times of the raw files.

    The bytes of raw files are not read: a file that is only touched costs a build that keeps its
    shards, and gives the same dataset.

    Raises:
        ConfigError: If a source folder is absent.
    """
    settings = {key: value for key, value in asdict(config).items() if key not in _RUN_ONLY}
    settings["out"] = str(Path(config.out).expanduser().absolute())
    return {
        "settings": settings,
        "code": code_digest(_BUILD_CODE),
        "raw": [_raw_digest(source) for source in config.sources],
    }


def _raw_digest(source: SourceConfig) -> str:
    """Digest of the list of files of a source and of its side files."""
    root = Path(source.path).expanduser()
    if not root.is_dir():
        msg = f"source {source.name}: expected a folder of raw motion, {root} is none"
        raise ConfigError(msg)
    places = [root, *(Path(p).expanduser() for n in _SIDE_FILES if (p := getattr(source, n)))]
    digest = hashlib.sha256()
    for place in places:
        for line in _listing(place):
            digest.update(os.fsencode(f"{line}\n"))
        digest.update(b"\n")
    return digest.hexdigest()


def _listing(place: Path) -> list[str]:
    """One line a file: path, bytes, time of change in ns."""
    if place.is_file():
        return [_line(place, place.name)]
    found = []
    for folder, _, names in os.walk(place):
        for name in names:
            path = Path(folder) / name
            found.append(_line(path, path.relative_to(place).as_posix()))
    return sorted(found)


def _line(path: Path, name: str) -> str:
    try:
        status = path.stat()
    except OSError:  # a link to nowhere, or gone meanwhile: the build tells it
        return f"{name} -"
    return f"{name} {status.st_size} {status.st_mtime_ns}"


def data_fingerprint(folder: Path) -> str:
    """Fingerprint of a dataset folder, from its manifest.

    Raises:
        ConfigError: If it is no dataset.
    """
    return str(read_manifest(folder)["fingerprint"])


def clips_digest(folder: Path) -> str:
    """sha256 over the clips of a dataset folder alone: a new card trains no new model.

    Raises:
        ConfigError: If it is no dataset.
    """
    files = read_manifest(folder)["files"]
    clips = {name: v["sha256"] for name, v in files.items() if name.startswith(f"{CLIPS_DIR}/")}
    return stage_key("clips", clips)
