"""The built-in backend: stories from plots, without a network or a model."""

from __future__ import annotations

import functools
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.story.grammar.plots_daily import DAILY_PLOTS
from tasks.synthesize.story.grammar.plots_danger import DANGER_PLOTS
from tasks.synthesize.story.grammar.plots_stage import STAGE_PLOTS
from tasks.synthesize.story.grammar.tell import tell_plot

if TYPE_CHECKING:
    from tasks.synthesize.story.client import StoryRequest

__all__ = ["PLOTS", "GrammarBackend"]

PLOTS: Final = (*DANGER_PLOTS, *STAGE_PLOTS, *DAILY_PLOTS)
_EDITION: Final = 1
"""Of the way stories are made of plots."""


@functools.cache
def _edition() -> str:
    """Changes with every change of a plot, so that kept stories of older ones are not used."""
    digest = hashlib.sha256(repr(PLOTS).encode()).hexdigest()
    return f"{_EDITION}-{digest[:12]}"


@dataclass(frozen=True, slots=True)
class GrammarBackend:
    """A StoryBackend that needs nothing. It takes the seed of a request and no theme."""

    @property
    def name(self) -> str:
        """See StoryBackend."""
        return "grammar"

    @property
    def model(self) -> str:
        """See StoryBackend."""
        return _edition()

    @property
    def options(self) -> dict[str, float]:
        """See StoryBackend."""
        return {}

    def tell(self, request: StoryRequest) -> str:
        """See StoryBackend. The same seed gives the same story."""
        rng = np.random.default_rng((request.seed, _EDITION))
        plot = PLOTS[int(rng.integers(len(PLOTS)))]
        return json.dumps(tell_plot(plot, rng))

    def close(self) -> None:
        """See StoryBackend."""
