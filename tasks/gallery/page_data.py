"""Prompts, columns and motion of a gallery as the values that its page reads.

Letters of shapes: T frames.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.quality import QUALITY_SCORE
from datasets_spec.schema import CLIP_FPS
from stickgen_model.animation import Animation
from stickgen_model.export.html_data import figure_values, scene_values
from stickgen_model.render.config import RenderConfig
from stickgen_model.text.plain import plain_text
from tasks.gallery.measures import CLIP_METRICS, GATE_SCORE, measure_clip, motion_gap
from tasks.gallery.player import page_looks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from tasks.gallery.build import Gallery

__all__ = ["page_data", "scene_of", "short_text"]

_MAX_CHARS: Final = 400
_FARTHEST: Final = 900.0
"""H: what is beyond it is drawn there; no scene goes further."""
_OF_SCENE: Final = ("actors", "frames", "fps", "step", "motion", "faces")


def page_data(gallery: Gallery) -> dict[str, Any]:
    """Prompts, columns and motion as JSON values.

    Motion is as of `stickgen_model.export.html_data.scene_values`. A cell is null where a column
    has no clip.
    """
    columns = [
        {"label": short_text(c.label), "kind": "model", "fault": short_text(c.fault)}
        for c in gallery.columns
    ]
    if gallery.real is not None:
        columns.append({"label": gallery.real.label, "kind": "real", "fault": ""})
    return {
        "fps": CLIP_FPS,
        "figure": figure_values(),
        "looks": page_looks(),
        "gate": GATE_SCORE,
        "measures": [
            [m.key, "Quality score" if m.key == QUALITY_SCORE else m.label, m.unit, m.digits]
            for m in CLIP_METRICS
        ],
        "columns": columns,
        "prompts": [
            {
                "text": short_text(prompt.text),
                "action": prompt.action,
                "unseen": prompt.unseen,
                "differ": _differ(gallery, number),
            }
            for number, prompt in enumerate(gallery.prompts)
        ],
        "cells": [_row(gallery, number) for number in range(len(gallery.prompts))],
    }


def _differ(gallery: Gallery, number: int) -> float | None:
    """Mean distance between every two models' motions of a prompt, H."""
    clips = [column.clips[number] for column in gallery.columns if column.clips]
    gaps = [motion_gap(one, other) for one, other in combinations(clips, 2)]
    known = [gap for gap in gaps if gap is not None]
    return round(float(np.mean(known)), 4) if known else None


def _row(gallery: Gallery, number: int) -> list[dict[str, Any] | None]:
    first = next(column for column in gallery.columns if column.clips)
    cells: list[dict[str, Any] | None] = []
    for place, column in enumerate(gallery.columns):
        if not column.clips:
            cells.append(None)
            continue
        clip, said = column.clips[number], gallery.said[place]
        gap = None if column is first else motion_gap(first.clips[number], clip)
        cells.append(
            {
                "scene": scene_of(clip),
                "finite": bool(np.isfinite(clip).all()),
                "measures": _rounded(gallery.measures[place][number]),
                "gap": None if gap is None else round(gap, 4),
                "said": said[number] if said else "",
            }
        )
    if gallery.real is not None:
        cells.append(_real_cell(gallery, number))
    return cells


def _real_cell(gallery: Gallery, number: int) -> dict[str, Any] | None:
    clip = None if gallery.real is None else gallery.real.clips[number]
    if clip is None:
        return None
    return {
        "scene": scene_of(clip.joints, depth=clip.depth),
        "finite": True,
        "measures": _rounded(measure_clip(clip.joints)),
        "caption": short_text(clip.caption),
    }


def scene_of(
    joints: NDArray[np.float32], *, depth: NDArray[np.float32] | None = None
) -> dict[str, Any]:
    """Motion of one figure for the player's decoder; what is not finite lies at the origin.

    Args:
        joints: Shape (T, 10, 2), H.
        depth: Shape (T, 10), H, towards the viewer is larger; None = estimated.
    """
    flat = np.clip(np.nan_to_num(joints), -_FARTHEST, _FARTHEST).astype(np.float32)
    deep = None if depth is None else np.nan_to_num(depth)[None].astype(np.float32)
    values = scene_values(Animation(joints=flat[None], depth=deep), RenderConfig())
    # the gallery has one camera for all figures of a prompt, and its own words
    return {key: values[key] for key in _OF_SCENE} | {"views": "", "cuts": [], "captions": []}


def _rounded(measures: Mapping[str, float]) -> dict[str, float]:
    known = {key: round(value, 4) for key, value in measures.items() if np.isfinite(value)}
    return {QUALITY_SCORE: 0.0, **known}


def short_text(text: str) -> str:
    """One line that can be shown, cut where it is very long."""
    plain = plain_text(text)
    return plain if len(plain) <= _MAX_CHARS else plain[: _MAX_CHARS - 3] + "..."
