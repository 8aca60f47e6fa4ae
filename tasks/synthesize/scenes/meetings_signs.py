"""Meetings of signs and words: talking, whispering, bowing, waving, saluting, cheering."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from tasks.synthesize.engine.arms import aim_hand, sided
from tasks.synthesize.engine.contact import incline, look_at
from tasks.synthesize.engine.take import LEFT, RIGHT
from tasks.synthesize.engine.timing import pulse
from tasks.synthesize.scenes.meetings_spec import Encounter, MeetingSpec

__all__ = ["SIGNS"]

_TURN_S: Final = 1.6
"""Usual length of a turn of speech in these short scenes, by eye."""


def _attend(encounter: Encounter) -> None:
    """Everybody looks at a neighbour throughout."""
    weight = pulse(encounter.t, encounter.meeting.start_s, encounter.meeting.end_s, 0.4)
    heads = [encounter.head_of(one) for one in range(len(encounter.takes))]
    for one, take in enumerate(encounter.takes):
        look_at(take, heads[one - 1 if one else 1], 0.9 * weight)


def _same(encounter: Encounter, *, action: str) -> None:
    """All do the same, each with a delay of its own."""
    meeting = encounter.meeting
    if action != "bow":
        _attend(encounter)
    length = meeting.end_s - meeting.start_s
    late = [0.0, *(float(encounter.rng.uniform(0.05, 0.22)) for _ in encounter.takes[1:])]
    for one in range(len(encounter.takes)):
        encounter.play(
            one,
            action,
            start_s=meeting.start_s + late[one] * length,
            end_s=meeting.end_s - (max(late) - late[one]) * 0.5 * length,
        )


def _talk(encounter: Encounter) -> None:
    meeting = encounter.meeting
    _attend(encounter)
    num = len(encounter.takes)
    turns = max(2, round((meeting.end_s - meeting.start_s) * encounter.tempo / _TURN_S))
    cuts = np.cumsum([float(encounter.rng.uniform(0.7, 1.3)) for _ in range(turns)])
    edges = [meeting.start_s, *(encounter.at(float(cut / cuts[-1])) for cut in cuts)]
    for k in range(turns):
        speaker = k % num
        encounter.play(speaker, "talk", start_s=edges[k], end_s=edges[k + 1])
        # whoever spoke last, or will speak next, shows that he listens
        listener = (k + 1) % num
        room = edges[k + 1] - edges[k]
        if room > 1.0 and encounter.rng.uniform() < 0.75:
            begin = edges[k] + 0.25 * room
            encounter.play(listener, "nod", start_s=begin, end_s=begin + min(1.4, 0.7 * room))


def _whisper(encounter: Encounter) -> None:
    """The first leans to the other's ear and shields the mouth with a hand."""
    t, meeting = encounter.t, encounter.meeting
    teller, hearer = encounter.takes
    length = meeting.end_s - meeting.start_s
    weight = pulse(t, meeting.start_s, meeting.end_s, min(0.7, 0.3 * length))
    taller = max(0.0, teller.body.stature - hearer.body.stature)
    incline(teller, (0.20 + 0.9 * taller) * weight)
    incline(hearer, 0.06 * weight)
    hearer.posture.head[:, 1] += 0.45 * weight
    hearer.posture.head[:, 2] += 0.10 * weight
    side = LEFT if teller.manner.handed == LEFT else RIGHT
    # an open hand beside the mouth, elbow down
    place = teller.body.stature / 1.7 * sided((0.08, 0.13, 0.20), side)
    aim_hand(teller.posture, side, place, weight)
    teller.posture.elbows[:, side] += 0.25 * weight
    encounter.tell(
        0,
        "whisper",
        start_s=meeting.start_s,
        end_s=meeting.end_s,
        side="left" if side == LEFT else "right",
    )
    begin, done = encounter.at(0.55), encounter.at(0.92)
    if done - begin > 0.7:
        encounter.play(1, "nod", start_s=begin, end_s=done)


SIGNS: Final = (
    MeetingSpec(
        name="talk",
        labels=("talk", "talk"),
        seconds=(3.0, 6.5),
        play=_talk,
        needs=("talk", "nod"),
        distance_m=(0.95, 1.4),
        num_actors=(2, 3),
    ),
    MeetingSpec(
        name="whisper",
        labels=("whisper", "unlabelled"),
        seconds=(2.2, 4.5),
        play=_whisper,
        needs=("nod",),
        distance_m=(0.46, 0.52),
        offset_m=0.22,
    ),
    MeetingSpec(
        name="bow",
        labels=("bow", "bow"),
        seconds=(2.2, 3.6),
        play=partial(_same, action="bow"),
        needs=("bow",),
        distance_m=(1.4, 1.9),
        num_actors=(2, 3),
    ),
    MeetingSpec(
        name="wave",
        labels=("wave", "wave"),
        seconds=(2.0, 3.6),
        play=partial(_same, action="wave"),
        needs=("wave",),
        distance_m=(1.8, 3.4),
        num_actors=(2, 3),
    ),
    MeetingSpec(
        name="salute",
        labels=("salute", "salute"),
        seconds=(2.0, 3.4),
        play=partial(_same, action="salute"),
        needs=("salute",),
        distance_m=(1.3, 2.2),
        num_actors=(2, 3),
    ),
    MeetingSpec(
        name="celebrate",
        labels=("celebrate", "celebrate"),
        seconds=(2.2, 4.5),
        play=partial(_same, action="celebrate"),
        needs=("celebrate",),
        distance_m=(1.1, 1.6),
        num_actors=(2, 3),
    ),
    MeetingSpec(
        name="laugh",
        labels=("laugh", "laugh"),
        seconds=(2.0, 4.5),
        play=partial(_same, action="laugh"),
        needs=("laugh",),
        distance_m=(0.95, 1.4),
        num_actors=(2, 3),
    ),
)
