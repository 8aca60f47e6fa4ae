"""What a folder and a bucket have in common: files by name, and two ways to write a small one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from datasets_spec.errors import StickgenError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from tasks.release.package import ReleaseFile

__all__ = ["ConnectionCutError", "Place", "PublishError"]


class PublishError(StickgenError):
    """A target refused, or does not hold what was sent; readers see what they saw before."""


class ConnectionCutError(PublishError):
    """The target cannot be reached, or no longer; the same command goes on."""


class Place(Protocol):
    """Files by their names below the target."""

    @property
    def where(self) -> str:
        """The target, as a user would write it."""
        ...

    def hold(self, label: str) -> AbstractContextManager[str]:
        """Work on a version; gives the folder that its files go to for now.

        Raises:
            PublishError: If another process works on the same one and the two would mix.
        """
        ...

    def holds(self, name: str, file: ReleaseFile) -> bool:
        """Whether a file is there already, as far as that can be told without fetching it."""
        ...

    def put(self, name: str, file: ReleaseFile) -> None:
        """Write a file whole; one that is there is replaced."""
        ...

    def fetch(self, name: str) -> Iterator[bytes]:
        """The bytes of a file, block by block.

        Raises:
            PublishError: If it is not there.
        """
        ...

    def settle(self, area: str, whole: str) -> None:
        """Give the checked files of an area their place in one step."""
        ...

    def read(self, name: str) -> bytes | None:
        """A small file, None if it is not there."""
        ...

    def create(self, name: str, content: bytes) -> bool:
        """Write a small file that is not there yet; False if it is, whoever was first."""
        ...

    def replace(self, name: str, content: bytes) -> None:
        """Write a small file in one step."""
        ...
