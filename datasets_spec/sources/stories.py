"""Facts of scenes that a story teller writes and the project performs."""

from __future__ import annotations

from typing import Final

from datasets_spec.sources.spec import SourceSpec

__all__ = ["STORIES"]

STORIES: Final = SourceSpec(
    name="stories",
    title="Stories told by a grammar or a language model, performed by the procedural engine",
    licence="CC0-1.0",
    redistributable=True,
    commercial=True,
    citation="StickGen, stories",
    url="",
    fps="25",
    axes="y up",
    unit="metres",
    notes=(
        "The motion is the project's own. Titles and lines of dialogue come from the story teller: "
        "the built-in grammar, or the language model that was configured, whose terms apply.",
    ),
)
