"""What a card says first of its sources: what is recorded, and what nobody may do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stickgen_model.evaluate.action_segments import SYNTHETIC_SOURCES
from tasks.publish.markdown import escape_markdown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from datasets_spec.sources.spec import SourceSpec

__all__ = ["origin_line", "terms_lines"]


def origin_line(statistics: Mapping[str, Any]) -> str:
    """How many clips were recorded, and how many the project made itself; empty without clips."""
    clips = {name: part["clips"] for name, part in statistics["sources"].items()}
    total = sum(clips.values())
    if not total:
        return ""
    made = sum(count for name, count in clips.items() if name in SYNTHETIC_SOURCES)
    return (
        f"{total - made:,} clips ({(total - made) / total:.1%}) come from recordings or files of "
        f"others; {made:,} ({made / total:.1%}) are made by the project's own motion engine, with "
        "people that do not exist."
    )


def terms_lines(statistics: Mapping[str, Any], specs: Sequence[SourceSpec], what: str) -> list[str]:
    """Paragraphs about sources that forbid something, each with the names of those sources.

    Args:
        statistics: As `statistics.dataset_statistics` makes them.
        specs: Facts of the sources; those without a clip are left out.
        what: What must not be published, such as `this folder`.
    """
    used = [spec for spec in specs if spec.name in statistics["sources"]]
    closed = sorted({spec.title for spec in used if not spec.redistributable})
    private = sorted({spec.title for spec in used if not spec.commercial})
    unknown = sorted(set(statistics["sources"]) - {spec.name for spec in used})
    lines = []
    if closed:
        lines.append(
            f"**Do not publish {what}.** Sources that forbid passing on their data and anything "
            f"derived from it: {_listed(closed)}."
        )
    if private:
        lines.append(f"**No commercial use.** Sources that forbid it: {_listed(private)}.")
    if unknown:
        lines.append(f"**Sources without known terms:** {_listed(unknown)}.")
    return lines


def _listed(names: Sequence[str]) -> str:
    return ", ".join(escape_markdown(name) for name in names)
