"""Stances between actions: sitting, crouching, kneeling, lying, and the ways between them."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.setting import EARTH_GRAVITY
from tasks.synthesize.engine.stances_falls import fall_steps, side_psi
from tasks.synthesize.engine.stances_lay import Anchor, Key, anchor_at, lay_keys
from tasks.synthesize.engine.stances_poses import Frame
from tasks.synthesize.engine.stances_ways import route, stance_pose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.synthesize.engine.take import StanceKey, Take

__all__ = ["fall_seconds", "lay_stances", "stance_name", "stance_seconds"]

_USUAL: Final = {
    "stand": (("stand", 1.0),),
    "sit": (("chair", 0.55), ("stool", 0.15), ("floor", 0.12), ("cross", 0.13), ("legs", 0.05)),
    "crouch": (("deep", 0.6), ("low", 0.4)),
    "kneel": (("one", 0.4), ("both", 0.35), ("heels", 0.25)),
    "lie": (("back", 0.7), ("front", 0.15), ("side", 0.15)),
    "all_fours": (("fours", 1.0),),
}
"""Names of poses of a stance, and how often each is taken where nothing is said; by eye."""
_WORDS: Final = {
    "chair": "chair",
    "stool": "stool",
    "floor": "floor",
    "ground": "floor",
    "cross-legged": "cross",
    "legs": "legs",
    "deep": "deep",
    "low": "low",
    "one": "one",
    "both": "both",
    "heels": "heels",
    "back": "back",
    "front": "front",
    "stomach": "front",
    "side": "side",
}
"""Words of a variant, and the poses they mean; words of another stance say nothing."""
_FALLS: Final = {"forward": "front", "backward": "back", "left": "side_left", "right": "side_right"}
_HASTE: Final = 0.75
_LEISURE: Final = 1.3
"""Shortest time for which chance chooses a stance, and longest way to it, of the natural one."""
_SIDES: Final = ("left", "right")
_KNEES_BACK: Final = -0.15
_KNEES_AHEAD: Final = 0.30
"""Where the knees come down, of stature: a foot steps back, or the other one ahead."""


def lay_stances(take: Take) -> None:
    """Lay the stances of `take.stances` over its base, once, before any action plays.

    Variants that were left open are chosen, and `take.stances` says which.

    Args:
        take: Its posture is edited: hips, turn, trunk, ankles, feet, knees and resting arms.
    """
    if not take.stances:
        return
    luck = take.rng.uniform(-1.0, 1.0, 8)
    knee = next((_side(take, key) for key in take.stances if key.stance == "kneel"), None)
    names: list[str] = []
    keys: list[StanceKey] = []
    for number, key in enumerate(take.stances):
        # the golden ratio spreads one draw over all keys
        share = (0.5 + 0.5 * float(luck[7]) + 0.618 * number) % 1.0
        name = stance_name(key, share, side=_side(take, key), start=names[-1] if names else "stand")
        end = _unhurried_end(take, key, names[-1] if names else "stand", name)
        keys.append(replace(key, end_s=end, variant=_described(key, name, knee)))
        names.append(name)
    take.stances = tuple(keys)
    twist = (float(luck[0]), float(luck[1]), float(luck[2]))
    episode: list[int] = []
    for number, name in enumerate(names):
        episode.append(number)
        if name == "stand" or number == len(names) - 1:
            if names[episode[0]] != "stand":
                _lay_episode(take, [(take.stances[k], names[k]) for k in episode], twist, luck[3])
            episode = []


def stance_name(key: StanceKey, share: float = 0.0, *, side: int = 1, start: str = "stand") -> str:
    """Name in `WAYS` of the pose that a key means, or `stand`.

    Args:
        key: Its variant may be open.
        share: 0..1, chooses what is open.
        side: The side on which to lie, if that is open.
        start: The pose from which it is reached: what takes too long is not chosen.

    Raises:
        ValueError: If the stance is unknown.
    """
    options = _USUAL.get(key.stance)
    if options is None:
        msg = f"expected a stance of {tuple(_USUAL)}, got {key.stance!r}"
        raise ValueError(msg)
    words = key.variant.split()
    if "fall" in words:
        return next((goal for word, goal in _FALLS.items() if word in words), "back")
    allowed = dict(options)
    found = [_WORDS[word] for word in words if _WORDS.get(word) in allowed]
    # "cross-legged on the floor": the other word says more
    name = min(found, key=lambda word: word == "floor", default="")
    if not name:
        name = _chosen(key, options, share, start)
    return f"side_{_SIDES[side]}" if name == "side" else name


def stance_seconds(start: str, goal: str) -> float:
    """Natural time from one pose of `WAYS` (or stand) to another at usual tempo."""
    return route(start, goal)[1]


def fall_seconds(gravity_mps2: float) -> float:
    """Natural time of a fall until the body is at rest."""
    return 2.0 * math.sqrt(EARTH_GRAVITY / gravity_mps2)


def _chosen(
    key: StanceKey, options: tuple[tuple[str, float], ...], share: float, start: str
) -> str:
    """One of the usual poses for which there is time; the quickest one if there is none."""
    need = [route(start, f"{n}_left" if n == "side" else n)[1] for n, _ in options]
    room = (key.end_s - key.start_s) / _HASTE
    parts = np.array([part for _, part in options]) * (np.array(need) <= room)
    if not parts.any():
        return options[int(np.argmin(need))][0]
    edges = np.cumsum(parts / parts.sum())
    return options[min(int(np.searchsorted(edges, share, side="right")), len(options) - 1)][0]


def _unhurried_end(take: Take, key: StanceKey, start: str, name: str) -> float:
    """End of a change of stance that does not drag on when there is time to spare."""
    if "fall" in key.variant.split():
        return key.end_s
    return min(key.end_s, key.start_s + _LEISURE * route(start, name)[1] / take.manner.tempo)


def _described(key: StanceKey, name: str, knee: int | None) -> str:
    """The variant with what was chosen in words; one clip kneels on one knee only."""
    words = key.variant.split()
    if "fall" in words or name == "stand":
        return key.variant
    told = name.replace("cross", "cross-legged").replace("_", " ")
    return f"{told} {_SIDES[knee]}" if name == "one" and knee is not None else told


def _side(take: Take, key: StanceKey) -> int:
    words = key.variant.split()
    if "left" in words or "right" in words:
        return 0 if "left" in words else 1
    return take.manner.handed


def _lay_episode(
    take: Take,
    keys: Sequence[tuple[StanceKey, str]],
    twist: tuple[float, float, float],
    luck: float,
) -> None:
    """From standing through stances, and back if the last key stands."""
    anchor = anchor_at(take, keys[0][0].start_s)
    frame = _frame(take, anchor, keys, twist, luck)
    out = [Key(at_s=keys[0][0].start_s, pose=None)]
    now = "stand"
    for key, name in keys:
        start = max(key.start_s, out[-1].at_s)
        if start > out[-1].at_s + 1e-6:
            out.append(Key(at_s=start, pose=stance_pose(now, frame)))
        end = max(key.end_s, start + 0.2)
        falls = "fall" in key.variant.split() and now == "stand"
        out += _fall(take, frame, name, (start, end)) if falls else []
        if not falls:
            out += [
                Key(
                    at_s=start + step.share * (end - start),
                    pose=step.build(frame) if step.build else None,
                )
                for step in route(now, name)[0]
            ]
        now = name
    lay_keys(take, anchor, out)


def _fall(take: Take, frame: Frame, name: str, span: tuple[float, float]) -> list[Key]:
    steps = fall_steps(name)
    pace = math.sqrt(EARTH_GRAVITY / take.setting.gravity_mps2)
    pace = min(pace, (span[1] - span[0]) / steps[-1].at_s)
    return [
        Key(at_s=span[0] + pace * step.at_s, pose=step.build(frame), impact=step.impact)
        for step in steps
    ]


def _frame(
    take: Take,
    anchor: Anchor,
    keys: Sequence[tuple[StanceKey, str]],
    twist: tuple[float, float, float],
    luck: float,
) -> Frame:
    """Measures and choices of one episode."""
    frame = Frame.of(take.body, anchor.stood, anchor.yaws)
    psi, ahead, side = 0.0, luck > 0.0, take.manner.handed
    for key, name in keys:
        words = key.variant.split()
        if "fall" in words and name.startswith("side"):
            psi = side_psi(0 if name == "side_left" else 1)
        ahead = ahead or ("fall" in words and name == "front")
        if name == "one":
            side = _SIDES.index(words[-1])
    knees_at = (_KNEES_AHEAD if ahead else _KNEES_BACK) * take.body.stature
    return replace(frame, side=side, knees_at=knees_at, psi=psi, twist=twist)
