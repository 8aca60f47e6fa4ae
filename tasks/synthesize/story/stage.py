"""From the words of a story to the engine's people and surroundings."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.manner import Manner
from tasks.synthesize.engine.setting import MOON_GRAVITY, Setting
from tasks.synthesize.people.person import random_body, random_manner
from tasks.synthesize.people.styles import STYLES

if TYPE_CHECKING:
    from tasks.synthesize.engine.body import Body
    from tasks.synthesize.story.schema import Act, Character, Scenery

__all__ = [
    "MANNERS",
    "Player",
    "cast_players",
    "changed_manner",
    "player_manner",
    "scenery_setting",
]

MANNERS: Final[dict[str, dict[str, float | str]]] = {
    "slowly": {"tempo": 0.75},
    "quickly": {"tempo": 1.28},
    "gently": {"tempo": 0.9, "amplitude": 0.85},
    "forcefully": {"amplitude": 1.25, "energy": 0.95},
    "carefully": {"tempo": 0.82, "amplitude": 0.85},
    "nervously": {"tempo": 1.1, "noise": 1.8},
    "proudly": {"style": "proud"},
    "tiredly": {"tempo": 0.8, "energy": 0.05},
    "cheerfully": {"energy": 0.85, "mood": "happy"},
    "sneakily": {"style": "sneaky"},
    "clumsily": {"noise": 2.0, "asymmetry": 0.8},
}
"""What the manner of an act is in the engine."""
_SHALLOW_M: Final = 0.45
_DEEP_M: Final = 0.85
_WIND_MPS: Final = 13.0


class Player:
    """A character with a body, the same in every scene of its story."""

    def __init__(self, story_id: str, character: Character) -> None:
        digest = hashlib.sha256(f"{story_id}/{character.id}".encode()).digest()
        rng = np.random.default_rng(int.from_bytes(digest[:8], "big"))
        self.character = character
        self.subject = f"{story_id}-{character.id}"
        self.body: Body = random_body(rng, age=character.age)
        self.manner: Manner = changed_manner(
            random_manner(rng, age=character.age),
            {"style": character.style} if character.style in STYLES else {},
        )

    @property
    def noun(self) -> str:
        """How captions name the player the first time."""
        word = self.character.noun
        return f"{'an' if word[:1].lower() in 'aeiou' else 'a'} {word}"


def cast_players(story_id: str, characters: tuple[Character, ...]) -> dict[str, Player]:
    """The players of a story by the ids of its characters."""
    return {one.id: Player(story_id, one) for one in characters}


def player_manner(player: Player, acts: tuple[Act, ...]) -> Manner:
    """A player's manner in one scene: its own, with the manner and the emotion of its acts.

    Args:
        player: Who.
        acts: In the scene; the first that says something decides.
    """
    manner = player.manner
    wish: dict[str, float | str] = next(
        (MANNERS[act.manner] for act in acts if act.manner in MANNERS), {}
    )
    if manner.style and "style" in wish:
        wish = {}
    manner = changed_manner(manner, wish)
    mood = next((act.emotion for act in acts if act.emotion != "neutral"), manner.mood)
    return replace(manner, mood=mood)


def changed_manner(manner: Manner, wish: dict[str, float | str]) -> Manner:
    """A manner with factors on its tempo, amplitude and noise, and other numbers replaced."""
    changes: dict[str, float | str] = dict(wish)
    for name, low, high in (("tempo", 0.55, 1.5), ("amplitude", 0.6, 1.4), ("noise", 0.3, 2.5)):
        if name in wish:
            changes[name] = float(np.clip(getattr(manner, name) * float(wish[name]), low, high))
    return replace(manner, **changes)  # type: ignore[arg-type]


def scenery_setting(scenery: Scenery) -> Setting:
    """The engine's setting of a story; the place is only words."""
    kind, place = scenery.surroundings, scenery.place
    if kind == "moon":
        return Setting(place=place, gravity_mps2=MOON_GRAVITY)
    if kind in {"shallow_water", "deep_water"}:
        return Setting(place=place, water_m=_SHALLOW_M if kind == "shallow_water" else _DEEP_M)
    if kind == "wind":
        return Setting(place=place, wind_mps=_WIND_MPS, wind_yaw=float(np.pi))
    return Setting(place=place, ground=kind)
