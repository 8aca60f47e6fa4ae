"""Camera plans as text: `static 2s; orbit 3s 180deg linear; zoom 1s 1.6x @1`.

Shots are separated by `;`. Each is a move of `CAMERA_MOVES` and then, in any order and all
optional: seconds (`2.5s`), an amount, an easing of `EASINGS` and the actor to follow, counted from
0 (`@1`). Amounts: `120deg` or `2rad` (orbit), `1.6x` (zoom and dolly: enlargement from start to
end, below 1 outwards), `0.8h` (pan to the right, crane upwards, in body heights), `0.3lag` (track,
seconds). Shots without seconds share evenly what the others leave of the scene.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Final

from datasets_spec.errors import ConfigError
from datasets_spec.shot import EASINGS, Shot
from datasets_spec.vocabulary import CAMERA_MOVES

__all__ = ["parse_shots"]

_LONGEST_TEXT: Final = 4000
_MOST_SHOTS: Final = 200
_SHORTEST_S: Final = 0.01
_SHOWN: Final = 40
"""Characters of a wrong word that an error repeats."""
_UNITS: Final = {
    "deg": ("orbit",),
    "rad": ("orbit",),
    "x": ("zoom", "dolly"),
    "h": ("pan", "crane"),
    "lag": ("track",),
}
_NUMBER: Final = re.compile(r"([+-]?\d{1,6}(?:\.\d{1,6})?)(s|deg|rad|x|h|lag)", re.ASCII)
_ACTOR: Final = re.compile(r"@(\d{1,3})", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Words:
    """What one shot says."""

    move: str
    seconds: float | None = None
    amount: float = 0.0
    easing: str = "ease_in_out"
    follow: int | None = None


def parse_shots(text: str, seconds: float) -> tuple[Shot, ...]:
    """The shots of a text, one after the other.

    Args:
        text: As above.
        seconds: Length of the scene.

    Raises:
        ConfigError: With all faults: words that are unknown or do not fit the move, no time left.
    """
    if len(text) > _LONGEST_TEXT or text.count(";") >= _MOST_SHOTS:
        msg = (
            f"camera: expected at most {_MOST_SHOTS} shots in {_LONGEST_TEXT} characters, "
            f"got {text.count(';') + 1} in {len(text)}"
        )
        raise ConfigError(msg)
    faults: list[str] = []
    parts = [part.split() for part in text.split(";") if part.strip()]
    shots = [_shot_words(words, number, faults) for number, words in enumerate(parts, start=1)]
    if not shots:
        faults.append(f"camera: expected shots like 'static 2s; orbit 3s', got {text[:_SHOWN]!r}")
    left = seconds - sum(shot.seconds or 0.0 for shot in shots)
    open_ended = sum(shot.seconds is None for shot in shots)
    if open_ended and left < open_ended * _SHORTEST_S:
        faults.append(
            f"camera: {open_ended} shots without seconds, but the others take all of the scene's "
            f"{seconds:g} s; name their seconds or shorten the others"
        )
    if faults:
        msg = "; ".join(faults)
        raise ConfigError(msg)
    return _in_a_row(shots, left / max(open_ended, 1))


def _in_a_row(shots: list[_Words], share_s: float) -> tuple[Shot, ...]:
    found, at = [], 0.0
    for words in shots:
        end = at + (share_s if words.seconds is None else words.seconds)
        found.append(
            Shot(
                move=words.move,
                start_s=at,
                end_s=end,
                amount=words.amount,
                easing=words.easing,
                follow=words.follow,
            )
        )
        at = end
    return tuple(found)


def _shot_words(words: list[str], number: int, faults: list[str]) -> _Words:
    move = words[0].lower()
    if move not in CAMERA_MOVES:
        known = ", ".join(CAMERA_MOVES)
        faults.append(f"camera, shot {number}: expected one of {known}; got {move[:_SHOWN]!r}")
        return _Words(move="static")
    shot = _Words(move=move)
    for word in words[1:]:
        told = _said(shot, word.lower())
        if told is None:
            faults.append(
                f"camera, shot {number} ({move}): expected seconds (2s), an amount for it"
                f"{_amounts(move)}, an easing ({', '.join(EASINGS)}) or an actor (@0); "
                f"got {word[:_SHOWN]!r}"
            )
        else:
            shot = told
    return shot


def _amounts(move: str) -> str:
    units = [f"1{unit}" for unit, moves in _UNITS.items() if move in moves]
    return f" ({' or '.join(units)})" if units else " (it takes none)"


def _said(shot: _Words, word: str) -> _Words | None:
    """The shot with what a word says of it, None where the word says nothing."""
    if word in EASINGS:
        return replace(shot, easing=word)
    actor = _ACTOR.fullmatch(word)
    if actor is not None:
        return replace(shot, follow=int(actor.group(1)))
    found = _NUMBER.fullmatch(word)
    if found is None:
        return None
    number, unit = float(found.group(1)), found.group(2)
    if unit == "s":
        return replace(shot, seconds=number) if number >= _SHORTEST_S else None
    # an amount of 0 is that of no shot: there it means the usual
    if shot.move not in _UNITS[unit] or number == 0.0:
        return None
    return replace(shot, amount=math.radians(number) if unit == "deg" else number)
