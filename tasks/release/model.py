"""A trained model as something to publish: checkpoint, card, checksums."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from datasets_spec.errors import ConfigError
from datasets_spec.layout import CARD_FILE
from stickgen_model.training.checkpoint import (
    CHECKPOINTS_DIR,
    CONFIG_FILE,
    read_info,
    write_json,
)
from tasks.publish.manifest import canonical_json
from tasks.register.package import find_model, stage_model
from tasks.release.licences import check_licences, licence_notes
from tasks.release.package import Package, check_version, describe_file
from tasks.release.trained_on import trained_on

if TYPE_CHECKING:
    from collections.abc import Collection

    from tasks.register.package import ModelPackage

__all__ = ["CHECKSUMS_FILE", "model_package"]

CHECKSUMS_FILE: Final = "release.json"
"""In the folder of a published model: every other file with size and checksum, and facts."""
_KIND: Final = "stickgen-model"
_MAX_CARD: Final = 10 << 20
_REMEDY: Final = (
    "train on a dataset without them, or, if their owners allow you to publish what was learned "
    "from them, say so: --permitted {}"
)


def model_package(
    path: Path,
    work: Path,
    *,
    card: Path | None = None,
    data: Path | None = None,
    permitted: Collection[str] = (),
    name: str = "",
    version: str = "",
) -> Package:
    """Put together what generating needs, the card and the checksums, and check the licences.

    Args:
        path: Checkpoint, folder of a run (then its best), or an export.
        work: A folder for the copies, which must last until they are published.
        card: The model card; None = README.md beside the checkpoint or in the folder of its run.
        data: The dataset it was trained on; None = as its run says.
        permitted: Sources whose owners allow publishing what was learned from them.
        name: Word for it; empty = its variant and stage.
        version: Of this state; empty = the first digits of its fingerprint.

    Raises:
        CheckpointError: If there is no model.
        ConfigError: If there is no card, or nobody knows what it was trained on.
        LicenceError: If a source of its training data forbids it.
    """
    model = find_model(path)
    text = _card_text(card if card is not None else _found_card(model.folder))
    sources = trained_on(model.folder, data)
    closed = {source: clips for source, clips in sources.items() if source not in permitted}
    check_licences(closed, what=f"{path} must not be published", remedy=_REMEDY)
    folder = work / "model"
    stage_model(model, folder)
    _complete_config(model.folder, folder)
    (folder / CARD_FILE).write_text(text, encoding="utf-8", newline="\n")
    fingerprint = _write_checksums(folder, model, sources)
    files = {p.name: describe_file(p) for p in sorted(folder.iterdir())}
    files[CHECKSUMS_FILE] = files.pop(CHECKSUMS_FILE)  # last: it makes the others a model
    return Package(
        content="model",
        name=name or f"{model.tags['variant']}-{model.tags['stage']}",
        version=check_version(version, fingerprint),
        fingerprint=fingerprint,
        files=files,
        sources=sources,
        notes=licence_notes(sources),
    )


def _found_card(folder: Path) -> Path:
    places = [folder if folder.is_dir() else folder.parent]
    if folder.parent.name == CHECKPOINTS_DIR:
        places.append(folder.parents[1])
    for place in places:
        if (place / CARD_FILE).is_file():
            return place / CARD_FILE
    told = " or ".join(str(place / CARD_FILE) for place in places)
    msg = f"a model is published with its card: expected {told}, found none; name it with --card"
    raise ConfigError(msg)


def _card_text(path: Path) -> str:
    """The card, if it has the header that the hub reads.

    Raises:
        ConfigError: If it cannot be read or has none.
    """
    try:
        if path.stat().st_size > _MAX_CARD:
            msg = f"{path}: expected a card of at most {_MAX_CARD} bytes"
            raise ConfigError(msg)
        text = path.read_text(encoding="utf-8")
        parts = text.split("---\n", 2)
        header = yaml.safe_load(parts[1]) if len(parts) == 3 and not parts[0].strip() else None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        first = (str(error).splitlines() or ["?"])[0]
        msg = f"{path}: expected a model card; {first}"
        raise ConfigError(msg) from error
    if not isinstance(header, dict) or not header.get("license") or not parts[2].strip():
        msg = (
            f"{path}: expected a model card: a header between lines of ---, with a license, and "
            "text below it"
        )
        raise ConfigError(msg)
    return text


def _complete_config(source: Path, folder: Path) -> None:
    """Write down what an older checkpoint says only in the files that are left behind."""
    if not (folder / CONFIG_FILE).is_file():
        return
    held = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
    info = read_info(source)
    if info.max_frames and not held.get("max_frames"):
        write_json(folder / CONFIG_FILE, info.to_dict())


def _write_checksums(folder: Path, model: ModelPackage, sources: dict[str, int]) -> str:
    described = {p.name: describe_file(p) for p in sorted(folder.iterdir())}
    files = {k: {"size": v.size, "sha256": v.sha256} for k, v in described.items()}
    told: dict[str, Any] = {"facts": model.tags, "trained_on": sources, "files": files}
    fingerprint = hashlib.sha256(canonical_json({"kind": _KIND, **told}).encode()).hexdigest()
    values = {"kind": _KIND, "fingerprint": fingerprint, **told}
    (folder / CHECKSUMS_FILE).write_text(canonical_json(values), encoding="utf-8", newline="\n")
    return fingerprint
