"""The form of a plot: a cast and steps in a small notation, each with alternatives."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Plot", "Role"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Role:
    """One of the cast; words are alternatives, separated by `|`."""

    nouns: str
    ages: str = "adult"
    styles: str = "none"
    chance: float = 1.0
    """Of being in the story at all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plot:
    """A plot.

    A step is one beat. ` / ` separates its alternatives, of which those without absent characters
    are possible; `? ` in front makes it optional. `;` separates what happens at the same time:

    - an act: character, action, then in any order: a manner, an emotion, `enter`, `leave`,
      `>b` or `>front` (target), `x2-4` (count), `+1.5` (delay, seconds), `dir:up`, `side:left`,
      `thing:ball` (alone `thing`: the one of the story), a speech kind, and a "line";
    - an interaction: `&`, its kind, its characters, and perhaps a thing.

    `|` separates alternatives of any word, and of lines. In lines, titles and summaries {a}, {b},
    {c} are the names, {an}, {bn}, {cn} the nouns, {thing} and {place} what the story has.
    """

    name: str
    tones: str
    titles: tuple[str, ...]
    summaries: tuple[str, ...]
    places: tuple[str, ...]
    """With preposition; a word of `schema.SURROUNDINGS` and a colon may stand in front."""
    things: str
    cast: tuple[Role, ...]
    steps: tuple[str, ...]
