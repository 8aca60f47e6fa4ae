"""Which reader reads which source."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from tasks.ingest.amass import AmassReader
from tasks.ingest.bvh import BvhReader
from tasks.ingest.interhuman import InterHumanReader
from tasks.ingest.ntu import NtuReader
from tasks.ingest.style100 import Style100Reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from tasks.config import SourceConfig
    from tasks.ingest.contract import SourceReader

__all__ = ["make_reader"]

_READERS: dict[str, Callable[[SourceConfig], SourceReader]] = {
    "amass": AmassReader,
    "100style": Style100Reader,
    "interhuman": InterHumanReader,
    "ntu": NtuReader,
    "bvh": BvhReader,
}


@functools.lru_cache(maxsize=16)
def make_reader(config: SourceConfig, side_files: str) -> SourceReader:
    """The reader of a source; kept, since label files can be large and shards are many.

    Args:
        config: The source.
        side_files: Fingerprint of its side files, so that an edited one is read anew.
    """
    del side_files
    return _READERS[config.name](config)
