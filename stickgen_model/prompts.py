"""What people type, made fit for a model and for pictures: cleaned, measured, with remarks."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from datasets_spec.errors import ConfigError
from stickgen_model.motion_styles import styled_sentence

__all__ = ["MAX_CHARACTERS", "CheckedPrompt", "check_prompt", "clean_text", "short_title"]

MAX_CHARACTERS: Final = 100_000
_READ_WORDS: Final = 180
"""Words that the packaged encoder reads of a sentence, about: 256 word pieces."""
_TITLE: Final = 200
_JOINERS: Final = "\u200c\u200d"
"""Of emoji and of scripts whose letters change beside each other; every other invisible goes."""
_COMMON_LATIN: Final = frozenset("abcdefghijklmnopqrstuvwxyz")
_LATIN_SHARE: Final = 0.7
"""Of the letters; below it the text is told to be of another language. Other languages in Latin
letters cannot be told so simply, and are not."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedPrompt:
    """A prompt that can be used.

    Attributes:
        text: Cleaned; empty only where that was allowed.
        remarks: What whoever asked should know, a line each; mostly none.
    """

    text: str
    remarks: tuple[str, ...] = ()


def clean_text(text: str) -> str:
    """Text of one line, without characters that nobody sees.

    Control characters (NUL among them), line ends and tabs become spaces; invisible characters and
    marks that turn the direction of writing go; half characters (lone surrogates) become a
    question mark in a box. Markup is text and stays. Applying it twice changes nothing.
    """
    return " ".join("".join(map(_shown, text)).split())


def _shown(character: str) -> str:
    kind = unicodedata.category(character)
    if kind in {"Cc", "Zl", "Zp"}:
        return " "
    if kind == "Cs":
        return "\ufffd"
    return "" if kind == "Cf" and character not in _JOINERS else character


def short_title(text: str) -> str:
    """A text for a title or a caption: at most 200 characters."""
    return text if len(text) <= _TITLE else text[: _TITLE - 3].rstrip() + "..."


def check_prompt(text: str, *, style: str | None = None, empty: bool = False) -> CheckedPrompt:
    """Clean a prompt and say what is to be said about it.

    Args:
        text: As typed.
        style: Word of `motion_styles.STYLE_WORDING`, told at the end of the sentence.
        empty: An empty prompt is allowed: the model is then led by an action alone, or is free.

    Raises:
        ConfigError: If it is empty, or longer than 100,000 characters; or the style is unknown.
    """
    if len(text) > MAX_CHARACTERS:
        msg = f"prompt: expected at most {MAX_CHARACTERS:,} characters, got {len(text):,}"
        raise ConfigError(msg)
    cleaned = clean_text(text)
    if not cleaned.strip(".,;:!? ") and not empty:
        msg = (
            f"prompt: expected a sentence such as 'a man waves', got {text[:20]!r}; or leave it "
            "empty and name an --action"
        )
        raise ConfigError(msg)
    remarks = tuple(_remarks(cleaned))
    return CheckedPrompt(
        text=cleaned if style is None else styled_sentence(cleaned, style), remarks=remarks
    )


def _remarks(text: str) -> list[str]:
    found: list[str] = []
    words = len(text.split())
    if words > _READ_WORDS:
        found.append(
            f"{words:,} words: the text encoder reads about the first {_READ_WORDS}, the rest has "
            "no effect; for several things in turn use a script"
        )
    letters = [c for c in unicodedata.normalize("NFKD", text).lower() if c.isalpha()]
    if text and not letters:
        found.append("no words in it: the text encoder knows English words, not signs")
    latin = sum(c in _COMMON_LATIN for c in letters)
    if latin < _LATIN_SHARE * len(letters):
        found.append("it looks like another language: the model was trained on English")
    return found
