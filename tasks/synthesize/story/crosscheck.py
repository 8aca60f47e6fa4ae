"""Whether the parts of a story fit together: who is there, who acts, what takes how long."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from tasks.synthesize.story.schema import (
    ALL,
    CHARACTER_IDS,
    GROUP_INTERACTIONS,
    INTERACTIONS,
    MAX_ON_STAGE,
    MAX_STORY_S,
    NONE,
)

if TYPE_CHECKING:
    from tasks.synthesize.story.rules import Faults
    from tasks.synthesize.story.schema import Act, Story, StoryBeat

__all__ = ["check_story", "stage_by_beat"]

_MAX_ACTS: Final = 3
"""Acts of one character in one beat."""
_MIN_ACT_S: Final = 0.5
"""Least time that an act has left in its beat."""
_TOGETHER: Final = frozenset(INTERACTIONS) & {"handshake", "hug", "high_five", "fight"}
"""Words that are both an action and an interaction: nobody does them alone."""


def stage_by_beat(story: Story) -> tuple[tuple[str, ...], ...]:
    """Ids of the characters on the stage in every beat, in the order of the cast."""
    present = {one.id: _starts_on_stage(story, one.id) for one in story.characters}
    found = []
    for beat in story.beats:
        entering = {act.character for act in beat.acts if act.enter}
        found.append(tuple(key for key, there in present.items() if there or key in entering))
        for act in beat.acts:
            if act.character in present and (act.enter or act.leave):
                present[act.character] = not act.leave
    return tuple(found)


def check_story(story: Story, faults: Faults) -> None:
    """Note everything in which the parts of a story contradict each other.

    Args:
        story: Read field by field.
        faults: Takes the faults.
    """
    ids = [one.id for one in story.characters]
    for number, key in enumerate(ids):
        if key in ids[:number]:
            faults.add(f"$.characters[{number}].id", "an id of its own", f"{key!r} again")
    if story.duration_s > MAX_STORY_S:
        got = f"{story.duration_s:g} s"
        faults.add("$.beats", f"at most {MAX_STORY_S:g} s in all", got)
    stages = stage_by_beat(story)
    _check_flags(story, faults)
    for number, (beat, stage) in enumerate(zip(story.beats, stages, strict=True)):
        _check_beat(beat, stage, f"$.beats[{number}]", faults)
    acting = {act.character for beat in story.beats for act in beat.acts}
    acting |= {key for beat in story.beats for one in beat.interactions for key in one.characters}
    for number, key in enumerate(ids):
        if key not in acting:
            faults.add(f"$.characters[{number}]", "at least one act or interaction", "none")


def _starts_on_stage(story: Story, key: str) -> bool:
    for beat in story.beats:
        for act in beat.acts:
            if act.character == key and (act.enter or act.leave):
                return not act.enter
    return True


def _check_flags(story: Story, faults: Faults) -> None:
    """Nobody enters who is there, nor leaves who is not, nor does both at once."""
    there = {one.id: _starts_on_stage(story, one.id) for one in story.characters}
    for number, beat in enumerate(story.beats):
        for place, act in enumerate(beat.acts):
            path = f"$.beats[{number}].acts[{place}]"
            if act.enter and act.leave:
                faults.add(path, "enter or leave in one act", "both")
            elif act.enter and there.get(act.character, False):
                faults.add(f"{path}.enter", f"false, {act.character!r} is on the stage", "true")
            elif act.leave and not there.get(act.character, True):
                faults.add(f"{path}.leave", f"false, {act.character!r} is off the stage", "true")
            if act.enter or act.leave:
                there[act.character] = not act.leave


def _check_beat(beat: StoryBeat, stage: tuple[str, ...], path: str, faults: Faults) -> None:
    on_stage = ", ".join(stage) or "nobody"
    if not 1 <= len(stage) <= MAX_ON_STAGE:
        faults.add(path, f"1 to {MAX_ON_STAGE} characters on the stage", on_stage)
    if beat.shot.target != ALL and beat.shot.target not in stage:
        faults.add(f"{path}.shot.target", f"all or one of {on_stage}", repr(beat.shot.target))
    for key, many in Counter(act.character for act in beat.acts).items():
        if many > _MAX_ACTS:
            faults.add(f"{path}.acts", f"at most {_MAX_ACTS} acts of {key!r}", str(many))
    for number, act in enumerate(beat.acts):
        _check_act(act, beat, stage, f"{path}.acts[{number}]", faults)
        _check_order(act, beat, f"{path}.acts[{number}]", faults)
    _check_interactions(beat, stage, path, faults)


def _check_interactions(beat: StoryBeat, stage: tuple[str, ...], path: str, faults: Faults) -> None:
    on_stage = ", ".join(stage) or "nobody"
    busy: set[str] = set()
    for number, one in enumerate(beat.interactions):
        where = f"{path}.interactions[{number}].characters"
        if not set(one.characters) <= set(stage):
            faults.add(where, f"characters on the stage ({on_stage})", ", ".join(one.characters))
        if len(set(one.characters)) < len(one.characters):
            faults.add(where, "different characters", ", ".join(one.characters))
        if len(one.characters) > 2 and one.kind not in GROUP_INTERACTIONS:
            faults.add(where, f"two characters for {one.kind!r}", str(len(one.characters)))
        if busy & set(one.characters):
            faults.add(where, "one interaction for each character", ", ".join(one.characters))
        busy |= set(one.characters)


def _check_act(
    act: Act, beat: StoryBeat, stage: tuple[str, ...], path: str, faults: Faults
) -> None:
    on_stage = ", ".join(stage) or "nobody"
    if act.character not in stage:
        faults.add(f"{path}.character", f"one on the stage ({on_stage})", repr(act.character))
    if act.target in CHARACTER_IDS and act.target not in stage:
        expected = f"none, a position or one on the stage ({on_stage})"
        faults.add(f"{path}.target", expected, repr(act.target))
    if act.target == act.character:
        faults.add(f"{path}.target", "somebody else", repr(act.target))
    if act.delay_s > beat.seconds - _MIN_ACT_S:
        most = beat.seconds - _MIN_ACT_S
        faults.add(f"{path}.delay_s", f"at most {most:g} in this beat", f"{act.delay_s:g}")
    if act.line and act.speech == NONE:
        faults.add(f"{path}.speech", "how the line is said", NONE)
    if act.action in _TOGETHER and not any(
        one.kind == act.action and act.character in one.characters for one in beat.interactions
    ):
        expected = f"an interaction {act.action!r} with {act.character!r} in this beat"
        faults.add(f"{path}.action", expected, "none")


def _check_order(act: Act, beat: StoryBeat, path: str, faults: Faults) -> None:
    """Nothing is done before coming in, nor after going out."""
    if not (act.enter or act.leave):
        return
    delays = [other.delay_s for other in beat.acts if other.character == act.character]
    if act.enter and min(delays) < act.delay_s:
        faults.add(f"{path}.delay_s", "to enter before any other act", f"{act.delay_s:g}")
    if act.leave and max(delays) > act.delay_s:
        faults.add(f"{path}.delay_s", "to leave after all other acts", f"{act.delay_s:g}")
