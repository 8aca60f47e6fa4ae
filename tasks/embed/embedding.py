"""One vector for each distinct text of a dataset folder, kept beside it by encoder."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError, StickgenError
from stickgen_model.text.encoder import EncoderIdentity, identity_of, normalise_sentence
from stickgen_model.text.loading import load_encoder_by_name
from stickgen_model.text.text_table import TextTable
from tasks.embed.texts import clip_files, distinct_texts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from stickgen_model.text.encoder import TextEncoder

__all__ = ["EmbedReport", "embed_by_name", "embed_dataset", "texts_path"]

_HUB_NAME: Final = re.compile(r"[\w.-]+(/[\w.-]+)?", re.ASCII)
SAVE_EVERY_S: Final = 60.0
"""Seconds of work that an interruption may cost, where there is a clock."""
SAVE_EVERY_TEXTS: Final = 4096
"""Texts between two saves where there is none."""
_LEAST_PERIOD: Final = 20.0
"""Times that a save takes: the whole table is written, and a large one takes long."""
_NO_FILE: Final = -1


@dataclass(frozen=True, kw_only=True, slots=True)
class EmbedReport:
    """What was done.

    Attributes:
        path: The file of vectors.
        identity: The encoder.
        num_texts: Distinct texts of the dataset, after normalising.
        num_new: How many of them were embedded now; the others were there.
    """

    path: Path
    identity: EncoderIdentity
    num_texts: int
    num_new: int


def texts_path(data: Path, encoder_name: str, folder: Path | None = None) -> Path:
    """Where the vectors of a dataset are kept.

    Args:
        data: Dataset folder. A build replaces it as a whole, so the vectors lie beside it.
        encoder_name: Name of the encoder.
        folder: Folder to use instead of `<data>.texts`.

    Raises:
        ConfigError: If the dataset folder has no name, as the root of a disk.
    """
    if folder is None:
        named = data if data.name not in ("", "..") else data.resolve()
        if not named.name:
            msg = f"{data}: expected a dataset folder with a name; name a folder for the vectors"
            raise ConfigError(msg)
        folder = named.with_name(f"{named.name}.texts")
    return folder / f"{_slug(encoder_name)}.parquet"


def _slug(name: str) -> str:
    """A file name for an encoder; different encoders get different ones."""
    if _HUB_NAME.fullmatch(name) and len(name) <= 200:
        return name.replace("/", "--")
    last = re.sub(r"[^A-Za-z0-9._-]+", "-", name.rstrip("/").rpartition("/")[2])[:60]
    return f"{last}-{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def embed_by_name(
    data: Path,
    encoder_name: str,
    *,
    folder: Path | None = None,
    device: str = "cpu",
    progress: Callable[[int, int], None] | None = None,
    clock: Callable[[], float] | None = None,
) -> EmbedReport:
    """`embed_dataset` with the encoder of a name, into the place of the dataset's vectors.

    Args:
        data: Dataset folder.
        encoder_name: As `load_encoder_by_name` takes it.
        folder: Folder of vectors, None = beside the dataset.
        device: Where the encoder computes.
        progress: As for `embed_dataset`.
        clock: As for `embed_dataset`.

    Raises:
        StickgenError: As `embed_dataset`, and if the encoder cannot be loaded.
    """
    clip_files(data)  # a wrong folder is told at once: an encoder takes long to load
    path = texts_path(data, encoder_name, folder)
    encoder = load_encoder_by_name(encoder_name, device=device)
    return embed_dataset(data, encoder=encoder, path=path, progress=progress, clock=clock)


def embed_dataset(
    data: Path,
    *,
    encoder: TextEncoder,
    path: Path,
    progress: Callable[[int, int], None] | None = None,
    batch_size: int = 64,
    clock: Callable[[], float] | None = None,
) -> EmbedReport:
    """Give every distinct caption and text of a part a vector; those that have one keep it.

    What is done is saved on the way, at the end, and on any interruption.

    Args:
        data: Dataset folder.
        encoder: Makes the vectors.
        path: File of vectors; made if it is absent. Texts of other datasets in it stay.
        progress: Told how many of the texts to embed are done, and how many they are.
        batch_size: Texts an encoder gets at a time, > 0.
        clock: Seconds of a steady clock, to save once a minute; None = save by numbers of texts.

    Returns:
        Where the vectors are, and how many were new.

    Raises:
        ConfigError: If the folder is no dataset.
        EncoderMismatchError: If the file holds vectors of another encoder.
        SchemaVersionError: If the dataset was written under another schema.
        TextTableError: If the file is damaged.
        StickgenError: If the dataset cannot be read, or the file cannot be written.
    """
    if batch_size < 1:
        msg = f"expected at least one text a batch, got {batch_size}"
        raise ConfigError(msg)
    identity = identity_of(encoder)
    wanted = {normalise_sentence(text) for text in distinct_texts(data)}
    there = path.exists()
    table = TextTable.load(path, identity=identity) if there else TextTable(identity)
    num_saved = len(table) if there else _NO_FILE
    # like lengths together, so that little is padded; the longest first, where memory may end
    missing = sorted(table.missing(wanted), key=lambda text: (-len(text), text))
    table.reserve(len(missing))
    saver = _Saver(table, path, clock, num_saved=num_saved)
    try:
        for start in range(0, len(missing), batch_size):
            if progress:
                progress(start, len(missing))
            table.add(missing[start : start + batch_size], encoder, batch_size=batch_size)
            saver.save_if_due()
    finally:
        if saver.num_saved != len(table):
            saver.save()
    if progress:
        progress(len(missing), len(missing))
    return EmbedReport(path=path, identity=identity, num_texts=len(wanted), num_new=len(missing))


class _Saver:
    """Writes a growing table now and then."""

    def __init__(
        self,
        table: TextTable,
        path: Path,
        clock: Callable[[], float] | None,
        *,
        num_saved: int,
    ) -> None:
        self._table, self._path, self._clock = table, path, clock
        self._saved_at = clock() if clock else 0.0
        self._period_s = SAVE_EVERY_S
        self.num_saved = num_saved

    def save_if_due(self) -> None:
        """Save if an interruption would cost too much."""
        if self._clock is None:
            due = len(self._table) - max(self.num_saved, 0) >= SAVE_EVERY_TEXTS
        else:
            due = self._clock() - self._saved_at >= self._period_s
        if due:
            self.save()

    def save(self) -> None:
        """Save now.

        Raises:
            StickgenError: If the file cannot be written.
        """
        begun = self._clock() if self._clock else 0.0
        try:
            self._table.save(self._path)
        except OSError as error:
            msg = (
                f"{self._path}: expected a place to write {len(self._table)} text vectors "
                f"({error}); make room, or name another folder"
            )
            raise StickgenError(msg) from error
        self.num_saved = len(self._table)
        self._saved_at = self._clock() if self._clock else 0.0
        self._period_s = max(SAVE_EVERY_S, _LEAST_PERIOD * (self._saved_at - begun))
