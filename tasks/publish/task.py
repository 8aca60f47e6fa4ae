"""Publishing as a Prefect task."""

from __future__ import annotations

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.publish.publish import PublishedDataset, PublishInputs, publish_dataset

__all__ = ["publish_build"]


@task(name="publish", cache_policy=NO_CACHE)
def publish_build(inputs: PublishInputs) -> PublishedDataset:
    """Put the dataset folder together and swap it with the last one.

    Raises:
        StickgenError: If it cannot be written; the last dataset stays.
    """
    return publish_dataset(inputs)
