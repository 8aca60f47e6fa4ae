"""The dataset card: README.md with the header that the Hugging Face hub reads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import yaml

from datasets_spec.layout import CLIPS_DIR
from datasets_spec.schema import CLIP_FPS, SCHEMA_VERSION
from tasks.publish.card_tables import (
    actions_table,
    columns_table,
    duration_line,
    examples_table,
    gates_table,
    measures_table,
    rejects_table,
    sources_table,
    splits_table,
)
from tasks.publish.card_terms import origin_line, terms_lines
from tasks.publish.card_text import CREATION, FIGURE, LIMITS, SPLITTING, USE
from tasks.publish.markdown import escape_markdown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from datasets_spec.sources.spec import SourceSpec

__all__ = ["HUB_SPLITS", "card_header", "hub_licence", "render_card", "safe_url"]

HUB_SPLITS: Final = {"train": "train", "val": "validation", "test": "test"}
"""Our word for a split, and the hub's."""

_HUB_LICENCES: Final = frozenset(
    {
        "mit",
        "apache-2.0",
        "cc0-1.0",
        "cc-by-3.0",
        "cc-by-4.0",
        "cc-by-sa-4.0",
        "cc-by-nc-4.0",
        "cc-by-nc-sa-4.0",
        "cc-by-nc-nd-4.0",
        "unlicense",
    }
)
"""Some of the words the hub accepts. Source: huggingface.co/docs/hub/repositories-licenses."""

_SIZES: Final = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
)


def card_header(statistics: Mapping[str, Any]) -> dict[str, Any]:
    """Metadata for the hub and for `datasets.load_dataset`.

    Args:
        statistics: As `statistics.dataset_statistics` makes them.

    Returns:
        YAML values; absent splits are left out, an empty dataset keeps its empty train split.
    """
    num_clips = statistics["totals"]["clips"]
    splits = [name for name in HUB_SPLITS if name in statistics["splits"]] or ["train"]
    return {
        "pretty_name": _title(statistics),
        **hub_licence(sorted(statistics["licences"])),
        "language": ["en"],
        "task_categories": ["other"],
        "tags": [
            "human-motion",
            "motion-capture",
            "text-to-motion",
            "motion-generation",
            "stick-figure",
            "2d-pose",
            "animation",
        ],
        "size_categories": [next((w for top, w in _SIZES if num_clips < top), "n>10M")],
        "configs": [
            {
                "config_name": "default",
                "data_files": [
                    {"split": HUB_SPLITS[name], "path": f"{CLIPS_DIR}/{name}-*.parquet"}
                    for name in splits
                ],
            }
        ],
    }


def hub_licence(names: Sequence[str]) -> dict[str, str]:
    """Licence of a card's header: the hub's word for the only one, else `other` with a name."""
    words = {re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-") for name in names}
    if len(words) == 1 and (word := next(iter(words))) in _HUB_LICENCES:
        return {"license": word}
    slug = next(iter(words)) if len(words) == 1 else "mixed-see-licences-below"
    return {"license": "other", "license_name": slug or "unknown"}


def _title(statistics: Mapping[str, Any]) -> str:
    names = [
        name.upper() if name != "interhuman" else "InterHuman" for name in statistics["sources"]
    ]
    return "StickGen clips" + (f": {', '.join(names)}" if names else "")


def render_card(
    statistics: Mapping[str, Any],
    specs: Sequence[SourceSpec],
    *,
    config: Mapping[str, Any],
    gates: Mapping[str, Any],
    examples: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Write the card.

    Args:
        statistics: As `statistics.dataset_statistics` makes them.
        specs: Facts of the sources; those without a clip are left out.
        config: The configuration that made the dataset, as JSON values.
        gates: What the gates found, as JSON values.
        examples: A few clips as mappings with source, action, quality_score and captions.

    Returns:
        The text of README.md: a YAML header, then Markdown.
    """
    used = [spec for spec in specs if spec.name in statistics["sources"]]
    header = yaml.safe_dump(card_header(statistics), sort_keys=False, allow_unicode=False)
    sections = [
        f"---\n{header}---",
        f"# {escape_markdown(_title(statistics))}",
        _summary(statistics, config, used),
        f"## Use\n\n{USE}",
        f"## Sources\n\n{sources_table(statistics, used)}",
        f"## Licences\n\n{_licences(statistics, used)}",
        f"## Splits\n\n{splits_table(statistics)}\n\n{SPLITTING}",
        f"## Actions\n\n{actions_table(statistics)}",
        f"## Durations\n\n{duration_line(statistics)}",
        f"## The figure\n\n{FIGURE}",
        f"## Columns\n\n{columns_table()}",
        f"## Quality\n\n{measures_table(statistics)}",
        f"## Examples\n\n{examples_table(examples)}" if examples else "",
        f"## How it was made\n\n{CREATION}",
        f"## Gates\n\n{gates_table(gates)}",
        f"## Rejected\n\n{rejects_table(statistics)}",
        f"## Limits\n\n{LIMITS}",
        f"## Citation\n\n{_citations(used)}",
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _summary(
    statistics: Mapping[str, Any], config: Mapping[str, Any], used: Sequence[SourceSpec]
) -> str:
    totals = statistics["totals"]
    lines = [
        f"{totals['clips']:,} clips ({totals['hours']:.2f} hours) of 2D stick-figure motion with "
        f"{totals['distinct_captions']:,} different captions, from {totals['sequences']:,} "
        f"recordings of {totals['subjects']:,} people: ten joints, {CLIP_FPS} frames a second, at "
        f"most ten seconds a clip, with depth, actions a frame and a quality score. "
        f"Schema version {SCHEMA_VERSION}. Open `preview.html` to watch some of them."
    ]
    if config.get("sample"):
        lines.append(
            "Part of it is the built-in sample: motion made by the project itself, written in the "
            "forms of the datasets below. It shows the pipeline and is no motion capture."
        )
    lines += [origin_line(statistics), *terms_lines(statistics, used, "this folder")]
    return "\n\n".join(line for line in lines if line)


def _licences(statistics: Mapping[str, Any], used: Sequence[SourceSpec]) -> str:
    lines = []
    for spec in used:
        part = statistics["sources"][spec.name]
        names = ", ".join(escape_markdown(name) for name in part["licences"])
        redistribute = (
            "may be redistributed" if spec.redistributable else "**must not be redistributed**"
        )
        commercial = "commercial use allowed" if spec.commercial else "**no commercial use**"
        lines.append(
            f"- **{escape_markdown(spec.title)}** ({part['clips']:,} clips): {names}; "
            f"{redistribute}, {commercial}. <{safe_url(spec.url)}>"
        )
        lines.extend(f"  - {escape_markdown(note)}" for note in spec.notes)
    known = {spec.name for spec in used}
    for name, part in statistics["sources"].items():
        if name not in known:
            names = ", ".join(escape_markdown(word) for word in part["licences"])
            lines.append(
                f"- **{escape_markdown(name)}** ({part['clips']:,} clips): {names}; terms not known"
            )
    lines.append(
        "\nEvery clip carries its licence in the column `licence`; the strictest one rules."
    )
    return "\n".join(lines)


def safe_url(url: str) -> str:
    """An address that can stand in Markdown."""
    return url if re.fullmatch(r"https?://[A-Za-z0-9._~/?=&%+#:@-]+", url) else "no address"


def _citations(used: Sequence[SourceSpec]) -> str:
    if not used:
        return "Nothing to cite: no source went in."
    lines = [f"- {escape_markdown(spec.title)}: {escape_markdown(spec.citation)}" for spec in used]
    return "Please cite the people whose motion this is:\n\n" + "\n".join(lines)
