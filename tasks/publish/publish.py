"""Put a dataset folder together and publish it in one step, or leave everything as it was."""

from __future__ import annotations

import errno
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from datasets_spec.errors import StickgenError
from datasets_spec.layout import (
    CARD_FILE,
    CONFIG_FILE,
    GATES_FILE,
    MANIFEST_FILE,
    PREVIEW_FILE,
    STATISTICS_FILE,
)
from datasets_spec.quality import QUALITY_SCORE
from tasks.publish.card import render_card
from tasks.publish.clip_index import read_clip_index
from tasks.publish.manifest import build_manifest, canonical_json, portable_config
from tasks.publish.preview import render_preview
from tasks.publish.preview_data import choose_scenes
from tasks.publish.shards import ROWS_PER_SHARD, write_clip_shards, write_rejects
from tasks.publish.statistics import dataset_statistics, headline_counts
from tasks.publish.swap import STAGING_DIR, check_target, recover, swap_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import polars as pl
    import pyarrow as pa

    from datasets_spec.sources.spec import SourceSpec

__all__ = ["PublishInputs", "PublishedDataset", "publish_dataset"]

_NUM_EXAMPLES: Final = 12
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishInputs:
    """Everything that a dataset folder is made from."""

    work_tables: Sequence[Path]
    """Working tables of scored clips (`rows.work_schema()`, more columns allowed)."""
    assignments: pl.DataFrame
    """clip_id, keep, split, sft: one row a clip of the working tables."""
    rejects: Sequence[Path | pa.Table]
    """Tables of `rejects_schema()`."""
    config: Mapping[str, Any]
    """The `BuildConfig` as JSON values; what only steers the run is left out of the folder."""
    statistics: Mapping[str, Any]
    """Sections only the build knows (accounting, curation, ...), as JSON values."""
    gates: Mapping[str, Any]
    """Results of the gates by stage, as JSON values without times of day."""
    specs: Sequence[SourceSpec]
    """Facts of the sources that were read."""
    out: Path
    """The dataset folder."""
    work: Path
    """The working folder, on the same filesystem; the caller holds its `lock.build_lock`."""
    rows_per_shard: int = ROWS_PER_SHARD


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedDataset:
    """What was published."""

    folder: Path
    manifest: dict[str, Any]
    counts: dict[str, Any]


def publish_dataset(inputs: PublishInputs) -> PublishedDataset:
    """Write every file into the working folder, then swap it with the last dataset.

    Equal inputs give equal bytes in every file. Whatever goes wrong before the swap, the last
    dataset stays as it was and the unfinished one is removed.

    Raises:
        ConfigError: If `out` must not be replaced or cannot be written.
        StickgenError: If the disk is full, a file cannot be written, or the inputs disagree.
    """
    check_target(inputs.out, inputs.work)
    recover(inputs.out, inputs.work)
    staging = inputs.work / STAGING_DIR
    try:
        staging.mkdir()
        manifest = _fill(staging, inputs)
        swap_in(staging, inputs.out, inputs.work)
    except OSError as error:
        raise _explain(error, inputs) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return PublishedDataset(folder=inputs.out, manifest=manifest, counts=manifest["counts"])


def _fill(staging: Path, inputs: PublishInputs) -> dict[str, Any]:
    write_clip_shards(
        inputs.work_tables, inputs.assignments, staging, rows_per_shard=inputs.rows_per_shard
    )
    write_rejects(inputs.rejects, staging)
    config = portable_config(inputs.config)
    statistics = dataset_statistics(staging, inputs.statistics)
    specs = sorted(inputs.specs, key=lambda spec: spec.name)
    card = render_card(
        statistics,
        specs,
        config=config,
        gates=inputs.gates,
        examples=_examples(staging),
    )
    texts = {
        CONFIG_FILE: canonical_json(config),
        GATES_FILE: canonical_json(inputs.gates),
        STATISTICS_FILE: canonical_json(statistics),
        CARD_FILE: card,
        PREVIEW_FILE: render_preview(staging, statistics, specs),
    }
    for name, text in texts.items():
        (staging / name).write_text(text, encoding="utf-8", newline="\n")
    manifest = build_manifest(staging, config=config, counts=headline_counts(statistics))
    (staging / MANIFEST_FILE).write_text(canonical_json(manifest), encoding="utf-8", newline="\n")
    return manifest


def _examples(folder: Path) -> list[dict[str, Any]]:
    columns = ("clip_id", "scene_id", "source", "action", "num_frames", "captions", QUALITY_SCORE)
    index = read_clip_index(folder, columns)
    index = index.filter(index["captions"].list.len() > 0)
    chosen = choose_scenes(index, max_scenes=_NUM_EXAMPLES, max_frames=1 << 40)
    first = index.sort("clip_id").unique("scene_id", keep="first", maintain_order=True)
    return [row for row in first.iter_rows(named=True) if row["scene_id"] in chosen]


def _explain(error: OSError, inputs: PublishInputs) -> StickgenError:
    where = error.filename or inputs.work
    kept = f"the last dataset in {inputs.out} is untouched, the unfinished one is removed"
    full = error.errno in _FULL or any("No space left" in line for line in _chain(error))
    if full:
        msg = f"the disk is full while writing {where}; {kept}; make room and build again"
    else:
        msg = f"cannot write the dataset: {where}: {error.strerror or error}; {kept}"
    return StickgenError(msg)


def _chain(error: BaseException) -> Iterator[str]:
    current: BaseException | None = error
    while current is not None:
        yield str(current)
        current = current.__context__
