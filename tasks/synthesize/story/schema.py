"""A story as data: its fields, their limits, and the JSON schema that a language model gets."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Annotated, Any, Final

from datasets_spec.vocabulary import ACTIONS, CAMERA_MOVES, EXPRESSIONS, SPEECH_KINDS
from tasks.synthesize.engine.manner import AGES
from tasks.synthesize.story.rules import Faults, Flag, Many, Number, Record, Text, Whole, Word

__all__ = [
    "ALL",
    "CHARACTER_IDS",
    "DIRECTIONS",
    "GENDERS",
    "GROUP_INTERACTIONS",
    "INTERACTIONS",
    "MANNERS",
    "MAX_ON_STAGE",
    "MAX_STORY_S",
    "NONE",
    "PAIR_INTERACTIONS",
    "POSITIONS",
    "SCHEMA_EDITION",
    "SIDES",
    "STYLES",
    "SURROUNDINGS",
    "TONES",
    "Act",
    "Character",
    "Interaction",
    "Scenery",
    "Shot",
    "Story",
    "StoryBeat",
    "read_story",
    "story_json_schema",
]

SCHEMA_EDITION: Final = 1
"""Part of every request's hash: cached replies of another edition are asked anew."""
NONE: Final = "none"
ALL: Final = "all"
CHARACTER_IDS: Final = ("a", "b", "c", "d")
MAX_STORY_S: Final = 60.0
MAX_ON_STAGE: Final = 3
SURROUNDINGS: Final = (
    "floor",
    "ice",
    "stairs_up",
    "stairs_down",
    "slope_up",
    "slope_down",
    "moon",
    "shallow_water",
    "deep_water",
    "wind",
)
TONES: Final = ("funny", "tense", "warm", "sad", "exciting", "calm", "mysterious", "triumphant")
GENDERS: Final = ("female", "male", "unknown")
STYLES: Final = (
    NONE,
    "proud",
    "sneaky",
    "strutting",
    "stiff",
    "rushed",
    "heavyset",
    "depressed",
    "elated",
    "old",
    "drunk",
    "tiptoe",
    "crouched",
    "robot",
    "zombie",
    "superman",
    "cat",
    "chicken",
    "penguin",
    "dinosaur",
)
"""How a character moves all the time: style words of the engine."""
MANNERS: Final = (
    "normally",
    "slowly",
    "quickly",
    "gently",
    "forcefully",
    "carefully",
    "nervously",
    "proudly",
    "tiredly",
    "cheerfully",
    "sneakily",
    "clumsily",
)
"""How one action is done."""
POSITIONS: Final = ("stage_left", "stage_center", "stage_right", "front", "back")
DIRECTIONS: Final = (NONE, "forward", "backward", "left", "right", "up", "down", "around")
SIDES: Final = (NONE, "left", "right", "both")
PAIR_INTERACTIONS: Final = (
    "handshake",
    "high_five",
    "hug",
    "fight",
    "push",
    "pass_object",
    "carry_together",
    "throw_and_catch",
    "dodge_throw",
    "dance_together",
    "lead_by_hand",
    "whisper",
)
GROUP_INTERACTIONS: Final = (
    "talk",
    "laugh",
    "bow",
    "wave",
    "salute",
    "celebrate",
    "follow",
    "chase",
    "race",
    "walk_together",
)
"""For two or three characters."""
INTERACTIONS: Final = (*PAIR_INTERACTIONS, *GROUP_INTERACTIONS)
"""Kinds of meetings that the engine has."""
_ID = Word(CHARACTER_IDS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scenery:
    """Where the story plays."""

    surroundings: Annotated[str, Word(SURROUNDINGS, "what changes how people move there")]
    place: Annotated[str, Text(60, "where it is, with its preposition: in the park, on a rooftop")]


@dataclass(frozen=True, kw_only=True, slots=True)
class Character:
    """One of the cast."""

    id: Annotated[str, _ID]
    name: Annotated[str, Text(40, "a given name")]
    noun: Annotated[str, Text(30, "what they are, without article: thief, old sailor", noun=True)]
    age: Annotated[str, Word(AGES)]
    gender: Annotated[str, Word(GENDERS)]
    style: Annotated[str, Word(STYLES, "how they move all the time")]


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """One action of one character inside a beat."""

    character: Annotated[str, _ID]
    action: Annotated[str, Word(ACTIONS)]
    delay_s: Annotated[float, Number(0.0, 9.5, "seconds after the start of the beat")]
    target: Annotated[str, Word((NONE, *CHARACTER_IDS, *POSITIONS), "to whom or where")]
    direction: Annotated[str, Word(DIRECTIONS)]
    side: Annotated[str, Word(SIDES, "which hand or foot")]
    count: Annotated[int, Whole(0, 10, "repetitions; 0: as many as fit")]
    thing: Annotated[str, Text(30, "what is handled: box, cup; or empty", least=0, noun=True)]
    manner: Annotated[str, Word(MANNERS)]
    emotion: Annotated[str, Word(EXPRESSIONS)]
    speech: Annotated[str, Word((NONE, *SPEECH_KINDS), "how the line is said")]
    line: Annotated[str, Text(200, "what is said meanwhile; or empty", least=0)]
    enter: Annotated[bool, Flag("comes onto the stage with this action")]
    leave: Annotated[bool, Flag("goes off the stage with this action")]


@dataclass(frozen=True, kw_only=True, slots=True)
class Interaction:
    """What characters do together, over the whole beat."""

    kind: Annotated[str, Word(INTERACTIONS)]
    characters: Annotated[tuple[str, ...], Many(_ID, 2, 3, "the one who leads first")]
    thing: Annotated[str, Text(30, "what is passed or thrown; or empty", least=0, noun=True)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shot:
    """What the camera does in a beat."""

    move: Annotated[str, Word(CAMERA_MOVES)]
    target: Annotated[str, Word((ALL, *CHARACTER_IDS), "whom it looks at")]


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryBeat:
    """A stretch of the story; all acts in it start together unless delayed."""

    seconds: Annotated[float, Number(1.0, 10.0, "length of the beat")]
    shot: Annotated[Shot, Record(Shot)]
    acts: Annotated[tuple[Act, ...], Many(Record(Act), 0, 9, "at most 3 for each character")]
    interactions: Annotated[tuple[Interaction, ...], Many(Record(Interaction), 0, 2)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """A whole story: at most 60 s, at most three characters on the stage at a time.

    A character is on the stage from the beginning, unless the first flag among its acts is
    `enter`; it is on the stage for the whole of a beat in which it enters or leaves.
    """

    title: Annotated[str, Text(80)]
    summary: Annotated[str, Text(200, "the story in one sentence")]
    tone: Annotated[str, Word(TONES)]
    setting: Annotated[Scenery, Record(Scenery)]
    characters: Annotated[tuple[Character, ...], Many(Record(Character), 1, 4)]
    beats: Annotated[tuple[StoryBeat, ...], Many(Record(StoryBeat), 2, 12)]

    @property
    def duration_s(self) -> float:
        """Length of the story, seconds."""
        return math.fsum(beat.seconds for beat in self.beats)

    def starts_s(self) -> tuple[float, ...]:
        """Start of every beat, seconds from the beginning of the story."""
        ends = [0.0]
        for beat in self.beats:
            ends.append(ends[-1] + beat.seconds)
        return tuple(ends[:-1])

    def character(self, identity: str) -> Character:
        """The character of an id; KeyError if there is none."""
        return {one.id: one for one in self.characters}[identity]


def read_story(data: Any, faults: Faults) -> Story | None:
    """A story out of JSON-like data, field by field; cross checks are made elsewhere.

    Args:
        data: What a JSON parser gave.
        faults: Takes the faults.

    Returns:
        The story; None if there was any fault.
    """
    story: Story | None = Record(Story).read(data, "$", faults)
    return story


@functools.cache
def story_json_schema(*, bounds: bool = True) -> dict[str, Any]:
    """JSON schema of a story: every property required, no others allowed.

    Args:
        bounds: With counts, lengths and ranges; without them it keeps to the subset of JSON schema
            that strict structured output of OpenAI-style services takes.

    Returns:
        The schema; shared, not to be changed.
    """
    return Record(Story).schema(bounds=bounds)
