"""What has to be so before a model replaces the champion."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from datasets_spec.errors import ConfigError
from stickgen_model.evaluate.metrics import metric

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["REAL_ROW", "Gate", "PromotionRules"]

REAL_ROW: Final = "real"


def _check_metric(name: str) -> None:
    try:
        metric(name)
    except KeyError as error:
        msg = f"promotion: expected a metric; {error.args[0]}"
        raise ConfigError(msg) from error


@dataclass(frozen=True, kw_only=True, slots=True)
class Gate:
    """Bounds that a model must keep, whatever the champion does.

    The interval counts, not the mean alone: all of it must lie within.

    Attributes:
        metric: Name in METRICS.
        low: Floor, or None.
        high: Ceiling, or None.
        beats: Name of a reference row that the model must be better than beyond the intervals,
            or empty.
    """

    metric: str
    low: float | None = None
    high: float | None = None
    beats: str = ""

    def __post_init__(self) -> None:
        """Refuse gates that nothing, or everything, passes."""
        _check_metric(self.metric)
        ends = [end for end in (self.low, self.high) if end is not None]
        if not (ends or self.beats) or not all(map(math.isfinite, ends)) or sorted(ends) != ends:
            msg = f"gate of {self.metric}: expected finite low <= high, or a row to beat; {self}"
            raise ConfigError(msg)


@dataclass(frozen=True, kw_only=True, slots=True)
class PromotionRules:
    """What has to be so before a model replaces the champion.

    Attributes:
        agreed: Metrics on which the candidate must beat the champion beyond the intervals. Where
            the champion is as good as real motion already, it must not be worse instead; one at
            least must be beaten.
        kept: Metrics on which it must not be worse than the champion beyond the intervals.
        gates: Floors and ceilings for every candidate, the first one too.
        rows: Reference rows that the evaluation must have.
        repeats: Fewest repeats of an agreed metric; without repeats there is no interval.
    """

    agreed: tuple[str, ...] = ("fid", "r_precision_3")
    kept: tuple[str, ...] = (
        "action_accuracy",
        "diversity",
        "foot_skating",
        "jitter",
        "switch_jerk",
        "bone_variation",
        "copy_share",
    )
    gates: tuple[Gate, ...] = (
        Gate(metric="quality", low=0.5),
        Gate(metric="robustness", low=0.5),
        Gate(metric="copy_share", high=0.1),
        Gate(metric="floor_penetration", high=0.02),
        Gate(metric="fid", beats="mean_pose"),
        Gate(metric="fid", beats="static_pose"),
        Gate(metric="fid", beats="noise"),
        Gate(metric="r_precision_3", beats="shuffled_text"),
    )
    rows: tuple[str, ...] = (REAL_ROW,)
    repeats: int = 3

    def __post_init__(self) -> None:
        """Refuse rules that cannot decide."""
        if not self.agreed:
            msg = "promotion: expected at least one agreed metric, got none"
            raise ConfigError(msg)
        for name in (*self.agreed, *self.kept):
            _check_metric(name)
        if self.repeats < 1:
            msg = f"promotion: expected repeats of at least 1, got {self.repeats}"
            raise ConfigError(msg)

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON and YAML."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> PromotionRules:
        """From plain values; what is absent keeps its default.

        Raises:
            ConfigError: If a name is unknown, or a value of the wrong kind.
        """
        given = dict(values)
        try:
            for name in {"agreed", "kept", "rows"} & given.keys():
                given[name] = _words(name, given[name])
            if "gates" in given:
                given["gates"] = tuple(Gate(**gate) for gate in given["gates"])
            return cls(**given)
        except TypeError as error:
            msg = f"promotion: expected {', '.join(asdict(cls()))}; {error}"
            raise ConfigError(msg) from error


def _words(name: str, value: object) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        msg = f"promotion: expected {name} as a list of names, got {value!r}"
        raise ConfigError(msg)
    return tuple(map(str, value))
