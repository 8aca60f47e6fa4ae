"""What to publish, and where to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Final

from annotated_types import MinLen

__all__ = ["PublishConfig"]

_SOURCE: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishConfig:
    """The publication of a dataset."""

    data: Annotated[str, MinLen(1)] = "data"
    """The dataset folder."""
    to: Annotated[str, MinLen(1)] = "published"
    """A folder, s3://bucket/prefix or hf://organisation/name; never with credentials."""
    exclude_sources: tuple[str, ...] = ()
    """Sources to leave out; every file is then written anew."""
    version: str = ""
    """Empty = the first digits of the fingerprint."""
    name: str = ""
    """Word for the dataset in the event; empty = the name of its folder."""
    private: bool = False
    """hub: whether a repository that is made now is seen by its owners only."""
    work: str = ""
    """Folder for what is written anew; empty = the system's for temporary files."""

    def __post_init__(self) -> None:
        for name in self.exclude_sources:
            if not _SOURCE.fullmatch(name):
                msg = f"expected names of sources in exclude_sources, got {name!r}"
                raise ValueError(msg)
