"""The clips of a run, read from a dataset folder."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from datasets_spec.errors import ConfigError
from datasets_spec.layout import CLIPS_DIR
from stickgen_model.data.clip_store import ClipStore
from stickgen_model.training.preparation import TrainingData
from tasks.publish.clip_index import read_clip_index
from tasks.publish.manifest import read_manifest

if TYPE_CHECKING:
    from pathlib import Path

    from stickgen_model.text.text_table import TextTable
    from tasks.train.job import TrainJob

__all__ = ["ChosenClips", "choose_clips", "clip_table", "open_data"]

_COLUMNS = (
    "clip_id",
    "source",
    "subject_id",
    "performance_id",
    "num_frames",
    "captions",
    "style",
    "action",
    "quality_score",
    "split",
    "sft",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ChosenClips:
    """Which clips a run trains on.

    Attributes:
        folder: The dataset.
        sft: Only the fine-tuning set.
        only: Ids to train on; None = all of the set.
        val: Ids to measure on; None = all validation clips.
        digest: sha256 over the clips' files and the choice.
        fingerprint: Of the dataset as a whole, from its manifest.
    """

    folder: Path
    sft: bool
    only: frozenset[str] | None
    val: frozenset[str] | None
    digest: str
    fingerprint: str


def clip_table(folder: Path) -> pl.DataFrame:
    """One row a clip to train or to measure on, with `num_captions` in place of the words.

    Raises:
        ConfigError: If the folder is no dataset.
        StickgenError: If a file is damaged.
    """
    read_manifest(folder)
    index = read_clip_index(folder, list(_COLUMNS)).filter(pl.col("split") != "test")
    return index.with_columns(num_captions=pl.col("captions").list.len()).drop("captions")


def choose_clips(job: TrainJob, folder: Path, table: pl.DataFrame) -> ChosenClips:
    """Choose what a run trains on.

    Args:
        job: The run.
        folder: The dataset.
        table: As `clip_table` gives it.

    Raises:
        ConfigError: If the dataset has no such clips.
    """
    sft = job.stage == "sft"
    train = table.filter(pl.col("split") == "train")
    if sft and not train["sft"].any():
        msg = (
            f"{folder}: expected train clips of the fine-tuning set (sft), found none; build the "
            "dataset with more clips that score at least 0.5"
        )
        raise ConfigError(msg)
    only = _styled(job, folder, train) if job.style else None
    manifest = read_manifest(folder)
    files = {k: v["sha256"] for k, v in manifest["files"].items() if k.startswith(f"{CLIPS_DIR}/")}
    choice = {"files": files, "sft": sft, "only": None if only is None else sorted(only)}
    digest = hashlib.sha256(json.dumps(choice, sort_keys=True).encode()).hexdigest()
    return ChosenClips(
        folder=folder,
        sft=sft,
        only=only,
        val=_some_of(table.filter(pl.col("split") == "val")["clip_id"].to_list(), job.val_clips),
        digest=digest,
        fingerprint=str(manifest["fingerprint"]),
    )


def _styled(job: TrainJob, folder: Path, train: pl.DataFrame) -> frozenset[str]:
    """Clips of the style, and a share of others beside them (prior preservation)."""
    styles = train["style"].fill_null("")
    wanted = train.filter(styles.str.to_lowercase() == job.style.lower())["clip_id"].to_list()
    if not wanted:
        known = train.filter(styles != "")["style"].value_counts().sort("count", descending=True)
        there = ", ".join(f"{name} ({count})" for name, count in known.head(12).iter_rows())
        msg = f"{folder}: expected train clips of style {job.style!r}; there are {there or 'none'}"
        raise ConfigError(msg)
    others = sorted(set(train["clip_id"].to_list()) - set(wanted))
    count = round(len(wanted) * job.prior_share / (1.0 - job.prior_share))
    rng = np.random.default_rng(job.seed)
    prior = rng.permutation(len(others))[:count]
    return frozenset(wanted) | {others[n] for n in prior.tolist()}


def _some_of(clip_ids: list[str], count: int) -> frozenset[str] | None:
    """At most `count` clips; which ones follows from their names, not from the run."""
    if not count or len(clip_ids) <= count:
        return None
    ordered = sorted(clip_ids, key=lambda name: hashlib.sha256(name.encode()).digest())
    return frozenset(ordered[:count])


def open_data(
    chosen: ChosenClips, texts: TextTable, *, num_actions: int, pictures: bool = False
) -> TrainingData:
    """Read the clips.

    Args:
        chosen: Which.
        texts: Vectors of their captions.
        num_actions: Actions that the model tells apart.
        pictures: Read what pictures of the clips are drawn from, too.

    Raises:
        StickgenError: If the clips cannot be trained on.
    """
    read = partial(ClipStore.open, chosen.folder, num_actions=num_actions, depth=pictures)
    train = read(sft=chosen.sft, only=chosen.only)
    val = read(split="val", only=chosen.val)
    digest = hashlib.sha256(f"{chosen.digest} {texts.identity.describe()}".encode()).hexdigest()
    return TrainingData(train=train, val=val, texts=texts, digest=digest)
