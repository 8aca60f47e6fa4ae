"""Deeds by chance: every fact that an action's spec allows, and some that it does not."""

from __future__ import annotations

import numpy as np

from datasets_spec.vocabulary import ACTIONS, EXPRESSIONS
from tasks.synthesize.actions.registry import action_specs
from tasks.synthesize.engine.manner import AGES, Manner
from tasks.synthesize.engine.setting import Setting
from tasks.synthesize.engine.take import Deed
from tasks.synthesize.people.styles import STYLES
from tasks.synthesize.words.lexicon import MUTUAL

NOUNS = ("a person", "a person", "a man", "a woman", "a boy", "the robber", "an old lady", "Anna")
PLACES = ("", "", "in the park", "on a stage", "on the moon", "on ice", "in a strong wind")


def pick(rng, values, *, none: float = 0.25) -> str:
    return "" if not values or rng.random() < none else str(values[int(rng.integers(len(values)))])


def random_deed(rng, action: str = "", *, start: float = 0.0, end: float = 2.0) -> Deed:
    action = action or ACTIONS[int(rng.integers(len(ACTIONS)))]
    spec = action_specs().get(action)
    facts: dict[str, object] = {}
    if spec is not None:
        low, high = spec.counts or (0, 0)
        facts = {
            "side": pick(rng, ("left", "right", "both")) if spec.sided else "",
            "count": int(rng.integers(low, high + 1)),
            "thing": pick(rng, spec.things),
            "direction": pick(rng, spec.directions),
            "style": pick(rng, spec.styles),
        }
    if action == "turn":
        facts["angle_deg"] = float(rng.uniform(-500, 500))
    elif action in {"walk", "run"}:
        facts["angle_deg"] = float(rng.choice([0.0, 0.0, 0.0, 100.0, -120.0, 350.0]))
    if action in MUTUAL:
        facts["partner"] = 1
    return Deed(action=action, start_s=start, end_s=end, **facts)


def random_manner(rng) -> Manner:
    return Manner(
        tempo=float(rng.uniform(0.6, 1.5)),
        amplitude=float(rng.uniform(0.6, 1.4)),
        energy=float(rng.uniform(0, 1)),
        mood=pick(rng, EXPRESSIONS, none=0.0) if rng.random() < 0.4 else "neutral",
        age=pick(rng, AGES, none=0.0),
        style=pick(rng, tuple(STYLES), none=0.85),
    )


def random_setting(rng) -> Setting:
    return Setting(place=pick(rng, PLACES, none=0.0))


def random_noun(rng) -> str:
    return pick(rng, NOUNS, none=0.0)


def some_deeds(rng) -> tuple[Deed, ...]:
    """One to three deeds after one another, sometimes with a gesture on the way."""
    count = int(rng.integers(1, 4))
    deeds = [random_deed(rng, start=2.0 * k, end=2.0 * k + 2.0) for k in range(count)]
    if rng.random() < 0.4:
        deeds = [random_deed(rng, "walk", end=6.0), random_deed(rng, "wave", start=1.0, end=3.0)]
    return tuple(deeds)


def new_rng(seed: int) -> np.random.Generator:
    return np.random.default_rng((seed, 11))
