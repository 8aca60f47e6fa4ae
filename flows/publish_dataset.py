"""The flow publish-dataset: a dataset folder to a place where others read it."""

from __future__ import annotations

from prefect import flow

from tasks.release.release import Released
from tasks.release.settings import PublishConfig
from tasks.release.task import publish_to_target

__all__ = ["publish_dataset_flow"]


@flow(name="publish-dataset")
def publish_dataset_flow(config: PublishConfig = PublishConfig()) -> Released:  # noqa: B008 - frozen
    """Check, publish, fetch again and compare.

    Args:
        config: What to publish, and where to.

    Raises:
        StickgenError: If the dataset, a licence or the target forbids it; readers see what they
            saw before.
    """
    return publish_to_target(config)
