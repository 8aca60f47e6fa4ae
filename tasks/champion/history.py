"""The champions of a registered model, in the order of their reigns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["History"]

_KEPT: Final = 100
"""Reigns that are remembered."""


@dataclass(frozen=True, slots=True)
class History:
    """Versions that were the champion; the last one is.

    A promotion adds a version, a rollback takes versions away, so a rollback after a rollback goes
    further back and never forth.
    """

    versions: tuple[int, ...] = ()

    @classmethod
    def parse(cls, text: str) -> History:
        """The inverse of `describe`; what a hand has damaged is left out."""
        return cls(tuple(int(word) for word in text.split() if word.isdecimal()))

    def describe(self) -> str:
        """As words, for a tag."""
        return " ".join(map(str, self.versions))

    def seen(self, champion: int | None) -> History:
        """With the champion that the registry names, if another hand put it there."""
        return self if champion is None else self.promoted(champion)

    def promoted(self, version: int) -> History:
        """With a new champion; the same if it is the last one."""
        if self.versions[-1:] == (version,):
            return self
        return History((*self.versions, version)[-_KEPT:])

    def among(self, known: Collection[int]) -> History:
        """Without versions that the registry has no more, and none twice in a row."""
        kept: list[int] = []
        for version in self.versions:
            if version in known and kept[-1:] != [version]:
                kept.append(version)
        return History(tuple(kept))

    def rolled_back(self, to: int | None = None) -> History:
        """With an earlier champion as the last one.

        Args:
            to: Its version; None = the one before.

        Raises:
            LookupError: If there is none.
        """
        earlier = self.versions[:-1]
        if to is None and earlier:
            return History(earlier)
        if to in earlier:
            last = len(earlier) - earlier[::-1].index(to)
            return History(earlier[:last])
        there = ", ".join(map(str, dict.fromkeys(earlier))) or "none"
        asked = "" if to is None else f", got version {to}"
        msg = f"expected an earlier champion{asked}; there are: {there}"
        raise LookupError(msg)

    @property
    def previous(self) -> int | None:
        """The champion before, None if there was none."""
        return self.versions[-2] if len(self.versions) > 1 else None
