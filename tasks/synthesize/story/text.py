"""Cleaning of text that a stranger wrote: what is left is plain words and harmless punctuation."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

__all__ = ["clean_noun", "clean_text", "show"]

_PUNCTUATION: Final = frozenset(" .,'!?-:;()")
"""All that may stand beside letters, marks and decimal digits. No slash, so no path and no URL; no
angle bracket, ampersand, brace, bracket, back-tick, backslash, dollar or asterisk, so no markup,
template or code."""
_PLAIN: Final = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": "'",
        "\u201d": "'",
        '"': "'",
        "\u2010": "-",
        "\u2011": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2026": "...",
        "\u00a0": " ",
        "\u2028": " ",
        "\u2029": " ",
        "\t": " ",
        "\n": " ",
        "\r": " ",
    }
)
_ADDRESS: Final = re.compile(r"\w\.[^\W\d_]{2}")
"""A dot inside a word, as in host and file names; initials ("U.S.") and numbers pass."""
_NOUN: Final = re.compile(r"[^\W\d_]+(?:[ '-][^\W\d_]+)*")
_ARTICLE: Final = re.compile(r"(?:a|an|the)\s+", re.IGNORECASE)
_SPACES: Final = re.compile(r" {2,}")
_MAX_MARKS: Final = 2
"""Combining marks on one letter; more is a pile that overflows its line."""
_SHOWN: Final = 60


def show(value: object) -> str:
    """Short, printable ASCII form of anything, for error messages.

    Args:
        value: Any JSON-like value.

    Returns:
        At most 60 characters, without line breaks, control characters and markup.
    """
    if isinstance(value, dict | list):
        return f"{type(value).__name__} of {len(value)}"
    if isinstance(value, str):
        text = "".join(_shown(letter) for letter in value[:_SHOWN])
        return f"'{text}'" if len(text) <= _SHOWN - 2 else f"'{text[: _SHOWN - 5]}'..."
    try:
        text = ascii(value)
    except ValueError:  # a number with more digits than Python prints
        return "a number with thousands of digits"
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."


def _shown(letter: str) -> str:
    """A character of a message: all that could be markup or a path is escaped."""
    plain = letter.isascii() and (letter.isalnum() or letter in _PUNCTUATION or letter == "_")
    return letter if plain else f"\\u{ord(letter):04x}"


def _fault(text: str) -> str:
    """The first character that may not stand in a text, or an address; empty if all is well."""
    marks = 0
    for letter in text:
        category = unicodedata.category(letter)
        marks = marks + 1 if category.startswith("M") else 0
        fine = letter in _PUNCTUATION or category[0] in "LM" or category == "Nd"
        if not fine or marks > _MAX_MARKS:
            return f"the character U+{ord(letter):04X}"
    found = _ADDRESS.search(text)
    return f"a dot inside a word ({show(found.group())})" if found else ""


def clean_text(raw: str, *, most: int) -> str:
    """Plain text of at most `most` characters.

    The text becomes NFC; typographic quotes, dashes and ellipses become ASCII ones, a double quote
    a single one, line breaks and runs of spaces one space. Letters, marks, decimal digits, spaces
    and `.,'!?-:;()` may stand in it; anything else is refused, and so is a dot inside a word
    (host and file names).

    Args:
        raw: What came.
        most: Greatest length of the result, characters.

    Returns:
        The cleaned text; cleaning it again changes nothing.

    Raises:
        ValueError: If it is too long or holds what may not stand in it; the text says what.
    """
    if len(raw) > 4 * most:  # no work on a flood
        msg = f"at most {most} characters, got {len(raw)}"
        raise ValueError(msg)
    text = unicodedata.normalize("NFC", raw).translate(_PLAIN)
    text = _SPACES.sub(" ", text).strip()
    fault = _fault(text)
    if fault:
        msg = f"plain words and the marks .,'!?-:;() only, got {fault}"
        raise ValueError(msg)
    if len(text) > most:
        msg = f"at most {most} characters, got {len(text)}"
        raise ValueError(msg)
    return text


def clean_noun(raw: str, *, most: int) -> str:
    """A noun of one to a few words in lower case, without its article.

    Args:
        raw: What came, e.g. "The old Thief".
        most: Greatest length of the result, characters.

    Returns:
        E.g. "old thief".

    Raises:
        ValueError: If it is no such noun.
    """
    text = _ARTICLE.sub("", clean_text(raw, most=most).lower(), count=1)
    if _NOUN.fullmatch(text) is None:
        msg = f"one to a few words of letters, got {show(text)}"
        raise ValueError(msg)
    return text
