"""Milliseconds of CPU that a clip of each action takes, by step of the engine."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final

from tasks.synthesize.actions.registry import action_specs
from tasks.synthesize.scenes.perform import finish, play_beats, start_take
from tasks.synthesize.scenes.plan import ScenePlan
from tasks.synthesize.scenes.solo import solo_plan

__all__ = ["action_times", "table"]

_STEPS: Final = ("start", "play", "finish")
"""Base and stances; the action itself; softening and inverse kinematics."""
_SEEDS: Final = 6


def action_times(clips: int, repeats: int) -> dict[str, list[float]]:
    """Milliseconds a clip by step, of every action that one person does.

    Args:
        clips: Not used: six clips an action, of its natural length.
        repeats: Of which the best counts.
    """
    del clips
    times: dict[str, list[float]] = {}
    for name, spec in action_specs().items():
        if spec.kind == "pair":
            continue
        plans = [solo_plan(name, seed) for seed in range(_SEEDS)]
        rounds = [[_spent(plan) for plan in plans] for _ in range(repeats + 1)][1:]
        sums = [[sum(step) for step in zip(*one, strict=True)] for one in rounds]
        times[name] = [1000.0 * min(step) / _SEEDS for step in zip(*sums, strict=True)]
    return times


def table(times: Mapping[str, list[float]]) -> list[str]:
    """Lines of a table, the slowest action first."""
    lines = [" | ".join(("action", *(f"{step} ms" for step in _STEPS), "all ms"))]
    for name, steps in sorted(times.items(), key=lambda item: -sum(item[1])):
        lines.append(" | ".join((name, *(f"{one:.2f}" for one in (*steps, sum(steps))))))
    return lines


def _spent(plan: ScenePlan) -> tuple[float, float, float]:
    actor = plan.actors[0]
    begun = time.process_time()
    take = start_take(actor, duration_s=plan.duration_s, setting=plan.setting)
    started = time.process_time()
    play_beats(take, actor)
    played = time.process_time()
    finish(take)
    return started - begun, played - started, time.process_time() - played
