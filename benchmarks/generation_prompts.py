"""Held-out captions of one action each, with the motion that they were written for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from datasets_spec.errors import ConfigError
from datasets_spec.layout import CLIPS_DIR
from datasets_spec.vocabulary import NUM_ACTIONS, action_name
from stickgen_model.evaluate.action_segments import SYNTHETIC_SOURCES
from stickgen_model.text.encoder import normalise_sentence

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["MIN_FRAMES", "HeldOut", "choose_held_out", "read_held_out", "train_sentences"]

MIN_FRAMES: Final = 25
"""Shorter parts are left out: an action needs a second to be seen."""

_COLUMNS: Final = ("source", "sequence_id", "joints", "actions", "captions", "parts")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class HeldOut:
    """A caption and its motion."""

    texts: tuple[str, ...]
    """What it may be called; at least one."""
    action: str
    joints: NDArray[np.float32]
    """Shape (T, 10, 2), H."""
    group: str
    """The recording."""
    real: bool
    quality: float
    """Score of the clip in the dataset."""


def read_held_out(data: Path, *, split: str = "test") -> list[HeldOut]:
    """Captions of clips with one action, and the sentences of parts of the others.

    Args:
        data: Dataset folder.
        split: Of the dataset.

    Raises:
        ConfigError: If there are none.
    """
    columns = [*_COLUMNS, "clip_id", "quality_score"]
    table = pl.scan_parquet(data / CLIPS_DIR / "*.parquet").filter(pl.col("split") == split)
    found: list[HeldOut] = []
    for row in table.select(columns).sort("clip_id").collect().iter_rows(named=True):
        found += _of_clip(row)
    if not found:
        msg = f"{data}: expected captions of {split} clips with one action each, found none"
        raise ConfigError(msg)
    return found


def _of_clip(row: Mapping[str, Any]) -> list[HeldOut]:
    joints = np.array(row["joints"], dtype=np.float32).reshape(-1, 10, 2)
    shared = {
        "group": f"{row['source']}/{row['sequence_id']}",
        "real": row["source"] not in SYNTHETIC_SOURCES,
        "quality": float(row["quality_score"]),
    }
    ids = set(row["actions"])
    if len(ids) == 1:
        number = ids.pop()
        if number >= NUM_ACTIONS or not row["captions"] or len(joints) < MIN_FRAMES:
            return []
        texts = tuple(row["captions"])
        return [HeldOut(texts=texts, action=action_name(number), joints=joints, **shared)]
    return [
        HeldOut(
            texts=(part["text"],),
            action=part["action"],
            joints=joints[part["first_frame"] : part["last_frame"] + 1],
            **shared,
        )
        for part in row["parts"]
        if part["text"]
        and part["action"] != "unlabelled"
        and part["last_frame"] + 1 - part["first_frame"] >= MIN_FRAMES
    ]


def train_sentences(data: Path) -> frozenset[str]:
    """All sentences of the training split, normalised."""
    table = (
        pl.scan_parquet(data / CLIPS_DIR / "*.parquet")
        .filter(pl.col("split") == "train")
        .select("captions", pl.col("parts").list.eval(pl.element().struct.field("text")))
        .collect()
    )
    distinct = {text for name in table.columns for row in table[name] for text in row}
    return frozenset(normalise_sentence(text) for text in distinct)


def choose_held_out(
    found: Sequence[HeldOut], *, per_action: int, seed: int = 0
) -> tuple[list[HeldOut], list[str]]:
    """At most so many of each action, one sentence of each, in an order that the seed gives.

    Recorded clips and sentences not yet taken come first.

    Args:
        found: All there are.
        per_action: Most of one action.
        seed: Of the choice.

    Returns:
        The chosen ones and their sentences.
    """
    rng = np.random.default_rng(seed)
    chosen: list[HeldOut] = []
    texts: list[str] = []
    for action in sorted({one.action for one in found}):
        same = [one for one in found if one.action == action]
        mixed = [same[i] for i in rng.permutation(len(same))]
        said = [str(one.texts[int(rng.integers(len(one.texts)))]) for one in mixed]
        new = [
            normalise_sentence(t) not in map(normalise_sentence, said[:i])
            for i, t in enumerate(said)
        ]
        order = sorted(range(len(mixed)), key=lambda i: (not mixed[i].real, not new[i]))
        for i in order[:per_action]:
            chosen.append(mixed[i])
            texts.append(said[i])
    return chosen, texts
