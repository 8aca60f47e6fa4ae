"""The gallery of a run as a Prefect task."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prefect import task
from prefect.artifacts import create_link_artifact
from prefect.cache_policies import NO_CACHE

from tasks.gallery.run_gallery import make_run_gallery

if TYPE_CHECKING:
    from tasks.track.task import BuildTracker

__all__ = ["make_gallery", "tell_gallery"]

# plans and tables stay in this process: annotations say so, results are never stored
Anything = Any


@task(name="gallery", cache_policy=NO_CACHE)
def make_gallery(plan: Anything, outcome: Anything, data: Anything, vectors: Anything) -> str:
    """Compare what a run started from with its best and its last checkpoint, on one page.

    Returns:
        The page; empty where the job wants none.

    Raises:
        OutputError: If it cannot be written.
    """
    if not plan.job.samples.gallery:
        return ""
    page = make_run_gallery(plan, outcome, vectors, real=data.val, clock=time.perf_counter)
    return str(page)


def tell_gallery(page: str, tracker: BuildTracker, *, stage: str) -> None:
    """Put a page among the artifacts of MLflow and Prefect."""
    if not page:
        return
    tracker.log_files([Path(page)])
    create_link_artifact(
        key=f"{stage}-gallery",
        link=Path(page).as_uri(),
        link_text="Gallery",
        description=f"Prompts by checkpoints: {page}",
    )
