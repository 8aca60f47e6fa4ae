"""Getting down and up, resting low, falling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tasks.synthesize.actions.floor_bows import BOW, PICK_UP
from tasks.synthesize.engine.setting import EARTH_GRAVITY
from tasks.synthesize.engine.stances import fall_seconds
from tasks.synthesize.engine.take import ActionSpec, Beat, Deed, StanceKey, Take

if TYPE_CHECKING:
    from collections.abc import Callable

    from tasks.synthesize.engine.body import Body
    from tasks.synthesize.engine.manner import Manner

__all__ = ["SPECS"]

_STYLES: Final = {
    "chair": "on a chair",
    "stool": "on a stool",
    "floor": "on the floor",
    "cross-legged": "cross-legged on the floor",
    "legs": "on the floor with outstretched legs",
    "deep": "deep",
    "low": "low",
    "one": "on one knee",
    "both": "on both knees",
    "heels": "on the heels",
    "back": "on the back",
    "front": "on the front",
    "side": "on the side",
}
"""What a caption says of a variant, by its first word."""
_SITS: Final = tuple(_STYLES[w] for w in ("chair", "stool", "floor", "cross-legged", "legs"))
_KNEELS: Final = tuple(_STYLES[w] for w in ("one", "both", "heels"))
_LIES: Final = tuple(_STYLES[w] for w in ("back", "front", "side"))
_CHANGES: Final = ("sit_down", "lie_down")
"""Over when the new stance is reached; kneel is also the resting in it."""
_HELD_S: Final = 0.35
_SIDES: Final = ("left", "right")


def _style(variant: str) -> str:
    words = variant.split()
    if "fall" in words:
        return _STYLES[{"forward": "front", "backward": "back"}.get(words[-1], "side")]
    return _STYLES.get(words[0], "") if words else ""


def _variant(beat: Beat) -> str:
    """The wish in words: style, and the side if there is one."""
    side = "" if beat.side is None else _SIDES[beat.side]
    return f"{beat.style} {side}".strip()


def _into(stance: str) -> Callable[[Beat, Body, Manner], tuple[StanceKey, ...]]:
    """Keys of an action that goes into a stance over the whole of its beat."""

    def keys(beat: Beat, body: Body, manner: Manner) -> tuple[StanceKey, ...]:
        del body, manner
        return (
            StanceKey(
                start_s=beat.start_s, end_s=beat.end_s, stance=stance, variant=_variant(beat)
            ),
        )

    return keys


def _kneel_keys(beat: Beat, body: Body, manner: Manner) -> tuple[StanceKey, ...]:
    """Down, then stay."""
    del body
    end = min(beat.end_s, beat.start_s + 3.3 / manner.tempo)
    return (StanceKey(start_s=beat.start_s, end_s=end, stance="kneel", variant=_variant(beat)),)


def _crouch_keys(beat: Beat, body: Body, manner: Manner) -> tuple[StanceKey, ...]:
    """Down, hold, up."""
    del body
    whole = beat.end_s - beat.start_s
    down = min(1.0 / manner.tempo, (whole - _HELD_S) / 2)
    return (
        StanceKey(
            start_s=beat.start_s,
            end_s=beat.start_s + down,
            stance="crouch",
            variant=_variant(beat),
        ),
        StanceKey(start_s=beat.end_s - down, end_s=beat.end_s, stance="stand"),
    )


def _fall_keys(beat: Beat, body: Body, manner: Manner) -> tuple[StanceKey, ...]:
    del body, manner
    words = f"fall {beat.direction or _usual_fall(beat)}"
    return (StanceKey(start_s=beat.start_s, end_s=beat.end_s, stance="lie", variant=words),)


def _usual_fall(beat: Beat) -> str:
    """A direction that follows from the beat's own times: no chance is drawn for keys."""
    number = round(1000.0 * (beat.end_s - beat.start_s))
    return ("backward", "forward", "left", "backward", "forward", "right")[number % 6]


def _none(beat: Beat, body: Body, manner: Manner) -> tuple[StanceKey, ...]:
    """Keys of an action that stays in the stance it finds."""
    del beat, body, manner
    return ()


def _key_of(take: Take, beat: Beat, *, before: bool) -> StanceKey | None:
    """The stance a beat goes into, or the one it has come from."""
    found = None
    for key in take.stances:
        if key.start_s < beat.start_s - 1e-6 or (not before and key.start_s < beat.end_s - 1e-6):
            found = key if key.stance != "stand" else found
    return found


def _going(take: Take, beat: Beat) -> Deed:
    """Deed of an action that goes into a stance, or rests there."""
    key = _key_of(take, beat, before=False)
    end = beat.end_s
    if key and beat.action in _CHANGES:
        end = min(end, key.end_s)
    return Deed(
        action=beat.action,
        start_s=beat.start_s,
        end_s=end,
        side=_told_side(key),
        style=_style(key.variant) if key else "",
    )


def _leaving(take: Take, beat: Beat) -> Deed:
    """Deed of an action that leaves a stance."""
    key = _key_of(take, beat, before=True)
    style = _style(key.variant) if key else ""
    ends = [k.end_s for k in take.stances if k.stance == "stand" and k.start_s >= beat.start_s]
    end = min([beat.end_s, *ends])
    return Deed(action=beat.action, start_s=beat.start_s, end_s=end, style=style)


def _told_side(key: StanceKey | None) -> str:
    words = key.variant.split() if key else []
    tells = "side" in words or "one" in words
    return next((word for word in words if word in _SIDES and tells), "")


def _fallen(take: Take, beat: Beat) -> Deed:
    key = _key_of(take, beat, before=False)
    direction = key.variant.split()[1] if key else ""
    end = min(beat.end_s, beat.start_s + fall_seconds(take.setting.gravity_mps2))
    return Deed(action=beat.action, start_s=beat.start_s, end_s=end, direction=direction)


_ONE_G_FALL_S: Final = fall_seconds(EARTH_GRAVITY)

SPECS: Final[tuple[ActionSpec, ...]] = (
    ActionSpec(
        name="fall",
        kind="stance",
        seconds=(_ONE_G_FALL_S, 1.5 * _ONE_G_FALL_S),
        play=_fallen,
        keys=_fall_keys,
        leave="lie",
        directions=("forward", "backward", "left", "right"),
    ),
    ActionSpec(
        name="get_up",
        kind="stance",
        seconds=(3.6, 5.2),
        play=_leaving,
        keys=_into("stand"),
        enter="lie",
        styles=_LIES,
    ),
    ActionSpec(
        name="sit_down",
        kind="stance",
        seconds=(1.6, 3.0),
        play=_going,
        keys=_into("sit"),
        leave="sit",
        styles=_SITS,
    ),
    ActionSpec(
        name="sit",
        kind="stance",
        seconds=(2.0, 6.0),
        play=_going,
        keys=_none,
        enter="sit",
        leave="sit",
        styles=_SITS,
    ),
    ActionSpec(
        name="stand_up",
        kind="stance",
        seconds=(1.5, 2.6),
        play=_leaving,
        keys=_into("stand"),
        enter="sit",
        styles=_SITS,
    ),
    ActionSpec(
        name="crouch",
        kind="stance",
        seconds=(2.4, 4.5),
        play=_going,
        keys=_crouch_keys,
        styles=("deep", "low"),
    ),
    ActionSpec(
        name="kneel",
        kind="stance",
        seconds=(2.0, 5.0),
        play=_going,
        keys=_kneel_keys,
        leave="kneel",
        sided=True,
        styles=_KNEELS,
    ),
    ActionSpec(
        name="lie_down",
        kind="stance",
        seconds=(3.8, 5.4),
        play=_going,
        keys=_into("lie"),
        leave="lie",
        styles=_LIES,
    ),
    PICK_UP,
    BOW,
)
