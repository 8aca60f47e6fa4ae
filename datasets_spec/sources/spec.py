"""The facts of one source that do not depend on a file."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["SourceSpec"]


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceSpec:
    """Licence, geometry and reference of a source."""

    name: str
    """Word used by `--source`, in clip ids and in the `source` column."""
    title: str
    licence: str
    """Short name, written to every clip."""
    redistributable: bool
    """False: neither the files nor anything derived from them may be published."""
    commercial: bool
    citation: str
    url: str
    fps: str
    """In words; the true rate is read from each file where the format has it."""
    axes: str
    unit: str
    notes: tuple[str, ...] = field(default=())
