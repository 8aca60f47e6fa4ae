"""Prompts, columns and motion of a gallery as the values that its page reads.

Letters of shapes: T frames.
"""

from __future__ import annotations

import base64
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.quality import QUALITY_SCORE
from datasets_spec.schema import CLIP_FPS
from datasets_spec.skeleton import NECK_RATIO
from stickgen_model.render.lift import lift
from stickgen_model.text.plain import plain_text
from tasks.gallery.measures import CLIP_METRICS, GATE_SCORE, measure_clip, motion_gap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from tasks.gallery.build import Gallery

__all__ = ["encode_figure", "page_data", "short_text"]

_MAX_CHARS: Final = 400
_INT16: Final = 32767
_INT8: Final = 127


def page_data(gallery: Gallery) -> dict[str, Any]:
    """Prompts, columns and motion as JSON values.

    Motion is base64 of little-endian int16 (x, y of ten joints a frame, in units of `step` H), then
    int8 depth in units of `deep` H. A cell is null where a column has no clip.
    """
    columns = [
        {"label": short_text(c.label), "kind": "model", "fault": short_text(c.fault)}
        for c in gallery.columns
    ]
    if gallery.real is not None:
        columns.append({"label": gallery.real.label, "kind": "real", "fault": ""})
    return {
        "fps": CLIP_FPS,
        "neck": NECK_RATIO,
        "gate": GATE_SCORE,
        "measures": [[m.key, m.label, m.unit, m.digits] for m in CLIP_METRICS],
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
                **encode_figure(clip),
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
        **encode_figure(clip.joints, depth=clip.depth),
        "measures": _rounded(measure_clip(clip.joints)),
        "caption": short_text(clip.caption),
    }


def encode_figure(
    joints: NDArray[np.float32], *, depth: NDArray[np.float32] | None = None
) -> dict[str, Any]:
    """Motion of one figure, squeezed into text; what is not finite lies at the origin.

    Args:
        joints: Shape (T, 10, 2), H.
        depth: Shape (T, 10), H, towards the viewer is larger; None = estimated.
    """
    finite = bool(np.isfinite(joints).all())
    flat = np.nan_to_num(joints, posinf=0.0, neginf=0.0).astype(np.float64)
    if depth is None:
        depth = lift(flat[None].astype(np.float32), fps=float(CLIP_FPS))[0]
    deep = np.nan_to_num(depth, posinf=0.0, neginf=0.0).astype(np.float64)
    step, layer = _unit(flat, _INT16), _unit(deep, _INT8)
    motion = np.rint(flat / step).astype("<i2").tobytes()
    order = np.rint(deep / layer).astype(np.int8).tobytes()
    return {
        "frames": len(joints),
        "step": step,
        "deep": layer,
        "motion": base64.b64encode(motion + order).decode("ascii"),
        "finite": finite,
    }


def _unit(values: NDArray[np.float64], most: int) -> float:
    """Size of a step, so that the largest value is `most` steps; rounded up to stay in range."""
    largest = max(float(np.abs(values).max(initial=0.0)), 1e-3)
    return float(f"{largest / most * (1 + 1e-8):.9g}")


def _rounded(measures: Mapping[str, float]) -> dict[str, float]:
    known = {key: round(value, 4) for key, value in measures.items() if np.isfinite(value)}
    return {QUALITY_SCORE: 0.0, **known}


def short_text(text: str) -> str:
    """One line that can be shown, cut where it is very long."""
    plain = plain_text(text)
    return plain if len(plain) <= _MAX_CHARS else plain[: _MAX_CHARS - 3] + "..."
