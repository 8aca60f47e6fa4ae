"""Writing the built-in sample as a Prefect task."""

from __future__ import annotations

import shutil
from pathlib import Path

from prefect import task

from tasks.config import SourceConfig
from tasks.sample.sample import sample_sources, write_sample
from tasks.store.code import code_fingerprint
from tasks.store.shard import fingerprint

__all__ = ["make_sample"]


@task(name="make-sample")
def make_sample(root: Path, seed: int) -> tuple[SourceConfig, ...]:
    """Write the sample's raw folders, unless they are there already.

    Args:
        root: Folder of the sample, replaced if it was made by other code or with another seed.
        seed: Fixes all chance.

    Returns:
        One source a dataset form.
    """
    mark = root / "MADE"
    wanted = fingerprint("sample", code_fingerprint("sample"), seed)
    if mark.is_file() and mark.read_text(encoding="ascii") == wanted:
        return sample_sources(root)
    shutil.rmtree(root, ignore_errors=True)
    sources = write_sample(root, seed=seed)
    mark.write_text(wanted, encoding="ascii")  # last: an interrupted sample is made again
    return sources
