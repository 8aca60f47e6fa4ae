"""Publishing to others as a Prefect task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.publish.task import announce_dataset
from tasks.release.place import ConnectionCutError
from tasks.release.publish import checked_target, dataset_to_publish, publish_package
from tasks.release.release import Released
from tasks.release.settings import PublishConfig

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State, TaskRun

__all__ = ["publish_to_target"]

_RETRIES: Final = 2
_WAIT_S: Final = 5.0


async def _was_cut(task: Any, run: TaskRun, state: State[Any]) -> bool:
    """Only a connection that was cut gets better by itself."""
    del task, run
    return isinstance(await state.aresult(raise_on_failure=False), ConnectionCutError)


@task(
    name="publish-to-target",
    cache_policy=NO_CACHE,
    retries=_RETRIES,
    retry_delay_seconds=_WAIT_S,
    retry_condition_fn=_was_cut,
)
def publish_to_target(config: PublishConfig) -> Released:
    """Check a dataset and its licences, publish it, and tell everybody who waits for it.

    Raises:
        LicenceError: If a source forbids passing on its data.
        ConnectionCutError: If the target cannot be reached after some tries.
        StickgenError: If the dataset or the target cannot be used; readers see what they saw.
    """
    target = checked_target(config.to, "dataset")
    with dataset_to_publish(config) as package:
        released = publish_package(package, target, private=config.private)
    announce_dataset(
        released.name,
        fingerprint=released.fingerprint,
        version=released.version,
        place=released.place,
    )
    return released
