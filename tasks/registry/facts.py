"""What the registry tells of versions, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["CANDIDATE", "CHAMPION", "Crowned", "VersionFacts"]

CANDIDATE: Final = "candidate"
"""Alias of the version that was submitted last."""
CHAMPION: Final = "champion"
"""Alias of the version in use."""


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionFacts:
    """A version of a registered model, as the registry tells it.

    Attributes:
        name: Of the registered model.
        version: Its number.
        aliases: Names that point to it.
        tags: Facts, metrics, decision and reason.
        run_id: Tracked run that registered it, empty if none did.
    """

    name: str
    version: int
    aliases: tuple[str, ...]
    tags: dict[str, str]
    run_id: str = ""

    @property
    def uri(self) -> str:
        """For --model; it always means this version."""
        return f"models:/{self.name}/{self.version}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Crowned:
    """A champion that was put in its place.

    Attributes:
        name: Of the registered model.
        version: The champion now.
        before: The champion until now; the same if nothing was to do, None if there was none.
    """

    name: str
    version: int
    before: int | None

    @property
    def uri(self) -> str:
        """For --model."""
        return f"models:/{self.name}@{CHAMPION}"
