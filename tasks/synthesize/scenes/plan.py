"""What is to be performed, as data: actors with their beats, surroundings, length."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tasks.synthesize.engine.base import Placement
from tasks.synthesize.engine.setting import Setting

if TYPE_CHECKING:
    from tasks.synthesize.engine.body import Body
    from tasks.synthesize.engine.manner import Manner
    from tasks.synthesize.engine.take import Beat

__all__ = ["ActorPlan", "Meeting", "ScenePlan"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ActorPlan:
    """One actor: who, how, what when, and where at one moment."""

    subject: str
    """Who performs, e.g. "p0042": the same word is the same body in every clip."""
    body: Body
    manner: Manner
    beats: tuple[Beat, ...]
    """In order of start. Beats of kind upper may overlap others; the rest follow one another."""
    placement: Placement = field(default_factory=Placement)
    seed: tuple[int, ...] = (0,)
    noun: str = "a person"
    """How captions name the actor: "a man", "the robber"."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Meeting:
    """Something that actors do together; each one's beats leave room for it."""

    kind: str
    """A word of `scenes.meetings.MEETINGS`."""
    actors: tuple[int, ...]
    """Numbers of the actors, the one who leads first."""
    start_s: float
    end_s: float
    thing: str = ""
    style: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ScenePlan:
    """All actors of a clip share its clock and its world."""

    actors: tuple[ActorPlan, ...]
    duration_s: float
    """2..10 s for clips; stories may be longer and are cut into windows."""
    setting: Setting = field(default_factory=Setting)
    meetings: tuple[Meeting, ...] = ()
