"""Facts of motion that the project makes itself."""

from __future__ import annotations

from typing import Final

from datasets_spec.sources.spec import SourceSpec

__all__ = ["PROCEDURAL"]

PROCEDURAL: Final = SourceSpec(
    name="procedural",
    title="Procedural motion of the 64 actions",
    licence="CC0-1.0",
    redistributable=True,
    commercial=True,
    citation="StickGen, procedural motion",
    url="",
    fps="25",
    axes="y up",
    unit="metres",
    notes=(
        "Made from gait cycles, key poses, inverse kinematics and ballistic flight; no recording "
        "and no licensed body model is behind it.",
        "Captions are generated from what was performed; numbers and sides are true of the motion.",
        "People belong to troupes of six that meet only one another, so that splits keep them "
        "apart.",
    ),
)
