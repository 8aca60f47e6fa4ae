"""All that a model card tells beside the evaluation, read from the model, its runs and its data."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from datasets_spec.layout import STATISTICS_FILE
from stickgen_model.export_model.place import onnx_file
from stickgen_model.training.checkpoint import read_info
from tasks.publish.manifest import read_manifest
from tasks.register.digest import SERVED_FILES, folder_digest
from tasks.register.package import find_model
from tasks.report.card_error import CardError
from tasks.report.training_record import read_stages
from tasks.track.outcome import source_spec

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from datasets_spec.sources.spec import SourceSpec
    from stickgen_model.training.checkpoint import CheckpointInfo
    from tasks.report.training_record import StageRecord

__all__ = ["CardDataset", "CardFacts", "read_card_facts"]

_MAX_BYTES: Final = 64 << 20


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class CardDataset:
    """A dataset that a model was trained on.

    Attributes:
        name: Of its folder.
        fingerprint: Of its manifest.
        statistics: Of its file.
        sample: Whether the project's own sample is part of it.
        specs: Facts of its sources, by name.
    """

    name: str
    fingerprint: str
    statistics: Mapping[str, Any]
    sample: bool
    specs: Mapping[str, SourceSpec]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class CardFacts:
    """What a card tells of a model.

    Attributes:
        info: Of its checkpoint.
        digest: Of the files that generate.
        parameters: Trained numbers.
        weights: How they are stored.
        files: Bytes of the files that generate, by name.
        stages: Its trainings, the first one first.
        datasets: That they used, each once.
        gaps: What could not be found, in words.
        notes: What was taken on somebody's word, in words.
    """

    info: CheckpointInfo
    digest: str
    parameters: int
    weights: str
    files: Mapping[str, int]
    stages: tuple[StageRecord, ...]
    datasets: tuple[CardDataset, ...]
    gaps: tuple[str, ...]
    notes: tuple[str, ...] = ()


def read_card_facts(model: Path, data: Path | None = None) -> CardFacts:
    """Read what a model, its runs and its datasets tell.

    Args:
        model: Checkpoint, or the folder of a run (then its best).
        data: Dataset of the stages that do not tell theirs.

    Raises:
        CardError: If the model is an export that tells nothing of its training.
        CheckpointError: If there is no model.
        StickgenError: If a dataset is damaged or of another version.
    """
    if onnx_file(model) is not None:
        msg = f"{model}: expected a checkpoint, whose training can be told, got an export; name it"
        raise CardError(msg)
    package = find_model(model)
    folder = package.folder
    stages = read_stages(folder)
    silent = [s.stage for s in stages if s.data is None]
    if data is not None:
        stages = tuple(replace(s, data=s.data or data) for s in stages)
    gaps = [gap for s in stages for gap in s.gaps]
    gaps += [f"stage {stage}: its dataset" for stage in silent if data is None]
    notes = [
        f"Stage {stage} did not record its dataset; the one here was named when the card was made."
        for stage in silent
        if data is not None
    ]
    datasets: dict[str, CardDataset] = {}
    for place in dict.fromkeys(s.data for s in stages if s.data is not None):
        try:
            found = _dataset(place)
        except FileNotFoundError:
            gaps.append(f"the dataset {place.name} is gone")
            continue
        datasets.setdefault(found.fingerprint, found)
    files = {name: (folder / name).stat().st_size for name in SERVED_FILES
             if (folder / name).is_file()}  # fmt: skip
    return CardFacts(
        info=read_info(folder),
        digest=folder_digest(folder),
        parameters=int(package.tags["parameters"]),
        weights=package.tags["weights"],
        files=files,
        stages=stages,
        datasets=tuple(datasets.values()),
        gaps=tuple(gaps),
        notes=tuple(notes),
    )


def _dataset(folder: Path) -> CardDataset:
    if not folder.is_dir():
        raise FileNotFoundError(folder)
    manifest = read_manifest(folder)
    path = folder / STATISTICS_FILE
    try:
        text = path.read_bytes()[:_MAX_BYTES].decode("utf-8")
        statistics = json.loads(text)
        names = sorted(statistics["sources"])
        _ = statistics["totals"]["clips"], statistics["licences"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"{path}: expected the statistics of a dataset; {error!r}; build the dataset again"
        raise CardError(msg) from error
    return CardDataset(
        name=folder.resolve().name,
        fingerprint=str(manifest["fingerprint"]),
        statistics=statistics,
        sample=bool(manifest.get("config", {}).get("sample")),
        specs={name: spec for name in names if (spec := _spec(name)) is not None},
    )


def _spec(name: str) -> SourceSpec | None:
    try:
        return source_spec(name)
    except KeyError:
        return None
