"""From a sentence to a scene by the procedural engine."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.schema import CLIP_FPS, MAX_FRAMES
from stickgen_model.animation import Animation
from tasks.config import RetargetConfig
from tasks.direct.beats import SHORTEST_S, told_beats
from tasks.direct.cue import DirectionError, manner_of, read_cues, words_age
from tasks.retarget.retarget import retarget_sequence
from tasks.synthesize.actions.registry import action_spec
from tasks.synthesize.engine.base import Placement
from tasks.synthesize.people.dress import dress_manner
from tasks.synthesize.people.person import random_body, random_manner
from tasks.synthesize.scenes.plan import ActorPlan, ScenePlan
from tasks.synthesize.scenes.sequence import SceneOptions, scene_sequence
from tasks.synthesize.scenes.together import random_together

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.direct.cue import Cue

__all__ = ["MOST_ACTORS", "play_parts", "play_text"]

MOST_ACTORS: Final = 4
_SPACING_M: Final = 1.3
_MOST_TRIES: Final = 4


def play_text(
    text: str, *, seed: int = 0, seconds: float | None = None, num_actors: int = 1
) -> Animation:
    """Play a sentence.

    Args:
        text: English; its actions are played in the order in which they are told.
        seed: Fixes body, manner and all that the words leave open.
        seconds: Length, 2 to 10 s; None = what the actions need.
        num_actors: 1 to 4; two and more have to do with each other where the sentence names
            something that takes two (a handshake, a fight), else each plays it.

    Returns:
        A scene at 25 frames a second with depth, actions, faces, speech and camera.

    Raises:
        DirectionError: If the sentence names nothing that can be played, or not in that time.
    """
    return play_parts([(text, seconds)], seed=seed, num_actors=num_actors)


def play_parts(
    parts: Sequence[tuple[str, float | None]],
    *,
    seed: int = 0,
    num_actors: int = 1,
    style: str | None = None,
) -> Animation:
    """Play sentences one after another, each for its seconds; else as `play_text`.

    Args:
        parts: Sentences and their seconds.
        seed: As of `play_text`.
        num_actors: As of `play_text`.
        style: A word of `people.styles.STYLES`; None = as the sentences have it.
    """
    _check([seconds for _, seconds in parts], num_actors)
    cues = [read_cues(text) for text, _ in parts]
    told = "; ".join(" ".join(text.split()) for text, _ in parts)
    fault = ""
    # one body in some hundred cannot reach what it is asked to do: another one is tried
    for attempt in range(_MOST_TRIES):
        try:
            plan = _plan(parts, cues, seed=(seed, attempt), num_actors=num_actors, style=style)
            return _scene(plan, told, seed=seed)
        except ValueError as error:
            fault = str(error)
    msg = f"the engine cannot play {told[:80]!r}: {fault}; use another seed or other words"
    raise DirectionError(msg)


def _check(times: Sequence[float | None], num_actors: int) -> None:
    longest = MAX_FRAMES / CLIP_FPS
    given = [seconds for seconds in times if seconds is not None]
    if given and not SHORTEST_S <= sum(given) <= longest:
        msg = (
            f"expected {SHORTEST_S:g} to {longest:g} seconds of the procedural engine, got "
            f"{sum(given):g}; longer clips take a trained model"
        )
        raise DirectionError(msg)
    if not 1 <= num_actors <= MOST_ACTORS:
        msg = f"expected 1 to {MOST_ACTORS} actors of the procedural engine, got {num_actors}"
        raise DirectionError(msg)


def _plan(
    parts: Sequence[tuple[str, float | None]],
    cues: Sequence[tuple[Cue, ...]],
    *,
    seed: tuple[int, ...],
    num_actors: int,
    style: str | None,
) -> ScenePlan:
    every = [cue.action for row in cues for cue in row]
    pairs = [action for action in every if action_spec(action).kind == "pair"]
    if pairs and len(every) > 1:
        msg = (
            f"expected {pairs[0]} alone, since two people plan it together, got "
            f"{', '.join(every)}; make a clip of each, or use a trained model"
        )
        raise DirectionError(msg)
    if pairs:
        chance = int(np.random.default_rng((*seed, 5)).integers(2**31))
        return random_together(chance, pairs[0], num_actors=max(num_actors, 2))
    words = " ".join(text for text, _ in parts)
    actors = []
    duration_s = 0.0
    times = [seconds for _, seconds in parts]
    for number in range(num_actors):
        rng = np.random.default_rng((*seed, number, 1))
        age = words_age(words)
        body = random_body(rng, age=age)
        manner = manner_of(words, random_manner(rng, age=age))
        manner = replace(manner, style=style or manner.style)
        beats, needed_s = told_beats(cues, dress_manner(manner), times)
        duration_s = max(duration_s, needed_s)
        actor = ActorPlan(
            subject=f"told{number}",
            body=body,
            manner=manner,
            beats=beats,
            placement=Placement(x=_SPACING_M * (number - (num_actors - 1) / 2)),
            seed=(*seed, number, 2),
        )
        actors.append(actor)
    return ScenePlan(actors=tuple(actors), duration_s=duration_s)


def _scene(plan: ScenePlan, text: str, *, seed: int) -> Animation:
    """Perform a plan and look at it."""
    options = SceneOptions(
        source="procedural", sequence_id="told", seed=(seed, 3), moving_camera=0.0
    )
    sequence = scene_sequence(plan, options)
    found = retarget_sequence(sequence, RetargetConfig(), licence="MIT")
    if found.rejects or not found.clips:
        told = found.rejects[0].detail if found.rejects else "no clip"
        raise ValueError(told)
    clips = [clip for clip in found.clips if clip.scene_id == found.clips[0].scene_id]
    return Animation(
        joints=np.stack([clip.joints for clip in clips]),
        depth=np.stack([clip.depth for clip in clips]),
        actions=np.stack([clip.actions for clip in clips]),
        expressions=np.stack([clip.expression for clip in clips]),
        speech=np.stack([clip.speech for clip in clips]),
        camera=clips[0].camera,
        title=text,
        facts={"model": "procedural engine", "seed": seed, "licence": "MIT"},
    )
