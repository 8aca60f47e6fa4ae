"""Answers to the rows of a request."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.errors import StickgenError
from stickgen_model.export.html import write_html
from stickgen_model.export.motion_file import write_motion
from stickgen_model.export.svg import write_svg
from stickgen_model.generate import StickGen
from stickgen_model.render.config import RenderConfig
from tasks.serve.rows import LIMITS, RequestError, RowError, read_row, read_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from stickgen_model.animation import Animation
    from tasks.serve.rows import Row, ServeLimits, Settings

__all__ = ["COLUMNS", "Answerer"]

COLUMNS: Final = ("error", "format", "seed", "seconds", "fps", "units", "joints", "text")
"""Of an answer: `error`, text, or None and the rest; `joints`, nested lists (actors, frames, 10,
2), or `text`, the content of a file."""

_DIGITS: Final = 5
"""Of joints, after the point: 0.02 mm."""

_WRITERS: Final[Mapping[str, Callable[[Animation, Path, RenderConfig | None], None]]] = {
    "svg": write_svg,
    "html": write_html,
    "motion": write_motion,
}


class Answerer:
    """Answers requests with one model, one at a time: they share its cores and its memory.

    Args:
        model: What generates.
        limits: Of a request.
    """

    def __init__(self, model: StickGen, limits: ServeLimits = LIMITS) -> None:
        self._model, self._limits = model, limits
        # the tokenizer of a text encoder bears only one thread
        self._lock = threading.Lock()

    @classmethod
    def load(cls, folder: Path) -> Answerer:
        """Open a checkpoint, or an export.

        Raises:
            StickgenError: If it cannot be opened, or its text encoder cannot be had.
        """
        return cls(StickGen.from_pretrained(folder))

    def answer(
        self, rows: Sequence[Mapping[str, Any]], params: Mapping[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        """Answer every row, in order; one that cannot be answered says why.

        Args:
            rows: Values by name, as of `Row`; other names are left aside.
            params: As of `Settings`.

        Returns:
            Values by COLUMNS.

        Raises:
            RequestError: If there are too many rows, or a setting is out of its range.
        """
        settings = read_settings(params, self._limits)
        if len(rows) > self._limits.rows:
            msg = f"expected at most {self._limits.rows} rows a request, got {len(rows)}; split it"
            raise RequestError(msg)
        answers = []
        work = 0.0
        for values in rows:
            found: dict[str, Any] = dict.fromkeys(COLUMNS)
            try:
                row = read_row(values, self._limits)
                work += settings.work_of(row)
                self._check_work(work)
                found |= self._answer(row, settings)
            except (StickgenError, ValueError) as error:
                logging.getLogger(__name__).info("a row could not be answered: %s", error)
                found["error"] = str(error)
            answers.append(found)
        return answers

    def _check_work(self, work: float) -> None:
        if work > self._limits.work:
            msg = (
                f"expected at most {self._limits.work:g} seconds x actors x steps a request, this "
                f"row makes it {work:g}; split the request, or ask for fewer steps"
            )
            raise RowError(msg)

    def _answer(self, row: Row, settings: Settings) -> dict[str, Any]:
        config = RenderConfig(look=row.look, camera=row.camera)
        with self._lock:
            scene = self._model.animate(
                row.prompt,
                style=row.style,
                action=row.action,
                expression=row.expression,
                seconds=row.seconds,
                seed=row.seed,
                num_actors=row.actors,
                steps=settings.steps,
                guidance=settings.guidance,
                method="one_step" if settings.steps == 1 else None,
            )
        told = {
            "format": row.format,
            "seed": row.seed,
            "seconds": scene.seconds,
            "fps": scene.fps,
            "units": "H",
        }
        if row.format == "joints":
            joints = np.round(scene.joints.astype(np.float64), _DIGITS)
            return {**told, "joints": joints.tolist()}
        return {**told, "text": _file_text(scene, row.format, config)}


def _file_text(scene: Animation, name: str, config: RenderConfig) -> str:
    with TemporaryDirectory(prefix="stickgen-") as folder:
        path = Path(folder) / f"scene.{name}"
        _WRITERS[name](scene, path, config)
        return path.read_text(encoding="utf-8")
