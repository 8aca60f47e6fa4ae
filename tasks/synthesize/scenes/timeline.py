"""Actions in a row with their times: one actor's beats, and how long the clip becomes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tasks.synthesize.actions.registry import action_spec, action_specs
from tasks.synthesize.engine.take import Beat
from tasks.synthesize.scenes.chain import chain_seconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tasks.synthesize.engine.manner import Manner
    from tasks.synthesize.engine.take import ActionSpec

__all__ = ["LONGEST_S", "SHORTEST_S", "random_wishes", "timeline"]

LONGEST_S: Final = 9.96
"""250 frames at 25 fps."""
SHORTEST_S: Final = 2.0
_BEFORE_S: Final = 2.5
"""What goes on already when the clip begins, or still when it ends, reaches this far out."""
_REST_SHARE: Final = 0.22
"""Chance of a rest before or after an action."""
_REST_S: Final = (0.35, 1.0)
_BREATH_S: Final = 0.1
"""Longest moment between two actions that is no rest."""
_NO_LONGER: Final = frozenset(
    {"jump", "cartwheel", "fall", "get_up", "sit_down", "stand_up", "lie_down", "dodge"}
)
"""Actions that are over when they are over; others go on as long as they are asked to."""
_LAID_OVER: Final = 0.22
"""Chance that arms do something of their own during a walk or a rest."""
_FITS: Final = 0.94
"""Shortest share of its natural length to which an action may be squeezed."""


def random_wishes(spec: ActionSpec, rng: np.random.Generator) -> dict[str, Any]:
    """What to ask of an action, out of what it offers; half of it is left to the action."""
    chance = rng.uniform(size=6)
    wishes: dict[str, Any] = {}
    if spec.sided and chance[0] < 0.35:
        wishes["side"] = int(chance[1] * 2)
    offers = [
        (name, offered)
        for name, offered in (
            ("style", spec.styles),
            ("direction", spec.directions),
            ("thing", spec.things),
        )
        if offered
    ]
    if offers:
        # one of them only: a golf swing with a racket is nothing that anybody does
        name, offered = offers[int(chance[2] * len(offers))]
        wishes[name] = offered[int(chance[3] * len(offered))]
    if spec.counts and chance[5] < 0.5:
        low, high = spec.counts
        wishes["count"] = int(min(low + chance[5] * 2 * (high - low + 1), high))
    return wishes


def timeline(
    actions: Sequence[str],
    manner: Manner,
    rng: np.random.Generator,
    *,
    wanted_s: float | None = None,
) -> tuple[tuple[Beat, ...], float]:
    """Beats of one actor, and the length of the clip in seconds.

    The clip begins and ends in the middle of things half of the time. Actions that do not fit into
    10 s any more are left out, from the end.

    Args:
        actions: A connected chain.
        manner: Its tempo scales the lengths.
        rng: Of the clip.
        wanted_s: Length to come near to, as far as the actions can be longer or shorter; None: as
            it comes.
    """
    lengths, pauses = _lengths(actions, rng, manner.tempo, wanted_s)
    shortest = np.array(chain_seconds(actions))[:, 0] / manner.tempo * _FITS
    beats: list[Beat] = []
    now = 0.0
    variant = ""
    for number, name in enumerate(actions):
        spec = action_spec(name)
        now += pauses[number]
        seconds = min(lengths[number], LONGEST_S - now)
        if beats and seconds < shortest[number]:
            break
        wishes = random_wishes(spec, rng)
        if variant and spec.kind == "stance" and spec.enter != "stand":
            # who sat down on the floor sits there, and rises from there
            wishes["style"] = variant
        beats.append(Beat(action=name, start_s=now, end_s=now + seconds, **wishes))
        if spec.kind == "stance":
            variant = beats[-1].style if spec.leave != "stand" else ""
        now += seconds
    end = min(max(now + pauses[-1], SHORTEST_S), LONGEST_S)
    beats += _laid_over(beats, rng)
    return tuple(_open_ends(beats, end, rng)), end


def _lengths(
    actions: Sequence[str], rng: np.random.Generator, tempo: float, wanted_s: float | None
) -> tuple[list[float], list[float]]:
    """Seconds of every action, and of the pauses before each and after the last.

    All of them fit into the wanted length if they can.
    """
    chance = rng.uniform(size=(3, len(actions) + 1))
    low, high = np.array(chain_seconds(actions)).T / tempo
    seconds = low + (high - low) * chance[0, :-1]
    # most actions follow at once; a rest, if there is one, is long enough to be seen
    rests = np.where(chance[1] < _REST_SHARE, *_between(chance[2]))
    goes = np.array([action_spec(name).kind == "travel" for name in actions])
    rests *= ~np.append(goes, goes[-1])
    rests *= min(1.0, max(LONGEST_S - low.sum(), 0.0) / max(rests.sum(), 1e-9))
    room = (LONGEST_S if wanted_s is None else wanted_s) - rests.sum()
    if len(actions) == 1 and wanted_s is not None and actions[0] not in _NO_LONGER:
        seconds = np.maximum(seconds, np.minimum(room, 1.5 * high))
    over, spare = seconds.sum() - room, (seconds - low).sum()
    seconds -= (seconds - low) * np.clip(over / max(spare, 1e-9), 0.0, 1.0)
    return [float(x) for x in seconds], [float(x) for x in rests]


def _between(chance: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    low, high = _REST_S
    return low + (high - low) * chance, _BREATH_S * chance


def _laid_over(beats: Sequence[Beat], rng: np.random.Generator) -> list[Beat]:
    """What arms and head do at the same time as legs."""
    added = []
    for beat in beats:
        ground = _ground(beat.action)
        chance, pick, start = rng.uniform(size=3)
        length = beat.end_s - beat.start_s
        if not ground or chance >= _LAID_OVER or length < 2.4:
            continue
        fitting = [s for s in action_specs().values() if s.kind == "upper" and ground in s.over]
        if not fitting:
            continue
        spec = fitting[int(pick * len(fitting))]
        seconds = min(spec.seconds[1], length - 0.8)
        if seconds < spec.seconds[0] * _FITS:
            continue
        first = beat.start_s + 0.4 + start * (length - 0.8 - seconds)
        added.append(
            Beat(action=spec.name, start_s=first, end_s=first + seconds, **random_wishes(spec, rng))
        )
    return added


def _ground(action: str) -> str:
    """What an upper action would be laid over, if this action leaves the arms free."""
    return {"walk": "walk", "run": "run", "sit": "sit", "idle": "stand"}.get(action, "")


def _open_ends(beats: Sequence[Beat], end_s: float, rng: np.random.Generator) -> list[Beat]:
    """A gait at an end of the clip has begun before it, or goes on after it, most of the time."""
    begun, goes_on = rng.uniform(size=2) < 0.6
    out = []
    for beat in beats:
        kind = action_spec(beat.action).kind
        first, last = beat.start_s <= 0.0, beat.end_s >= end_s - 1e-6
        if kind == "travel" and first and begun:
            beat = replace(beat, start_s=-_BEFORE_S)  # noqa: PLW2901 - the beat as it is played
        if kind == "travel" and last and goes_on:
            beat = replace(beat, end_s=end_s + _BEFORE_S)  # noqa: PLW2901
        out.append(beat)
    return out
