"""The text vectors of a dataset as a Prefect task."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

from stickgen_model.text.sentence import DEFAULT_ENCODER
from tasks.embed.embedding import EmbedReport, embed_by_name
from tasks.track.progress import report_progress

__all__ = ["embed_texts"]


@task(name="embed texts", cache_policy=NO_CACHE)
def embed_texts(
    data: Path,
    encoder_name: str = DEFAULT_ENCODER,
    *,
    folder: Path | None = None,
    device: str = "cpu",
) -> EmbedReport:
    """Give every distinct text of a dataset folder a vector; those that have one keep it.

    Args:
        data: Dataset folder.
        encoder_name: As `load_encoder_by_name` takes it.
        folder: Folder of vectors, None = `<data>.texts` beside the dataset.
        device: Where the encoder computes.

    Raises:
        StickgenError: If the dataset, the encoder or the file of vectors cannot be used.
    """
    return embed_by_name(
        data,
        encoder_name,
        folder=folder,
        device=device,
        progress=partial(report_progress, "texts"),
        clock=time.monotonic,
    )
