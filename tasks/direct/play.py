"""From a sentence to a scene by the procedural engine."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.schema import CLIP_FPS, MAX_FRAMES
from stickgen_model.animation import Animation
from tasks.config import RetargetConfig
from tasks.direct.cue import Cue, DirectionError, manner_of, read_cues, words_age
from tasks.retarget.retarget import retarget_sequence
from tasks.synthesize.actions.registry import action_spec
from tasks.synthesize.engine.base import Placement
from tasks.synthesize.engine.take import Beat
from tasks.synthesize.people.dress import dress_manner
from tasks.synthesize.people.person import random_body, random_manner
from tasks.synthesize.scenes.chain import chain_seconds, way_between
from tasks.synthesize.scenes.plan import ActorPlan, ScenePlan
from tasks.synthesize.scenes.sequence import SceneOptions, scene_sequence
from tasks.synthesize.scenes.together import random_together

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tasks.synthesize.engine.manner import Manner

__all__ = ["MOST_ACTORS", "play_text"]

MOST_ACTORS: Final = 4
_LONGEST_S: Final = (MAX_FRAMES - 1) / CLIP_FPS
_SHORTEST_S: Final = 2.0
_OUTSIDE_S: Final = 2.5
"""A gait at an end of the clip has begun before it, or goes on after it."""
_SPACING_M: Final = 1.3
_MOST_TRIES: Final = 4
_SQUEEZE: Final = 0.94
_FIXED: Final = frozenset(
    {"jump", "cartwheel", "fall", "get_up", "sit_down", "stand_up", "lie_down", "dodge"}
)
"""Actions that are over when they are over: longer scenes stretch the others."""


_RISING: Final = {
    ("sit", "get_up"): "stand_up",
    ("crouch", "get_up"): "stand_up",
    ("lie", "stand_up"): "get_up",
    ("kneel", "stand_up"): "get_up",
}


def play_text(
    text: str, *, seed: int = 0, seconds: float | None = None, num_actors: int = 1
) -> Animation:
    """Play a sentence.

    Args:
        text: English; its actions are played in the order in which they are told.
        seed: Fixes body, manner and all that the words leave open.
        seconds: Length, 2 to 10 s; None = what the actions need.
        num_actors: 1 to 4; two and more are dealt with together where the sentence names something
            that takes two (a handshake, a fight), else each plays it.

    Returns:
        A scene at 25 frames a second with depth, actions, faces, speech and camera.

    Raises:
        DirectionError: If the sentence names nothing that can be played, or not in that time.
    """
    _check(seconds, num_actors)
    cues = read_cues(text)
    fault = ""
    # one body in some hundred cannot reach what it is asked to do: another one is tried
    for attempt in range(_MOST_TRIES):
        try:
            plan = _plan(text, cues, seed=(seed, attempt), seconds=seconds, num_actors=num_actors)
            return _scene(plan, text, seed=seed)
        except DirectionError:
            raise
        except ValueError as error:
            fault = str(error)
    msg = f"the engine cannot play {text[:80]!r}: {fault}; use another seed or other words"
    raise DirectionError(msg)


def _check(seconds: float | None, num_actors: int) -> None:
    longest = MAX_FRAMES / CLIP_FPS
    if seconds is not None and not _SHORTEST_S <= seconds <= longest:
        msg = (
            f"expected {_SHORTEST_S:g} to {longest:g} seconds of the procedural engine, got "
            f"{seconds:g}; longer clips take a trained model or a script of several parts"
        )
        raise DirectionError(msg)
    if not 1 <= num_actors <= MOST_ACTORS:
        msg = f"expected 1 to {MOST_ACTORS} actors of the procedural engine, got {num_actors}"
        raise DirectionError(msg)


def _plan(
    text: str,
    cues: Sequence[Cue],
    *,
    seed: tuple[int, ...],
    seconds: float | None,
    num_actors: int,
) -> ScenePlan:
    pairs = [cue.action for cue in cues if action_spec(cue.action).kind == "pair"]
    if pairs:
        chance = int(np.random.default_rng((*seed, 5)).integers(2**31))
        return random_together(chance, pairs[0], num_actors=max(num_actors, 2))
    actors, duration_s = [], 0.0
    for number in range(num_actors):
        rng = np.random.default_rng((*seed, number, 1))
        age = words_age(text)
        body = random_body(rng, age=age)
        manner = manner_of(text, random_manner(rng, age=age))
        wanted = duration_s if number else seconds
        beats, duration_s = _beats(cues, dress_manner(manner), wanted)
        place = Placement(x=_SPACING_M * (number - (num_actors - 1) / 2))
        actor = ActorPlan(
            subject=f"told{number}",
            body=body,
            manner=manner,
            beats=beats,
            placement=place,
            seed=(*seed, number, 2),
        )
        actors.append(actor)
    return ScenePlan(actors=tuple(actors), duration_s=duration_s)


def _beats(
    cues: Sequence[Cue], manner: Manner, seconds: float | None
) -> tuple[tuple[Beat, ...], float]:
    """Beats one after another, and how long all take."""
    row = _connected(cues)
    names = [cue.action for cue in row]
    low, high = np.array(chain_seconds(names)).T / manner.tempo
    room = min(float(np.mean([low.sum(), high.sum()])), _LONGEST_S)
    wanted = room if seconds is None else min(seconds, _LONGEST_S)
    lengths = _lengths(names, low, high, wanted)
    end = max(wanted, _SHORTEST_S)
    beats: list[Beat] = []
    now = 0.0
    for number, (cue, length) in enumerate(zip(row, lengths, strict=True)):
        travels = action_spec(cue.action).kind == "travel"
        start, stop = now, now + length
        beats.append(
            Beat(
                action=cue.action,
                start_s=start - _OUTSIDE_S if travels and number == 0 else start,
                end_s=end + _OUTSIDE_S if travels and number == len(row) - 1 else stop,
                **cue.wishes,
            )
        )
        beats += _laid_over(cues, cue, start, stop)
        now = stop
    return tuple(beats), end


def _connected(cues: Sequence[Cue]) -> list[Cue]:
    """Cues that follow one another, with what leads from each stance to the next."""
    row: list[Cue] = []
    stance = action_spec(cues[0].action).enter
    variant = ""
    for said in cues:
        # who sits stands up, who lies or kneels gets up, whatever word is used for it
        cue = replace(said, action=_RISING.get((stance, said.action), said.action))
        spec = action_spec(cue.action)
        if cue.during and row and _goes_over(cue, row[-1]):
            continue
        ways = [_way(name, variant) for name in way_between(stance, spec)]
        row += [*ways, cue if cue.wishes.get("style") else _way(cue.action, variant, cue)]
        if spec.kind == "stance":
            variant = row[-1].wishes.get("style", "") if spec.leave != "stand" else ""
        stance = stance if spec.kind == "upper" else spec.leave
    return row


def _way(action: str, variant: str, cue: Cue | None = None) -> Cue:
    """An action in the variant of the stance: who sat down on the floor rises from there."""
    wishes: dict[str, Any] = dict(cue.wishes) if cue else {}
    spec = action_spec(action)
    if variant in spec.styles and spec.kind == "stance" and spec.enter != "stand":
        wishes["style"] = variant
    return Cue(action=action, wishes=wishes)


def _goes_over(cue: Cue, ground: Cue) -> bool:
    stance = {"idle": "stand"}.get(ground.action, ground.action)
    return stance in action_spec(cue.action).over


def _laid_over(cues: Sequence[Cue], ground: Cue, start: float, stop: float) -> list[Beat]:
    """What arms and head do at the same time, where the sentence says "while"."""
    following = [
        after
        for before, after in pairwise(cues)
        if before.action == ground.action and after.during and _goes_over(after, ground)
    ]
    beats = []
    for cue in following[:1]:
        low, high = action_spec(cue.action).seconds
        length = min(high, stop - start - 0.6)
        if length < _SQUEEZE * low:
            msg = (
                f"expected at least {low + 0.6:.1f} s of {ground.action} for {cue.action}, got "
                f"{stop - start:.1f} s; ask for more seconds"
            )
            raise DirectionError(msg)
        first = start + 0.5 * (stop - start - length)
        beats.append(Beat(action=cue.action, start_s=first, end_s=first + length, **cue.wishes))
    return beats


def _lengths(
    names: Sequence[str], low: NDArray[np.float64], high: NDArray[np.float64], wanted: float
) -> list[float]:
    """Seconds of every action, all together as near to `wanted` as they allow.

    Raises:
        DirectionError: If they need longer.
    """
    least = float(_SQUEEZE * low.sum())
    if wanted < least:
        msg = (
            f"expected at least {least:.1f} seconds for {', '.join(names)}, got {wanted:.1f}; "
            "ask for a longer clip or for fewer actions"
        )
        raise DirectionError(msg)
    if wanted <= low.sum():
        return [float(x) for x in low * (wanted / low.sum())]
    share = min((wanted - low.sum()) / max(float((high - low).sum()), 1e-9), 1.0)
    lengths = low + share * (high - low)
    longer = np.array([name not in _FIXED for name in names])
    spare = max(wanted - float(lengths.sum()), 0.0)
    if longer.any():
        lengths = lengths + longer * spare / longer.sum()
    return [float(x) for x in lengths]


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
        title=" ".join(text.split()),
        facts={"model": "procedural engine", "seed": seed, "licence": "MIT"},
    )
