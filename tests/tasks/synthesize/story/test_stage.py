"""Players and surroundings out of the words of a story."""

from __future__ import annotations

import dataclasses

import pytest

from tasks.synthesize.engine.setting import MOON_GRAVITY
from tasks.synthesize.people.styles import STYLES as WORN
from tasks.synthesize.story.reply import parse_reply
from tasks.synthesize.story.schema import MANNERS, STYLES, SURROUNDINGS, Scenery
from tasks.synthesize.story.stage import cast_players, player_manner, scenery_setting
from tests.tasks.synthesize.story.tales import act, beat, character, told


def cast(**more):
    story = parse_reply(told(0, characters=[character("a", **more), character("b")]))
    return cast_players("id", story.characters)


def acts(**more):
    story = parse_reply(
        told(0, beats=[beat(act("a", "wave", **more), act("b", "nod")), beat(act("b", "nod"))])
    )
    return (story.beats[0].acts[0],)


def test_a_player_is_the_same_in_every_scene_and_unlike_others():
    one, two = cast()["a"], cast()["a"]
    assert one.body.stature == two.body.stature
    assert one.manner == two.manner
    assert one.subject == "id-a"
    assert cast()["b"].body.stature != one.body.stature


def test_children_are_small():
    assert cast(age="child")["a"].body.stature < 1.55 < cast()["a"].body.stature


@pytest.mark.parametrize(("noun", "said"), [("thief", "a thief"), ("old sailor", "an old sailor")])
def test_the_name_in_captions(noun, said):
    assert cast(noun=noun)["a"].noun == said


@pytest.mark.parametrize("style", STYLES)
def test_every_style_of_the_schema_is_one_of_the_engine(style):
    manner = cast(style=style)["a"].manner
    if style == "none":
        assert manner.style == ""
    else:
        assert manner.style == style
        assert style in WORN


def test_manners_change_what_they_say():
    player = cast()["a"]
    usual = player_manner(player, acts())
    assert player_manner(player, acts(manner="slowly")).tempo < usual.tempo
    assert player_manner(player, acts(manner="quickly")).tempo > usual.tempo
    assert player_manner(player, acts(manner="forcefully")).amplitude > usual.amplitude
    assert player_manner(player, acts(emotion="sad")).mood == "sad"
    for word in MANNERS[1:]:
        changed = player_manner(player, acts(manner=word))
        assert dataclasses.replace(changed, mood=usual.mood) != usual, word


@pytest.mark.parametrize("kind", SURROUNDINGS)
def test_surroundings(kind):
    setting = scenery_setting(Scenery(surroundings=kind, place="in a yard"))
    assert setting.place == "in a yard"
    assert (setting.gravity_mps2 == MOON_GRAVITY) == (kind == "moon")
    assert (setting.water_m > 0.0) == (kind in {"shallow_water", "deep_water"})
    assert (setting.wind_mps > 0.0) == (kind == "wind")
    if kind in {"ice", "stairs_up", "stairs_down", "slope_up", "slope_down"}:
        assert setting.ground == kind
