"""Stories as a language model without taste could tell them: everything that is valid at all."""

from __future__ import annotations

from typing import Any

import numpy as np

from datasets_spec.vocabulary import ACTIONS, CAMERA_MOVES, EXPRESSIONS, SPEECH_KINDS
from tasks.synthesize.engine.manner import AGES
from tasks.synthesize.story.crosscheck import check_story
from tasks.synthesize.story.rules import Faults
from tasks.synthesize.story.schema import (
    DIRECTIONS,
    GROUP_INTERACTIONS,
    INTERACTIONS,
    MANNERS,
    POSITIONS,
    SIDES,
    STYLES,
    SURROUNDINGS,
    Story,
    read_story,
)
from tests.tasks.synthesize.story.tales import act, beat, character, meet, tale

_ALONE = [word for word in ACTIONS if word not in {"handshake", "hug", "high_five", "fight"}]


def wild_story(seed: int) -> Story:
    """A valid story drawn word by word."""
    rng = np.random.default_rng((77, seed))
    while True:
        faults = Faults()
        story = read_story(_tale(rng), faults)
        if story is not None:
            check_story(story, faults)
        if story is not None and not faults.lines:
            return story


def _tale(rng: np.random.Generator) -> dict[str, Any]:
    def one(words: Any) -> Any:
        return words[int(rng.integers(len(words)))]

    ids = "abc"[: int(rng.integers(1, 4))]
    cast = [character(key, age=one(AGES), style=one(STYLES), noun=f"{key}cook") for key in ids]
    beats = []
    for _ in range(int(rng.integers(2, 6))):
        seconds = float(rng.uniform(2.0, 9.0))
        acts = []
        for key in ids:
            for _ in range(int(rng.integers(0, 3))):
                speech = one(("none", *SPEECH_KINDS))
                acts.append(
                    act(
                        key,
                        one(_ALONE),
                        delay_s=round(float(rng.uniform(0.0, seconds - 0.6)), 2),
                        target=one(("none", "none", *(x for x in ids if x != key), *POSITIONS)),
                        direction=one(DIRECTIONS),
                        side=one(SIDES),
                        count=int(rng.integers(0, 11)),
                        thing=one(("", "box", "big red ball", "zebra")),
                        manner=one(MANNERS),
                        emotion=one(EXPRESSIONS),
                        speech=speech,
                        enter=bool(rng.uniform() < 0.1),
                        leave=bool(rng.uniform() < 0.1),
                    )
                )
        together = []
        if len(ids) > 1 and rng.uniform() < 0.5:
            kind = one(INTERACTIONS)
            size = len(ids) if kind in GROUP_INTERACTIONS else 2
            together.append(meet(kind, *(str(x) for x in rng.permutation(list(ids))[:size])))
        shot = {"move": one(CAMERA_MOVES), "target": one(("all", *ids))}
        beats.append(beat(*acts, seconds=seconds, interactions=together, shot=shot))
    setting = {"surroundings": one(SURROUNDINGS), "place": "in a yard"}
    return tale(0, characters=cast, beats=beats, setting=setting)
