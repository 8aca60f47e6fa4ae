"""Closed vocabularies. Ids are positions and stable for ever: append only."""

from __future__ import annotations

from typing import Final

__all__ = [
    "ACTIONS",
    "CAMERA_MOVES",
    "CAPTION_SOURCES",
    "EXPRESSIONS",
    "NUM_ACTIONS",
    "SPEECH_KINDS",
    "UNLABELLED",
    "UNLABELLED_NAME",
    "action_id",
    "action_name",
]

ACTIONS: Final = (
    "idle",
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
    "turn",
    "jump",
    "crawl",
    "climb",
    "swim",
    "fly",
    "cartwheel",
    "fall",
    "stagger",
    "get_up",
    "sit_down",
    "sit",
    "stand_up",
    "crouch",
    "kneel",
    "lie_down",
    "bow",
    "wave",
    "point",
    "clap",
    "salute",
    "celebrate",
    "nod",
    "shake_head",
    "cross_arms",
    "stretch",
    "look_around",
    "talk",
    "shout",
    "whisper",
    "sing",
    "laugh",
    "cry",
    "eat",
    "drink",
    "read",
    "type",
    "phone_call",
    "pick_up",
    "carry",
    "push",
    "throw",
    "catch",
    "swing_bat",
    "dribble",
    "kick",
    "punch",
    "dodge",
    "dance",
    "handshake",
    "hug",
    "high_five",
    "fight",
)
"""The 64 actions; the id of an action is its position."""

NUM_ACTIONS: Final = len(ACTIONS)

UNLABELLED: Final = 255
"""Per-frame id where no label is known. Never idle."""

UNLABELLED_NAME: Final = "unlabelled"

CAMERA_MOVES: Final = ("static", "pan", "zoom", "track", "dolly", "crane", "orbit")

EXPRESSIONS: Final = ("neutral", "happy", "sad", "surprised", "angry", "excited")

SPEECH_KINDS: Final = ("talk", "shout", "whisper", "sing")

CAPTION_SOURCES: Final = (
    "human",  # written by a person who watched the motion
    "catalogue",  # class name, style description or index line that came with the dataset
    "generated",  # written by a program that made the motion
    "filename",  # words of the file name: the last resort
    "none",
)


def action_id(name: str) -> int:
    """Id of an action; `unlabelled` gives UNLABELLED.

    Raises:
        ValueError: If the word is no action.
    """
    if name == UNLABELLED_NAME:
        return UNLABELLED
    if name not in ACTIONS:
        msg = f"expected one of the {NUM_ACTIONS} actions or {UNLABELLED_NAME!r}, got {name!r}"
        raise ValueError(msg)
    return ACTIONS.index(name)


def action_name(index: int) -> str:
    """Word of an action id; UNLABELLED gives `unlabelled`.

    Raises:
        ValueError: If the id is neither an action nor UNLABELLED.
    """
    if index == UNLABELLED:
        return UNLABELLED_NAME
    if not 0 <= index < NUM_ACTIONS:
        msg = f"expected an action id 0..{NUM_ACTIONS - 1} or {UNLABELLED}, got {index}"
        raise ValueError(msg)
    return ACTIONS[index]
