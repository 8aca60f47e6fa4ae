"""Rows of a request: what may be asked, and what is wrong with a row."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.errors import ConfigError
from datasets_spec.schema import CLIP_FPS
from stickgen_model.limits import MAX_ACTORS, MAX_SEED, MIN_FRAMES

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FORMATS", "LIMITS", "RequestError", "Row", "RowError", "ServeLimits", "Settings",
           "read_row", "read_settings"]  # fmt: skip

FORMATS: Final = ("joints", "svg", "html", "motion")
"""Joints as nested lists, or the text of such a file."""

_WORDS: Final = ("action", "style", "expression", "camera", "look")
_SHOWN: Final = 60
_EXACT: Final = 2**53
"""A whole number that came through a float is not exact above it."""


class RequestError(ConfigError):
    """A request that cannot be answered at all."""


class RowError(ConfigError):
    """A row that cannot be answered; the others can."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ServeLimits:
    """What one request may cost, so that it cannot keep a server from answering others.

    Attributes:
        rows: Rows of a request.
        seconds: Length of a scene.
        steps: Of the sampler.
        work: Sum over the rows of seconds x actors x steps.
    """

    rows: int = 32
    seconds: float = 30.0
    steps: int = 50
    work: float = 1500.0


LIMITS: Final = ServeLimits()


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One scene, as asked for.

    Attributes:
        prompt: Sentence; empty only where an action is given.
        seconds: Length.
        seed: Of everything random: the same row gives the same answer, whatever the other rows.
        format: One of FORMATS.
        actors: People.
        action: Word of the vocabulary that leads the motion beside the sentence.
        style: Manner, such as zombie.
        expression: Face; None = by what they do.
        camera: Move of the camera, for svg and html; None = it stands still.
        look: Style, for svg and html.
    """

    prompt: str
    seconds: float = 4.0
    seed: int = 0
    format: str = "joints"
    actors: int = 1
    action: str | None = None
    style: str | None = None
    expression: str | None = None
    camera: str | None = None
    look: str = "ink"


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What holds for all rows of a request.

    Attributes:
        steps: Of the sampler; 1 = straight from noise.
        guidance: Weight of the text.
    """

    steps: int = 10
    guidance: float = 2.5

    def work_of(self, row: Row) -> float:
        """What a row costs, as of `ServeLimits.work`."""
        return row.seconds * row.actors * self.steps


def read_settings(params: Mapping[str, Any] | None, limits: ServeLimits = LIMITS) -> Settings:
    """Settings of a request.

    Raises:
        RequestError: If a name is unknown or a value is out of its range.
    """
    given = dict(params or {})
    unknown = sorted(set(given) - {field.name for field in fields(Settings)})
    steps, guidance = given.get("steps", 10), given.get("guidance", 2.5)
    checks = (
        (not unknown, "only steps and guidance", unknown),
        (_is_whole(steps) and 1 <= steps <= limits.steps, f"steps 1..{limits.steps}", steps),
        (_is_number(guidance) and 0.0 <= guidance <= 20.0, "guidance 0..20", guidance),
    )
    faults = [f"expected {want}, got {_shown(got)}" for ok, want, got in checks if not ok]
    if faults:
        raise RequestError("params: " + "; ".join(faults))
    return Settings(steps=int(steps), guidance=float(guidance))


def read_row(values: Mapping[str, Any], limits: ServeLimits = LIMITS) -> Row:
    """Read one row; what is missing, None or NaN takes its default.

    Raises:
        RowError: If a value is of another type or out of its range; all are named.
    """
    known = {field.name for field in fields(Row)}
    given = {k: _plain(v) for k, v in values.items() if k in known and not _is_missing(v)}
    for name in ("seed", "actors"):
        # where some rows have none, a table made floats of the whole numbers of the others
        if _is_whole(given.get(name)) and abs(given[name]) <= _EXACT:
            given[name] = int(given[name])
    if "prompt" not in given:
        msg = "prompt: expected a sentence, got none"
        raise RowError(msg)
    row = Row(**given)
    faults = [
        f"{name}: expected {want}, got {_shown(getattr(row, name))}"
        for ok, name, want in _checks(row, limits)
        if not ok
    ]
    if faults:
        raise RowError("; ".join(faults))
    return replace(row, seconds=float(row.seconds))


def _checks(row: Row, limits: ServeLimits) -> list[tuple[bool, str, str]]:
    low, high = MIN_FRAMES / CLIP_FPS, limits.seconds
    return [
        (isinstance(row.prompt, str), "prompt", "text"),
        (_within(row.seconds, low, high), "seconds", f"{low:g}..{high:g}"),
        (_is_int(row.seed) and 0 <= row.seed <= MAX_SEED, "seed", "a whole number >= 0"),
        (row.format in FORMATS, "format", f"one of {', '.join(FORMATS)}"),
        (
            _is_int(row.actors) and 1 <= row.actors <= MAX_ACTORS,
            "actors",
            f"a whole number 1..{MAX_ACTORS}",
        ),
        *(
            (value is None or isinstance(value, str), name, "a word")
            for name in _WORDS
            for value in (getattr(row, name),)
        ),
    ]


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _is_missing(value: Any) -> bool:
    """None, NaN and the missing values of tables, all of which are unequal to themselves or so."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return True
    return isinstance(value, float | np.floating) and math.isnan(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_whole(value: Any) -> bool:
    return _is_number(value) and value == int(value)


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _within(value: Any, low: float, high: float) -> bool:
    return _is_number(value) and low <= value <= high


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
