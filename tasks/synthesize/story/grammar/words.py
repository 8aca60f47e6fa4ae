"""Words that every plot draws from."""

from __future__ import annotations

from typing import Final

__all__ = ["AGED", "GENDERED", "MOODS", "NAMES", "SECONDS", "SECOND_TITLES", "WET"]

NAMES: Final[dict[str, tuple[str, ...]]] = {
    "female": (
        "Ada", "Alma", "Anouk", "Asha", "Bea", "Carla", "Chloe", "Dana", "Edith", "Elif", "Emma",
        "Fatima", "Freya", "Gina", "Greta", "Hana", "Ines", "Iris", "Jana", "June", "Kaya",
        "Lena", "Lila", "Lucia", "Mara", "Maya", "Mei", "Mina", "Nadia", "Nora", "Olga", "Paula",
        "Priya", "Rosa", "Ruth", "Sana", "Sofia", "Tara", "Thea", "Uma", "Vera", "Willa", "Yara",
        "Zoe",
    ),
    "male": (
        "Abel", "Amir", "Anton", "Arno", "Ben", "Boris", "Carlo", "Chen", "Dario", "Eli", "Emil",
        "Farid", "Felix", "Gus", "Hans", "Hugo", "Idris", "Ivan", "Jonas", "Karim", "Kofi",
        "Lars", "Leo", "Luca", "Malik", "Marco", "Milo", "Nils", "Noah", "Omar", "Oscar", "Otto",
        "Pablo", "Ravi", "Rico", "Sami", "Theo", "Tomas", "Udo", "Viktor", "Walt", "Yusuf",
        "Zeno",
    ),
    "unknown": (
        "Alex", "Andy", "Billie", "Casey", "Charlie", "Jules", "Kim", "Kit", "Lou", "Pat",
        "Robin", "Sam", "Sky", "Toni",
    ),
}  # fmt: skip
_WOMEN: Final = (
    "aunt", "ballerina", "daughter", "girl", "grandmother", "mother", "sister",
)  # fmt: skip
_MEN: Final = (
    "boy", "brother", "grandfather", "nephew", "postman", "son", "uncle", "watchman",
)  # fmt: skip
GENDERED: Final = dict.fromkeys(_WOMEN, "female") | dict.fromkeys(_MEN, "male")
"""Nouns that tell a gender."""
_GROWN_UP: Final = (
    "aunt", "boxer", "fisher", "headmaster", "healer", "hiker", "mother", "recruit", "referee",
    "sailor", "uncle",
)  # fmt: skip
AGED: Final = (
    dict.fromkeys(("boy", "child", "girl", "pupil"), "child")
    | dict.fromkeys(("grandfather", "grandmother", "old gardener", "old teacher"), "old")
    | dict.fromkeys(_GROWN_UP, "adult")
)
"""Nouns that tell an age."""
WET: Final = frozenset({"walk", "run", "sprint", "skip", "march", "crawl", "hop", "limp"})
"""Ways on foot: in deep water people swim instead."""
SECOND_TITLES: Final = (
    "{a} and {b} {place}",
    "{b} and {a} {place}",
    "a {tone} hour {place}",
    "a {tone} day for {b}",
    "how {a} met {b}",
    "the {tone} {an} and the {bn}",
    "the {bn} and the {an} {place}",
)
"""What may follow a title after a comma and "or"."""
MOODS: Final = {
    "funny": ("happy", "surprised", "excited"),
    "tense": ("angry", "surprised", "neutral"),
    "warm": ("happy", "neutral", "happy"),
    "sad": ("sad", "neutral", "sad"),
    "exciting": ("excited", "surprised", "excited"),
    "calm": ("neutral", "happy", "neutral"),
    "mysterious": ("surprised", "neutral", "neutral"),
    "triumphant": ("excited", "happy", "happy"),
}
"""Feelings that go with a tone."""
SECONDS: Final = {
    "handshake": (2.0, 3.2), "high_five": (1.5, 2.4), "hug": (2.6, 5.0), "fight": (4.2, 7.0),
    "push": (2.8, 3.8), "pass_object": (3.0, 4.4), "carry_together": (4.2, 6.5),
    "throw_and_catch": (3.0, 7.0), "dodge_throw": (2.6, 3.6), "dance_together": (5.2, 7.5),
    "lead_by_hand": (4.2, 7.5), "whisper": (2.6, 4.5), "talk": (3.2, 6.5), "laugh": (2.4, 4.5),
    "bow": (2.4, 3.6), "wave": (2.2, 3.6), "salute": (2.2, 3.4), "celebrate": (2.6, 4.5),
    "follow": (4.2, 8.0), "chase": (4.2, 7.0), "race": (4.2, 6.0), "walk_together": (4.2, 8.0),
}  # fmt: skip
"""Shortest and longest beat with an interaction."""
