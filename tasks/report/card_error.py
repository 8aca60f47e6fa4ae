"""What is raised where a card would have a gap."""

from __future__ import annotations

from datasets_spec.errors import StickgenError

__all__ = ["CardError"]


class CardError(StickgenError):
    """A card cannot be written: something that it must tell is missing."""
