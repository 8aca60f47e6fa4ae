"""Plans of scenes in which people come together, do something, and part or stay."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.motion import MAX_ACTORS
from tasks.synthesize.actions.registry import action_specs
from tasks.synthesize.engine.base import Placement
from tasks.synthesize.engine.setting import Setting
from tasks.synthesize.people.cast import Person, manner_today
from tasks.synthesize.people.person import random_body, random_manner
from tasks.synthesize.scenes.meetings import MEETINGS, meeting_spec
from tasks.synthesize.scenes.plan import ActorPlan, Meeting, ScenePlan
from tasks.synthesize.scenes.together_parts import (
    LONGEST_S,
    Times,
    actor_beats,
    plan_times,
    watcher_beats,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.synthesize.engine.take import Beat
    from tasks.synthesize.scenes.meetings_spec import MeetingSpec

__all__ = ["meeting_placements", "random_together"]

_AGES: Final = ("adult", "adult", "adult", "adult", "adult", "adult", "old", "child")
_ARRIVALS: Final = ("both", "first", "second", "near")
"""Who walks up: all, only the first, only the others, nobody."""
_ARRIVAL_SHARES: Final = (0.35, 0.25, 0.2, 0.2)


def meeting_placements(
    kind: str,
    actors: Sequence[ActorPlan],
    *,
    at_s: float,
    centre: tuple[float, float] = (0.0, 0.0),
    heading: float = 0.0,
    share: float = 0.5,
) -> tuple[Placement, ...]:
    """Where the actors of a meeting stand, and which way, when it begins.

    Args:
        kind: A word of `meetings.MEETINGS`.
        actors: In the order of the meeting; their arms decide how far apart they stand.
        at_s: When they stand there, seconds.
        centre: Middle between them, x and z, metres.
        heading: Facing of the first actor, radians, 0 = +z; abreast and in file: of all.
        share: 0 as close as is usual for the kind, 1 as far.
    """
    spec = meeting_spec(kind)
    gaps = [
        spec.distance(one, two, share=share)
        for one, two in zip(actors, [*actors[1:], actors[0]], strict=True)
    ]
    places, yaws = _arrange(spec, len(actors), gaps)
    cos, sin = np.cos(heading), np.sin(heading)
    return tuple(
        Placement(
            x=centre[0] + float(x * cos + z * sin),
            z=centre[1] + float(z * cos - x * sin),
            yaw=heading + yaw,
            at_s=at_s,
        )
        for (x, z), yaw in zip(places, yaws, strict=True)
    )


def _arrange(
    spec: MeetingSpec, count: int, gaps: Sequence[float]
) -> tuple[list[tuple[float, float]], list[float]]:
    """Places (x to the left, z ahead) about the middle, and yaws, for a heading of 0."""
    if spec.arrangement == "facing" and count == 2:
        half, aside = gaps[0] / 2, spec.offset_m / 2
        return [(aside, -half), (-aside, half)], [0.0, float(np.pi)]
    if spec.arrangement == "facing":
        radius = max(gaps) / (2 * float(np.sin(np.pi / count)))
        turns = [2 * np.pi * k / count for k in range(count)]
        ring = [(-radius * float(np.sin(a)), -radius * float(np.cos(a))) for a in turns]
        return ring, [float(a) for a in turns]
    along = np.concatenate([[0.0], np.cumsum(gaps[: count - 1])])
    along -= along.mean()
    if spec.arrangement in {"abreast", "echelon"}:
        back = 0.45 if spec.arrangement == "echelon" else 0.0
        return [(-float(a), -back * float(a)) for a in along], [0.0] * count
    return [(0.0, -float(a)) for a in along], [0.0] * count


def random_together(
    seed: int,
    kind: str | None = None,
    *,
    num_actors: int | None = None,
    setting: Setting | None = None,
    people: Sequence[Person] | None = None,
) -> ScenePlan:
    """A scene of people who come together.

    Args:
        seed: Fixes people, places and times.
        kind: A word of `meetings.MEETINGS`; None: any that fits the number of actors.
        num_actors: 2 or more; those beyond what the meeting takes watch it;
            None: as many as the kind takes.
        setting: Surroundings; None: plain.
        people: Who may take part, the first ones do; None: strangers met in this scene only.

    Returns:
        A plan of 4 to 10 s.

    Raises:
        ValueError: If the kind is unknown or does not fit the number of actors.
    """
    rng = np.random.default_rng((seed, 11))
    most = MAX_ACTORS if people is None else len(people)
    kind = kind or _any_kind(rng, num_actors or most)
    spec = meeting_spec(kind)
    low, high = spec.num_actors
    total = int(rng.integers(low, min(high, most) + 1)) if num_actors is None else num_actors
    if not low <= total <= most:
        msg = f"meeting {kind!r}: expected {low}..{most} actors, got {total}"
        raise ValueError(msg)
    cast = people or [_stranger(rng, seed, number) for number in range(total)]
    actors = [_actor(rng, person, (seed, 12, number)) for number, person in enumerate(cast[:total])]
    times = plan_times(rng, spec, actors[:high])
    meeting = Meeting(
        kind=kind,
        actors=tuple(range(min(total, high))),
        start_s=times.meet,
        end_s=times.done,
        thing=str(rng.choice(spec.things)) if spec.things else "",
        style=str(rng.choice(spec.styles)) if spec.styles else "",
    )
    return ScenePlan(
        actors=_with_parts(rng, actors, meeting, times),
        duration_s=min(times.end, LONGEST_S),
        setting=setting or Setting(),
        meetings=(meeting,),
    )


def _any_kind(rng: np.random.Generator, num_actors: int) -> str:
    known = action_specs()
    kinds = [
        name
        for name, spec in MEETINGS.items()
        if spec.num_actors[0] <= num_actors and known.keys() >= set(spec.needs)
    ]
    return str(rng.choice(kinds))


def _with_parts(
    rng: np.random.Generator, actors: Sequence[ActorPlan], meeting: Meeting, times: Times
) -> tuple[ActorPlan, ...]:
    """The actors with their places, and what they do before and after the meeting."""
    spec, size = meeting_spec(meeting.kind), len(meeting.actors)
    placements = meeting_placements(
        meeting.kind,
        actors[:size],
        at_s=0.5 * times.end if spec.moves else times.meet + 0.2,
        centre=(float(rng.uniform(-0.5, 0.5)), float(rng.uniform(-0.5, 0.5))),
        heading=float(rng.uniform(-np.pi, np.pi)),
        share=float(rng.uniform()),
    )
    arrival = "near" if spec.moves else str(rng.choice(_ARRIVALS, p=_ARRIVAL_SHARES))
    parts = []
    for number, actor in enumerate(actors):
        beats: tuple[Beat, ...] = ()
        if number < size:
            placement = placements[number]
            group = "second" if number else "first"
            if not spec.moves:
                walks, leaves = arrival in {"both", group}, times.leaves in {"all", group}
                beats = actor_beats(rng, actor, times, walks=walks, leaves=leaves)
        else:
            beats = watcher_beats(rng, times)
            placement = _watcher_place(rng, placements, number - size)
        parts.append(replace(actor, beats=beats, placement=placement))
    return tuple(parts)


def _stranger(rng: np.random.Generator, seed: int, number: int) -> Person:
    age = str(rng.choice(_AGES))
    return Person(
        subject=f"t{seed:06d}{'abcdefgh'[number]}",
        body=random_body(rng, age=age),
        manner=random_manner(rng, age=age),
        nouns=("a child",) if age == "child" else ("a person",),
    )


def _actor(rng: np.random.Generator, person: Person, seed: tuple[int, ...]) -> ActorPlan:
    return ActorPlan(
        subject=person.subject,
        body=person.body,
        manner=manner_today(person, rng),
        beats=(),
        seed=seed,
        noun=str(rng.choice(person.nouns)),
    )


def _watcher_place(
    rng: np.random.Generator, placements: Sequence[Placement], number: int
) -> Placement:
    """Beside the meeting, at a distance, facing it."""
    x = float(np.mean([one.x for one in placements]))
    z = float(np.mean([one.z for one in placements]))
    # across the line of those who meet: nobody's way leads there
    angle = placements[0].yaw + (1 if number % 2 else -1) * float(rng.uniform(1.2, 1.9))
    far = 1.8 + 0.6 * number + float(rng.uniform(0.0, 0.6))
    return Placement(
        x=x + far * float(np.sin(angle)),
        z=z + far * float(np.cos(angle)),
        yaw=angle + float(np.pi),
        at_s=placements[0].at_s,
    )
