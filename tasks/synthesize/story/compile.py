"""Compile a story into scenes of the engine: one scene a beat, everybody on the stage in it."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final

from datasets_spec.shot import Shot as CameraShot
from tasks.synthesize.engine.base import Placement
from tasks.synthesize.scenes.meetings import MEETINGS
from tasks.synthesize.scenes.plan import ActorPlan, Meeting, ScenePlan
from tasks.synthesize.scenes.together import meeting_placements
from tasks.synthesize.story.blocking import block_scene, roves, toward
from tasks.synthesize.story.crosscheck import stage_by_beat
from tasks.synthesize.story.part import Part, write_part
from tasks.synthesize.story.schema import ALL
from tasks.synthesize.story.stage import cast_players, player_manner, scenery_setting

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from tasks.synthesize.engine.manner import Manner
    from tasks.synthesize.scenes.meetings_spec import MeetingSpec
    from tasks.synthesize.story.blocking import Spot
    from tasks.synthesize.story.schema import Act, Interaction, Story, StoryBeat
    from tasks.synthesize.story.stage import Player

__all__ = ["StoryScene", "compile_story", "num_scenes", "story_identity"]

_LONGEST_S: Final = 9.96
_SHORTEST_S: Final = 2.0
_ARRIVAL_S: Final = 1.8
"""When a meeting begins for which somebody has to come on."""
_READY_S: Final = 0.35
_AFTER_S: Final = 0.5
_BEHIND_M: Final = 2.0
"""Who goes about during a meeting does so behind it."""
_ASIDE_M: Final = 1.5
"""Bystanders are so far from the middle of a meeting, and further."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryScene:
    """One beat of a story, ready for the engine."""

    number: int
    plan: ScenePlan
    shots: tuple[CameraShot, ...]
    voices: tuple[tuple[tuple[float, float, str], ...], ...]
    """Of each actor: lines as start, end, kind of speech."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Stage:
    """What the players of a scene share."""

    players: Mapping[str, Player]
    ids: tuple[str, ...]
    beat: StoryBeat
    meeting: Meeting | None
    """Actors by their places in `ids`."""

    def acts(self, identity: str) -> tuple[Act, ...]:
        own = [act for act in self.beat.acts if act.character == identity]
        return tuple(sorted(own, key=lambda act: act.delay_s))


def story_identity(story: Story) -> str:
    """A short name of a story that is the same wherever it was told."""
    text = json.dumps(asdict(story), sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def num_scenes(story: Story) -> int:
    """How many scenes a story gives."""
    return sum(bool(ids) for ids in stage_by_beat(story))


def compile_story(story: Story) -> tuple[StoryScene, ...]:
    """Scenes of a story, in order; a beat with nobody on the stage gives none."""
    identity = story_identity(story)
    players = cast_players(identity, story.characters)
    stances = dict.fromkeys(players, "stand")
    scenes = []
    for number, (beat, ids) in enumerate(zip(story.beats, stage_by_beat(story), strict=True)):
        if not ids:
            continue
        stage = _Stage(players=players, ids=ids, beat=beat, meeting=_meeting(beat, ids))
        scene = _scene(story, stage, stances, seed=(int(identity, 16), number))
        scenes.append(scene)
    return tuple(scenes)


def _meeting(beat: StoryBeat, ids: tuple[str, ...]) -> Meeting | None:
    """The first interaction of a beat that the engine can play, with its times."""
    for wish in beat.interactions:
        spec = MEETINGS.get(wish.kind)
        if spec is None or not set(wish.characters) <= set(ids):
            continue
        low, high = spec.num_actors
        people = wish.characters[:high]
        if len(people) < low:
            continue
        comes = any(act.enter for act in beat.acts if act.character in people)
        if spec.moves:
            start, end = -_ARRIVAL_S, max(beat.seconds, spec.seconds[0]) + _ARRIVAL_S
        else:
            start = _ARRIVAL_S if comes else _READY_S
            room = min(max(beat.seconds - start - _AFTER_S, spec.seconds[0]), spec.seconds[1])
            end = min(start + room, _LONGEST_S - _AFTER_S)
        return Meeting(
            kind=wish.kind,
            actors=tuple(ids.index(one) for one in people),
            start_s=start,
            end_s=end,
            thing=_thing(wish),
        )
    return None


def _thing(wish: Interaction) -> str:
    things = MEETINGS[wish.kind].things
    return wish.thing if wish.thing in things else (things[0] if things else "")


def _scene(
    story: Story, stage: _Stage, stances: dict[str, str], *, seed: tuple[int, int]
) -> StoryScene:
    manners = {one: player_manner(stage.players[one], stage.acts(one)) for one in stage.ids}
    spots = block_scene({one: stage.acts(one) for one in stage.ids})
    parts = {one: _part(stage, one, manners[one], stances[one], spots[one]) for one in stage.ids}
    ends = [part.now + 0.2 for part in parts.values()]
    if stage.meeting and stage.meeting.start_s > 0.0:
        ends.append(stage.meeting.end_s + _AFTER_S)
    seconds = min(max(stage.beat.seconds, _SHORTEST_S, *ends), _LONGEST_S)
    actors = [
        ActorPlan(
            subject=stage.players[one].subject,
            body=stage.players[one].body,
            manner=manners[one],
            beats=tuple(sorted(parts[one].beats, key=lambda beat: beat.start_s)),
            placement=_place(parts[one]),
            seed=(*seed, place),
            noun=stage.players[one].noun,
        )
        for place, one in enumerate(stage.ids)
    ]
    if stage.meeting:
        roving = {k for k, one in enumerate(stage.ids) if roves(stage.acts(one))}
        actors = _placed(stage.meeting, actors, seconds, roving=roving)
    stances.update({one: part.stance for one, part in parts.items()})
    plan = ScenePlan(
        actors=tuple(actors),
        duration_s=seconds,
        setting=scenery_setting(story.setting),
        meetings=(stage.meeting,) if stage.meeting else (),
    )
    return StoryScene(
        number=seed[1],
        plan=plan,
        shots=_shots(stage, seconds),
        voices=tuple(tuple(parts[one].voices) for one in stage.ids),
    )


def _part(stage: _Stage, identity: str, manner: Manner, stance: str, spot: Spot) -> Part:
    acts = stage.acts(identity)
    meeting, busy = stage.meeting, None
    if meeting and stage.ids.index(identity) in meeting.actors:
        # meetings are held on one's feet
        busy, stance = (meeting.start_s, meeting.end_s), "stand"
        if meeting.start_s <= 0.0:
            acts = ()
    return write_part(
        acts,
        manner,
        stance=stance,
        busy=busy,
        wanted_s=max(stage.beat.seconds, _SHORTEST_S),
        spot=spot,
    )


def _place(part: Part) -> Placement:
    return Placement(x=part.place[0], z=part.place[1], yaw=part.face, at_s=part.at_s)


def _placed(
    meeting: Meeting, actors: Sequence[ActorPlan], seconds: float, *, roving: Collection[int]
) -> list[ActorPlan]:
    """The actors, those of the meeting where it wants them, the others further off."""
    spec = MEETINGS[meeting.kind]
    at_s = 0.5 * seconds if spec.moves else meeting.start_s + 0.2
    met = [actors[number] for number in meeting.actors]
    places = meeting_placements(meeting.kind, met, at_s=at_s, heading=0.5 * math.pi)
    out = list(actors)
    for number, place in zip(meeting.actors, places, strict=True):
        out[number] = replace(actors[number], placement=place)
    others = [number for number in range(len(actors)) if number not in meeting.actors]
    for k, number in enumerate(others):
        if number in roving:
            behind = replace(actors[number].placement, z=-_BEHIND_M - 0.8 * k)
            out[number] = replace(actors[number], placement=behind)
        else:
            out[number] = replace(actors[number], placement=_bystander(spec, places, k, at_s=at_s))
    return out


def _bystander(
    spec: MeetingSpec, places: Sequence[Placement], number: int, *, at_s: float
) -> Placement:
    """Beside a meeting that stays, behind one that passes by; looking at it."""
    reach = max(math.hypot(place.x, place.z) for place in places)
    if spec.moves:
        x, z = 0.6 * number, -(reach if spec.arrangement == "abreast" else 0.0) - _ASIDE_M
    else:
        x, z = -(reach + _ASIDE_M + 0.6 * number), -0.5
    return Placement(
        x=x, z=z, yaw=0.8 * toward((x, z), (0.0, 0.0)), at_s=0.0 if spec.moves else at_s
    )


def _shots(stage: _Stage, seconds: float) -> tuple[CameraShot, ...]:
    wish = stage.beat.shot
    follow = stage.ids.index(wish.target) if wish.target in stage.ids else None
    if wish.target == ALL or wish.move == "static":
        follow = None
    return (CameraShot(move=wish.move, start_s=0.0, end_s=seconds, follow=follow),)
