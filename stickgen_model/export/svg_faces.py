"""Faces in an SVG, in hundredths of the radius of their head."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.export.svg_tracks import joined
from stickgen_model.render.pieces import HEAD_PIECE, NUM_PIECES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stickgen_model.export.svg_tracks import Clock
    from stickgen_model.render.display import DisplayList

__all__ = ["face_elements"]

_UNIT: Final = 100.0
_TOLERANCE: Final = 3.0
"""Hundredths of the radius of a head by which a stroke may be missed."""
_COVER_TOLERANCE: Final = 0.08
_CLOSED_STEP, _OPEN_STEP = 2, 5
"""One of so many points of a stroke is told; round joints hide the rest."""


def face_elements(
    film: DisplayList, actor: int, clock: Clock, shown: NDArray[np.bool_], colour: str
) -> str:
    """Brows, eyes and mouth of a head that is the unit circle times 100.

    Args:
        film: What is drawn.
        actor: Whose.
        clock: Time of the film.
        shown: Frames in which the head is seen, shape (F,).
        colour: Of the strokes.
    """
    head = actor * NUM_PIECES + HEAD_PIECE
    middle = film.ends[:, head, None, None, 0].astype(np.float64)
    radius = np.maximum(film.radii[:, head, 0].astype(np.float64), 1e-6)
    points = (film.face_points[:, actor] - middle) / radius[:, None, None, None] * _UNIT
    covers = film.face_covers[:, actor].astype(np.float64)
    found = []
    for stroke, closed in enumerate(film.face_closed.tolist()):
        seen = shown & (covers[:, stroke] > 0.01)
        if not seen.any():
            continue
        own = points[:, stroke, :: _CLOSED_STEP if closed else _OPEN_STEP].reshape(len(points), -1)
        d, moving = clock.track(
            "d", own, _closed if closed else _open, tolerance=_TOLERANCE, shown=seen
        )
        dark, fading = clock.track(
            "opacity",
            covers[:, stroke, None] * 100.0,
            _hundredths,
            tolerance=_COVER_TOLERANCE * 100.0,
            shown=shown,
        )
        width = np.median(film.face_widths[:, actor, stroke][seen] / radius[seen]) * _UNIT
        faint = f' opacity="{dark}"' if fading or dark != "1" else ""
        fill = "" if closed else ' fill="none"'
        found.append(
            f'<path d="{d}" stroke-width="{width:.0f}"{faint}{fill}>{moving}{fading}</path>'
        )
    if not found:
        return ""
    style = f'fill="{colour}" stroke="{colour}" stroke-linejoin="round"'
    return f"<g {style}>{''.join(found)}</g>"


def _open(numbers: Sequence[int]) -> str:
    return f"M{joined(numbers[:2])}L{joined(numbers[2:])}"


def _closed(numbers: Sequence[int]) -> str:
    return _open(numbers) + "z"


def _hundredths(numbers: Sequence[int]) -> str:
    return f"{numbers[0] / 100:g}"
