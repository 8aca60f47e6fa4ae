"""Vectors of the sentences of a dataset, in a file beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stickgen_model.data.clip_store import ClipStore
from stickgen_model.text.encoder import identity_of
from stickgen_model.text.text_table import TextTable
from tasks.train.prompts import encoder_named

if TYPE_CHECKING:
    from pathlib import Path

    from tasks.train.data import ChosenClips

__all__ = ["embed_sentences", "vectors_path"]


def vectors_path(data: Path, encoder: str, folder: Path | None = None) -> Path:
    """File of the vectors of an encoder; by default in a hidden folder beside the dataset."""
    place = data.parent / f".{data.name}.texts" if folder is None else folder
    slug = re.sub(r"[^A-Za-z0-9._-]+", "_", encoder).strip("._") or "encoder"
    return place / f"{slug}.parquet"


def embed_sentences(chosen: ChosenClips, *, path: Path, encoder: str, device: str) -> int:
    """Embed the sentences that are not in the file yet.

    Returns:
        How many were embedded.

    Raises:
        EncoderUnavailableError: If there are any and the encoder cannot be had.
        TextTableError: If the file is damaged.
    """
    said: dict[str, None] = {}
    for split in ("train", "val"):
        said |= dict.fromkeys(ClipStore.open(chosen.folder, split=split).sentences)
    if path.is_file():
        table = TextTable.load(path)
        if table.identity.name == encoder and all(sentence in table for sentence in said):
            return 0
    made = encoder_named(encoder, device=device)
    if not path.is_file():
        table = TextTable(identity_of(made))
    added = table.add(said, made)
    table.save(path)
    return added
