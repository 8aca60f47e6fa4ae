"""Synthesis as Prefect tasks: have stories told, make a shard of scenes."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.config import SynthesisConfig
from tasks.store.shard import ShardMarker, write_shard
from tasks.synthesize.convert import fill_scene_shard, fill_story_shard
from tasks.synthesize.shards import SceneShard, StoryShard
from tasks.synthesize.story.backends import make_backend, make_gather_config
from tasks.synthesize.story.book import StoryBook, write_book
from tasks.synthesize.story.gather import gather_stories
from tasks.synthesize.story.watched import WatchedBackend
from tasks.track.progress import report_progress

__all__ = ["check_teller", "synthesize_shard", "tell_stories"]


def check_teller(config: SynthesisConfig) -> None:
    """Refuse a story backend that could never be asked, before any work; nobody is asked.

    Raises:
        ConfigError: If its options, its address, its theme or its key cannot be used.
    """
    if config.num_stories:
        make_gather_config(config.story)
        make_backend(config.story).close()


@task(name="tell-stories", cache_policy=NO_CACHE)
def tell_stories(
    config: SynthesisConfig, *, seed: int, cache: Path, book: Path, stop: threading.Event
) -> StoryBook:
    """Have the stories of a build told and write them down.

    Args:
        config: How many, and by whom.
        seed: Of the requests.
        cache: Folder of the kept replies.
        book: File to write.
        stop: When it is set, nobody is asked any more.

    Raises:
        StickgenError: If the backend cannot be used, or no story was usable.
    """
    wanted = config.num_stories

    def told(replies: int) -> None:
        report_progress("stories", min(replies, wanted - 1), wanted)

    backend = WatchedBackend(make_backend(config.story), stop=stop, told=told)
    report_progress("stories", 0, wanted)
    try:
        harvest = gather_stories(
            backend, make_gather_config(config.story), cache_dir=cache, count=wanted, seed=seed
        )
    finally:
        backend.close()
    written = write_book(book, harvest, wanted=wanted)
    report_progress("stories", wanted, wanted)
    return written


@task(name="synthesize-shard", task_run_name="synthesize-{shard.shard_id}")
def synthesize_shard(shard: SceneShard | StoryShard, folder: Path) -> ShardMarker:
    """Make one shard of scenes, unless its finished folder is there already."""

    def fill(temporary: Path) -> dict[str, int]:
        if isinstance(shard, StoryShard):
            return fill_story_shard(temporary, shard)
        return fill_scene_shard(temporary, shard)

    return write_shard(folder, wanted=shard.fingerprint, fill=fill, clock=time.perf_counter)
