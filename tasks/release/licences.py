"""The licence gate: what must not be passed on is not published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasets_spec.errors import StickgenError
from tasks.track.outcome import source_spec

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LicenceError", "check_licences", "forbidden_sources", "licence_notes"]


class LicenceError(StickgenError):
    """A source forbids what was asked for; nothing was published."""


def forbidden_sources(sources: Mapping[str, int]) -> dict[str, str]:
    """Sources that must not be passed on, with the reason.

    Args:
        sources: Clips by source.
    """
    found = {}
    for name, clips in sources.items():
        try:
            spec = source_spec(name)
        except KeyError:
            found[name] = f"{name}: {clips:,} clips; a source without known licence"
            continue
        if not spec.redistributable:
            found[name] = f"{name}: {clips:,} clips; {spec.title}, licence: {spec.licence}"
    return found


def licence_notes(sources: Mapping[str, int]) -> tuple[str, ...]:
    """What a publisher should know about sources that may be passed on."""
    closed = [name for name in sources if name not in forbidden_sources(sources)]
    return tuple(
        f"{source_spec(name).title}: no commercial use ({source_spec(name).licence})"
        for name in closed
        if not source_spec(name).commercial
    )


def check_licences(sources: Mapping[str, int], *, what: str, remedy: str) -> None:
    """Refuse sources that must not be passed on.

    Args:
        sources: Clips by source.
        what: What is to be published, for the text.
        remedy: What to do, with `{}` where the names go.

    Raises:
        LicenceError: With every such source.
    """
    found = forbidden_sources(sources)
    if not found:
        return
    told = "\n".join(f"  {line}" for line in found.values())
    msg = (
        f"{what}: these sources forbid passing on their data and what is derived from it:\n{told}\n"
        f"{remedy.format(','.join(found))}"
    )
    raise LicenceError(msg)
