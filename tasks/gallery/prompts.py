"""What every model of a gallery is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError
from datasets_spec.vocabulary import ACTIONS
from tasks.train.prompts import GATE_PROMPTS, SAMPLE_PROMPTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = [
    "DEFAULT_PROMPTS",
    "MAX_PROMPTS",
    "UNSEEN_WORDINGS",
    "GalleryPrompt",
    "find_prompts",
    "known_prompts",
    "read_prompts",
]

MAX_PROMPTS: Final = 200

_SAMPLE_ACTIONS: Final = ("walk", "wave", "jump", "run", "sit_down", "kick", "turn", "crawl")

UNSEEN_WORDINGS: Final = {
    "a ninja sneaks across the room": "walk",
    "applauding the band after a great show": "clap",
    "the goalkeeper hammers the ball upfield": "kick",
    "hailing a taxi with one arm": "wave",
    "sinking into an armchair after a long day": "sit_down",
    "the kid bounds over a puddle": "jump",
    "late for the bus, she dashes off": "run",
    "grooving to the beat": "dance",
}
"""Everyday sentences for known actions, in words that captions hardly use."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GalleryPrompt:
    """A sentence, and the action that it asks for.

    Attributes:
        text: The sentence.
        action: Word of the vocabulary; empty where it is not known.
        unseen: Whether it is worded in a way that captions hardly are.
    """

    text: str
    action: str = ""
    unseen: bool = False


DEFAULT_PROMPTS: Final = (
    *(GalleryPrompt(text=text, action=action) for action, text in GATE_PROMPTS.items()),
    *(
        GalleryPrompt(text=text, action=action)
        for text, action in zip(SAMPLE_PROMPTS, _SAMPLE_ACTIONS, strict=True)
        if text not in GATE_PROMPTS.values()
    ),
    *(
        GalleryPrompt(text=text, action=action, unseen=True)
        for text, action in UNSEEN_WORDINGS.items()
    ),
)
_KNOWN: Final = {prompt.text: prompt for prompt in DEFAULT_PROMPTS}


def find_prompts(texts: Sequence[str]) -> tuple[GalleryPrompt, ...]:
    """Prompts of sentences, each once, with the action where it is known."""
    return tuple(_KNOWN.get(text, GalleryPrompt(text=text)) for text in dict.fromkeys(texts))


def known_prompts(texts: Sequence[str]) -> tuple[GalleryPrompt, ...]:
    """Prompts of lines that a user wrote.

    Args:
        texts: Sentences; a tab and the word of an action may follow.

    Raises:
        ConfigError: If there are none or too many, or a word is no action.
    """
    found: dict[str, GalleryPrompt] = {}
    for line in texts:
        text, _, action = (part.strip() for part in line.partition("\t"))
        if action and action not in ACTIONS:
            msg = (
                f"prompts: expected a word of the {len(ACTIONS)} actions after the tab, got "
                f"{action[:60]!r} after {text[:60]!r}"
            )
            raise ConfigError(msg)
        if text:
            (known,) = find_prompts([text])
            found.setdefault(text, GalleryPrompt(text=text, action=action) if action else known)
    if not 0 < len(found) <= MAX_PROMPTS:
        msg = f"prompts: expected 1..{MAX_PROMPTS} sentences, got {len(found)}"
        raise ConfigError(msg)
    return tuple(found.values())


def read_prompts(path: Path) -> list[str]:
    """Lines of a file of sentences; empty ones are left out.

    Raises:
        ConfigError: If it cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        msg = f"--prompts {path}: cannot read the sentences ({error})"
        raise ConfigError(msg) from error
    return [line for line in text.split("\n") if line.strip()]
