"""A small valid story as plain data, for tests to spoil."""

from __future__ import annotations

import json
from typing import Any


def act(character: str = "a", action: str = "wave", **more: Any) -> dict[str, Any]:
    return {
        "character": character,
        "action": action,
        "delay_s": 0,
        "target": "none",
        "direction": "none",
        "side": "none",
        "count": 0,
        "thing": "",
        "manner": "normally",
        "emotion": "neutral",
        "speech": "none",
        "line": "",
        "enter": False,
        "leave": False,
    } | more


def beat(*acts: dict[str, Any], seconds: float = 4.0, **more: Any) -> dict[str, Any]:
    shot = {"move": "static", "target": "all"}
    return {"seconds": seconds, "shot": shot, "acts": list(acts), "interactions": []} | more


def character(identity: str, **more: Any) -> dict[str, Any]:
    return {
        "id": identity,
        "name": f"N{identity}",
        "noun": "thief",
        "age": "adult",
        "gender": "female",
        "style": "none",
    } | more


def meet(kind: str, *characters: str, thing: str = "") -> dict[str, Any]:
    return {"kind": kind, "characters": list(characters), "thing": thing}


def tale(number: int = 0, **more: Any) -> dict[str, Any]:
    """A valid story; different numbers give different stories."""
    words = ["run", "jump", "bow", "clap", "sing", "dance", "kick", "read", "crawl", "point"]
    moves = [words[number % 10], words[number // 10 % 10], words[number // 100 % 10]]
    return {
        "title": f"Tale {number}",
        "summary": f"They meet {' and '.join(f'{m}{number}' for m in moves)}.",
        "tone": "warm",
        "setting": {"surroundings": "floor", "place": f"in park {number}"},
        "characters": [character("a"), character("b", noun=f"guard x{'abcdefghij'[number % 10]}")],
        "beats": [
            beat(*(act("a", move, delay_s=i) for i, move in enumerate(moves)), act("b", "idle")),
            beat(act("b", "nod"), interactions=[meet("handshake", "a", "b")]),
        ],
    } | more


def told(number: int = 0, **more: Any) -> str:
    return json.dumps(tale(number, **more))
