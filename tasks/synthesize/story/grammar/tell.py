"""From a plot and a seed to a story as plain data."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from datasets_spec.vocabulary import CAMERA_MOVES, EXPRESSIONS, SPEECH_KINDS
from tasks.synthesize.story.grammar.words import (
    AGED,
    GENDERED,
    MOODS,
    NAMES,
    SECOND_TITLES,
    SECONDS,
    WET,
)
from tasks.synthesize.story.schema import (
    ALL,
    CHARACTER_IDS,
    MANNERS,
    MAX_STORY_S,
    NONE,
    SURROUNDINGS,
)

if TYPE_CHECKING:
    import numpy as np

    from tasks.synthesize.story.grammar.plot import Plot, Role

__all__ = ["tell_plot"]

_TOKEN: Final = re.compile(r'"[^"]*"|\S+')
_OPTIONAL_SHARE: Final = 0.55
_SIDED: Final = frozenset({"wave", "point", "kick", "punch", "throw", "hop", "salute", "catch"})
_TRAVELS: Final = frozenset({"walk", "run", "sprint", "march", "skip", "crawl", "limp", "fly"})
_ARTICLE: Final = re.compile(r"\b([Aa])(?= [aeiou])")
_MAX_TITLE: Final = 80
_SECOND_TITLE_SHARE: Final = 0.6


@dataclass(slots=True)
class _Telling:
    """A story in the making."""

    rng: np.random.Generator
    tone: str
    words: dict[str, str] = field(default_factory=dict)
    """What stands for {a}, {an}, {thing} ..."""
    off: set[str] = field(default_factory=set)
    """Characters that cannot act: not in the story, or gone."""
    seen: set[str] = field(default_factory=set)
    """Characters that have appeared."""
    deep: bool = False
    """In deep water."""

    def pick(self, words: str) -> str:
        """One of the alternatives separated by `|`."""
        found = words.split("|")
        return found[int(self.rng.integers(len(found)))]

    def chance(self, share: float) -> bool:
        """True with this probability."""
        return bool(self.rng.uniform() < share)

    def seconds(self, low: float, high: float) -> float:
        """A length in whole tenths of a second."""
        return round(float(self.rng.uniform(low, high)), 1)


def tell_plot(plot: Plot, rng: np.random.Generator) -> dict[str, Any]:
    """A story of a plot, as JSON-like data of `schema.Story`.

    Args:
        plot: What happens.
        rng: Draws cast, places, alternatives, optional steps, counts and times.

    Returns:
        The story; other draws give other stories.
    """
    tones = plot.tones.split("|")
    tone = tones[int(rng.integers(len(tones)))]
    telling = _Telling(rng, tone)
    surroundings, place = _place(telling, plot)
    telling.words |= {"thing": telling.pick(plot.things), "place": place, "tone": tone}
    telling.deep = surroundings == "deep_water"
    cast = [_character(telling, key, role) for key, role in zip("abc", plot.cast, strict=False)]
    beats = [beat for step in plot.steps if (beat := _step(telling, step)) is not None]
    while sum(beat["seconds"] for beat in beats) > MAX_STORY_S:
        for beat in beats:
            beat["seconds"] = round(beat["seconds"] * 0.95, 1)
    played = {act["character"] for beat in beats for act in beat["acts"]}
    played |= {key for beat in beats for one in beat["interactions"] for key in one["characters"]}
    for act in (act for beat in beats for act in beat["acts"]):
        if act["target"] in CHARACTER_IDS and act["target"] not in played:
            act["target"] = NONE  # somebody who never does anything is left out
    return {
        "title": _title(telling, plot),
        "summary": _filled(telling.pick("|".join(plot.summaries)), telling.words),
        "tone": tone,
        "setting": {"surroundings": surroundings, "place": place},
        "characters": [one for one in cast if one is not None and one["id"] in played],
        "beats": beats,
    }


def _title(telling: _Telling, plot: Plot) -> str:
    """A title, often with a second one: short ones alone are soon used up."""
    titled = telling.words | {"thing": telling.words["thing"].title()}
    title = _filled(telling.pick("|".join(plot.titles)), titled)
    second = _filled(telling.pick("|".join(SECOND_TITLES)), telling.words)
    both = f"{title}, or {second}"
    return both if len(both) <= _MAX_TITLE and telling.chance(_SECOND_TITLE_SHARE) else title


def _filled(template: str, words: dict[str, str]) -> str:
    """A template with its words, and "an" where it belongs."""
    return _ARTICLE.sub(r"\1n", template.format(**words))


def _place(telling: _Telling, plot: Plot) -> tuple[str, str]:
    ground, colon, place = telling.pick("|".join(plot.places)).partition(":")
    if colon and ground in SURROUNDINGS:
        return ground, place
    return "floor", ground


def _character(telling: _Telling, key: str, role: Role) -> dict[str, Any] | None:
    """A character for a role; None if it is not in this story."""
    there = telling.chance(role.chance)
    noun = telling.pick(role.nouns)
    gender = GENDERED.get(noun) or telling.pick("female|female|male|male|unknown")
    taken = set(telling.words.values())
    names = [name for name in NAMES[gender] if name not in taken]
    name = names[int(telling.rng.integers(len(names)))]
    age, style = AGED.get(noun) or telling.pick(role.ages), telling.pick(role.styles)
    telling.words |= {key: name, f"{key}n": noun}
    if not there:
        telling.off.add(key)
        return None
    return {
        "id": key, "name": name, "noun": noun, "age": age, "gender": gender, "style": style,
    }  # fmt: skip


def _step(telling: _Telling, step: str) -> dict[str, Any] | None:
    """One beat; None if the step is left out."""
    optional = step.startswith("? ")
    if optional and not telling.chance(_OPTIONAL_SHARE):
        return None
    possible = [way for way in step.removeprefix("? ").split(" / ") if _possible(telling, way)]
    if not possible:
        return None
    way = possible[int(telling.rng.integers(len(possible)))]
    acts: list[dict[str, Any]] = []
    interactions: list[dict[str, Any]] = []
    low, high = 2.6, 4.8
    for part in way.split(";"):
        tokens = _TOKEN.findall(part)
        if tokens[0] == "&":
            one = _interaction(telling, tokens[1:])
            low, high = SECONDS[one["kind"]]
            interactions.append(one)
        else:
            acts.append(_act(telling, tokens))
    late = max((act["delay_s"] for act in acts), default=0.0)
    seconds = min(max(telling.seconds(low, high), late + 1.8), 10.0)
    busy = [act["character"] for act in acts] + [
        k for one in interactions for k in one["characters"]
    ]
    return {
        "seconds": round(seconds, 1),
        "shot": _shot(telling, acts, busy),
        "acts": acts,
        "interactions": interactions,
    }


def _possible(telling: _Telling, way: str) -> bool:
    """Nobody in it is absent, unless coming in."""
    for part in way.split(";"):
        tokens = _TOKEN.findall(part)
        named = {token.removeprefix(">") for token in tokens} & set(CHARACTER_IDS)
        if "enter" in tokens and tokens[0] in telling.seen:
            named.discard(tokens[0])
        if named & telling.off:
            return False
    return True


def _interaction(telling: _Telling, tokens: list[str]) -> dict[str, Any]:
    kind = telling.pick(tokens[0])
    characters = [token for token in tokens[1:] if token in CHARACTER_IDS]
    telling.seen |= set(characters)
    things = [token for token in tokens[1:] if token.startswith("thing")]
    thing = _thing(telling, things[0]) if things else ""
    return {"kind": kind, "characters": characters, "thing": thing}


def _thing(telling: _Telling, token: str) -> str:
    return telling.pick(token.partition(":")[2]) if ":" in token else telling.words["thing"]


def _act(telling: _Telling, tokens: list[str]) -> dict[str, Any]:
    """One act out of its tokens; what they leave open is drawn."""
    who, action = tokens[0], telling.pick(tokens[1])
    if telling.deep and action in WET:
        action = "swim"
    moods = MOODS[telling.tone]
    act: dict[str, Any] = {
        "character": who,
        "action": action,
        "delay_s": 0.0,
        "target": NONE,
        "direction": NONE,
        "side": telling.pick("left|right|none") if action in _SIDED else NONE,
        "count": 0,
        "thing": "",
        "manner": telling.pick("normally|normally|normally|slowly|quickly|carefully"),
        "emotion": moods[int(telling.rng.integers(len(moods)))],
        "speech": NONE,
        "line": "",
        "enter": False,
        "leave": False,
    }
    for token in tokens[2:]:
        _take_token(telling, act, token)
    if act["enter"] and who in telling.seen and who not in telling.off:
        act["enter"] = False  # a way in that was left out: it has been there all the time
    # whoever is looked at is there, and so need not come in later
    telling.seen |= {who, act["target"]} & set(CHARACTER_IDS)
    telling.off.discard(who)
    if act["leave"]:
        telling.off.add(who)
    return act


def _take_token(telling: _Telling, act: dict[str, Any], token: str) -> None:
    """Write what one token says into an act."""
    if token.startswith('"'):
        act["line"] = telling.pick(token.strip('"')).format(**telling.words)
        return
    name, colon, value = token.partition(":")
    if token in ("enter", "leave"):
        act[token] = True
    elif name == "thing":
        act["thing"] = _thing(telling, token)
    elif colon and name in ("dir", "side"):
        act["direction" if name == "dir" else "side"] = telling.pick(value)
    elif token[0] == ">":
        act["target"] = telling.pick(token[1:])
    elif token[0] == "+":
        act["delay_s"] = float(token[1:])
    elif re.fullmatch(r"x\d+(-\d+)?", token):
        low, _, high = token[1:].partition("-")
        act["count"] = int(telling.rng.integers(int(low), int(high or low) + 1))
    else:
        _take_word(act, telling.pick(token))


def _take_word(act: dict[str, Any], word: str) -> None:
    """A word of one of the closed lists."""
    lists = (("manner", MANNERS), ("emotion", EXPRESSIONS), ("speech", SPEECH_KINDS))
    for key, words in lists:
        if word in words:
            act[key] = word
            return
    msg = f"expected a word of the notation, got {word!r}"
    raise ValueError(msg)


def _shot(telling: _Telling, acts: list[dict[str, Any]], busy: list[str]) -> dict[str, str]:
    """A camera that fits: it follows travels, comes near to speech."""
    fitting = "|".join(CAMERA_MOVES)
    if any(act["action"] in _TRAVELS for act in acts):
        fitting = "track|track|pan|dolly|static"
    elif any(act["line"] for act in acts):
        fitting = "zoom|dolly|static"
    target = busy[int(telling.rng.integers(len(busy)))] if telling.chance(0.4) else ALL
    return {"move": telling.pick(fitting), "target": target}
