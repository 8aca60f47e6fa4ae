"""Scene number so-and-so of a build: what is done, alone or together, by whom and where."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.vocabulary import ACTIONS
from tasks.synthesize.actions.registry import action_spec
from tasks.synthesize.people.cast import cast_person, manner_today
from tasks.synthesize.people.dress import dress_manner
from tasks.synthesize.people.styles import STYLES
from tasks.synthesize.scenes.chain import connect, random_chain
from tasks.synthesize.scenes.plan import ActorPlan, ScenePlan
from tasks.synthesize.scenes.random_setting import TRAVEL_ONLY, place_for, random_setting
from tasks.synthesize.scenes.timeline import LONGEST_S, timeline
from tasks.synthesize.scenes.together import random_together

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.synthesize.engine.manner import Manner
    from tasks.synthesize.people.cast import Person

__all__ = ["SceneShares", "random_scene", "scene_action"]

TROUPE: Final = 6
"""People who meet only one another: a split of the data by people then stays possible."""
_LEAST_TROUPES: Final = 12
_SCENES_A_TROUPE: Final = 40
_MOST_PARTS: Final = 4
_ROOM_S: Final = 9.0
"""The shortest form of a sequence fits into it, with some rests."""
_PLAIN: Final = frozenset({"walk", "run", "limp"})
"""What people do on stairs and slopes."""
_STANDING: Final = frozenset({"idle", "turn", "nod", "shake_head"})
_STYLED: Final = _STANDING | {
    "walk",
    "walk_backward",
    "sidestep",
    "run",
    "run_backward",
    "sprint",
    "march",
    "skip",
    "hop",
    "limp",
    "stagger",
}
"""What is done visibly in a style: arms and trunk are free to show it."""
_STYLED_SHARE: Final = 0.5
"""Least share of such actions in a clip that has a style."""
_STYLED_OF: Final = 3.4
"""Clips for one in which a style can be seen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SceneShares:
    """How the scenes of a build are divided; shares in 0..1."""

    sequence: float = 0.4
    """Several actions one after another."""
    together: float = 0.2
    """Two or three people who have to do with one another."""
    style: float = 0.15
    """Clips of one person with a style word."""
    setting: float = 0.15
    """Scenes whose surroundings change the motion."""
    moving_camera: float = 0.5
    """Scenes whose camera moves."""


def scene_action(seed: int, number: int) -> str:
    """The action that a scene must hold: every 64 scenes in a row have each one once."""
    block, place = divmod(number, len(ACTIONS))
    return ACTIONS[_order(seed, block)[place]]


@functools.lru_cache(maxsize=256)
def _order(seed: int, block: int) -> list[int]:
    """Places of the actions in a block of scenes; never edited."""
    order: list[int] = np.random.default_rng((seed, 7002, block)).permutation(len(ACTIONS)).tolist()
    return order


def random_scene(seed: int, number: int, *, total: int, shares: SceneShares) -> ScenePlan:
    """Plan a scene; it depends on nothing but its arguments.

    Args:
        seed: Of the build.
        number: Of the scene, from 0.
        total: Scenes of the build; decides how many people there are.
        shares: How scenes are divided.
    """
    rng = np.random.default_rng((seed, 7003, number))
    action = scene_action(seed, number)
    chance = rng.uniform(size=3)
    people = _people(seed, number, total, rng)
    if action_spec(action).kind == "pair" or chance[0] < shares.together:
        kind = action if action_spec(action).kind == "pair" else None
        setting = random_setting(rng, special_share=0.5 * shares.setting)
        plan = random_together(int(rng.integers(2**31)), kind, setting=setting, people=people)
        kinds = [meeting.kind for meeting in plan.meetings]
        return replace(plan, setting=place_for(setting, kinds, rng))
    several = chance[1] < shares.sequence / max(1.0 - shares.together, 1e-9)
    return _alone(action, people[0], rng, several=several, shares=shares, number=(seed, number))


def _people(seed: int, number: int, total: int, rng: np.random.Generator) -> tuple[Person, ...]:
    """Some of a troupe, in an order of chance."""
    troupes = max(_LEAST_TROUPES, total // _SCENES_A_TROUPE)
    troupe = int(np.random.default_rng((seed, 7004, number)).integers(troupes))
    order = rng.permutation(TROUPE)
    return tuple(cast_person(seed, troupe * TROUPE + int(k)) for k in order[:4])


def _alone(
    action: str,
    person: Person,
    rng: np.random.Generator,
    *,
    several: bool,
    shares: SceneShares,
    number: tuple[int, int],
) -> ScenePlan:
    manner = manner_today(person, rng, style_share=min(_STYLED_OF * shares.style, 1.0))
    plain = action in _PLAIN
    setting = random_setting(rng, special_share=shares.setting, travels=plain)
    chain: Sequence[str] = connect((action,))
    if several and setting.ground not in TRAVEL_ONLY:
        parts = int(rng.integers(2, _MOST_PARTS + 1))
        tempo = min(dress_manner(one).tempo for one in (manner, replace(manner, style="")))
        chain = random_chain(action, parts, rng, room_s=_ROOM_S * tempo)
    if not _shows_style(chain, manner):
        manner = replace(manner, style="")
    shortest = 3.0 if len(chain) == 1 else 1.6 * len(chain)
    wanted = float(rng.uniform(shortest, LONGEST_S))
    beats, duration_s = timeline(chain, dress_manner(manner), rng, wanted_s=wanted)
    if setting.ground in TRAVEL_ONLY:
        # neither stairs nor streets uphill go round in a circle
        beats = tuple(replace(beat, style="straight" if beat.style else "") for beat in beats)
    setting = place_for(setting, [beat.action for beat in beats], rng)
    actor = ActorPlan(
        subject=person.subject,
        body=person.body,
        manner=manner,
        beats=beats,
        seed=(*number, 7005),
        noun=person.nouns[int(rng.integers(len(person.nouns)))],
    )
    return ScenePlan(actors=(actor,), duration_s=duration_s, setting=setting)


def _shows_style(chain: Sequence[str], manner: Manner) -> bool:
    """Whether enough of what is done can be done in the style."""
    if not manner.style:
        return True
    gaits = [name for name in chain if name in _STYLED and name not in _STANDING]
    shown = sum(name in _STYLED for name in chain)
    if STYLES[manner.style].going:
        shown = len(gaits)
    return shown >= _STYLED_SHARE * len(chain)
