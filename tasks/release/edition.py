"""A dataset without some of its sources, written anew."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import polars as pl
import pyarrow as pa

from datasets_spec.errors import ConfigError, StickgenError
from datasets_spec.layout import CONFIG_FILE, GATES_FILE
from datasets_spec.schema import rejects_schema
from tasks.publish.clip_index import clip_files, read_clip_index, read_rejects
from tasks.publish.manifest import read_manifest, verify_manifest
from tasks.publish.publish import PublishInputs, publish_dataset
from tasks.track.outcome import source_spec

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from datasets_spec.sources.spec import SourceSpec

__all__ = ["check_excluded", "dataset_without"]

_SYNTHETIC: Final = {"procedural": "procedural", "stories": "stories"}
"""Sources that a setting of the synthesis makes, and the setting."""


def dataset_without(folder: Path, excluded: Collection[str], work: Path) -> Path:
    """Write a dataset folder anew, without the clips, captions and rejects of some sources.

    Equal inputs give equal bytes, and so the same fingerprint. Splits and fine-tuning marks stay
    as they are; shards, statistics, card, preview and manifest are made from the rows that stay.

    Args:
        folder: The dataset folder; only read.
        excluded: Names of sources to leave out.
        work: An empty folder for the result; its parts lie inside.

    Returns:
        The new dataset folder.

    Raises:
        ConfigError: If a source is not in the dataset, or none would be left.
        StickgenError: If the dataset is damaged, or the disk is full.
    """
    manifest = read_manifest(folder)
    if faults := verify_manifest(folder):
        msg = f"{folder}: {len(faults)} files differ from the manifest: {faults[0]}; build again"
        raise StickgenError(msg)
    index = read_clip_index(folder, ["clip_id", "source", "split", "sft"])
    left_out = sorted(set(excluded))
    held = sorted(index["source"].unique().to_list())
    check_excluded(left_out, held)
    rejects = read_rejects(folder).filter(~pl.col("source").is_in(left_out))
    out = work / folder.resolve().name
    scratch = work / ".work"
    scratch.mkdir()
    done = publish_dataset(
        PublishInputs(
            work_tables=clip_files(folder),
            assignments=index.with_columns(keep=~pl.col("source").is_in(left_out)),
            rejects=[_as_table(rejects)],
            config=_config(_json(folder / CONFIG_FILE), left_out),
            statistics={
                "edition": {"excluded_sources": left_out, "made_from": manifest["fingerprint"]}
            },
            gates=_gates(_json(folder / GATES_FILE)),
            specs=_specs(held, left_out),
            out=out,
            work=scratch,
        )
    )
    return done.folder


def check_excluded(excluded: Collection[str], held: Collection[str]) -> None:
    """Refuse names of sources that a dataset has not, and all of them.

    Raises:
        ConfigError: With the sources that it has.
    """
    unknown = [name for name in excluded if name not in held]
    if unknown:
        msg = f"--exclude-sources: expected some of {', '.join(held)}; got {', '.join(unknown)}"
        raise ConfigError(msg)
    if set(held) <= set(excluded):
        msg = f"--exclude-sources: nothing would be left; the dataset has {', '.join(held)}"
        raise ConfigError(msg)


def _as_table(rejects: pl.DataFrame) -> pa.Table:
    return rejects.to_arrow().cast(rejects_schema())


def _json(path: Path) -> dict[str, Any]:
    values = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(values, dict):
        msg = f"{path}: expected a JSON object, got {type(values).__name__}; build again"
        raise StickgenError(msg)
    return values


def _config(config: dict[str, Any], excluded: Collection[str]) -> dict[str, Any]:
    """The configuration that would make the rows that stay."""
    kept = dict(config)
    if isinstance(kept.get("sources"), list):
        kept["sources"] = [s for s in kept["sources"] if s.get("name") not in excluded]
    if isinstance(kept.get("synthesis"), dict):
        none = {_SYNTHETIC[name]: 0 for name in excluded if name in _SYNTHETIC}
        kept["synthesis"] = {**kept["synthesis"], **none}
    return kept


def _gates(gates: dict[str, Any]) -> dict[str, Any]:
    """What the gates found, without the rows they show: those may be of a source that is gone."""
    return {stage: _without_examples(part) for stage, part in gates.items()}


def _without_examples(part: object) -> object:
    if isinstance(part, dict):
        return {k: [] if k == "examples" else _without_examples(v) for k, v in part.items()}
    return [_without_examples(value) for value in part] if isinstance(part, list) else part


def _specs(held: Iterable[str], excluded: Collection[str]) -> list[SourceSpec]:
    found = []
    for name in held:
        if name in excluded:
            continue
        try:
            found.append(source_spec(name))
        except KeyError:
            continue  # the card then tells its licence alone, and the licence gate refuses it
    return found
