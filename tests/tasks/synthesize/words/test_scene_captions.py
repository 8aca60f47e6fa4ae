"""Captions of people together."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from tasks.synthesize.engine.manner import Manner
from tasks.synthesize.engine.setting import Setting
from tasks.synthesize.engine.take import Deed
from tasks.synthesize.scenes.plan import Meeting
from tasks.synthesize.words.scene_captions import Role, describe_scene
from tests.tasks.synthesize.words.random_deeds import new_rng, random_noun, some_deeds


def deed(action: str, start: float = 0.0, end: float = 2.0, **facts) -> Deed:
    return Deed(action=action, start_s=start, end_s=end, **facts)


def role(noun: str, *deeds: Deed) -> Role:
    return Role(deeds=deeds, manner=Manner(), noun=noun)


def told(*roles: Role, meetings: tuple[Meeting, ...] = (), seeds: int = 12) -> list[str]:
    return [
        text.lower()
        for seed in range(seeds)
        for text in describe_scene(roles, Setting(), rng=new_rng(seed), meetings=meetings).scene
    ]


def test_two_people_do_it_to_each_other() -> None:
    shake = [deed("handshake", partner=k) for k in (1, 0)]
    texts = told(role("a person", shake[0]), role("a person", shake[1]))
    assert all(re.match(r"two people (?:shake|shook) hands", t) for t in texts)
    texts = told(role("a thief", shake[0]), role("a guard", shake[1]))
    assert all(t.startswith("a thief and a guard sh") for t in texts)


def test_equal_nouns_are_told_apart_in_the_order_of_entry() -> None:
    texts = told(
        role("a man", deed("wave", 3.0, 5.0)), role("a man", deed("bow", 0.0, 2.0, count=1))
    )
    assert all(t.startswith("one man ") and ("another man" in t) for t in texts)


def test_who_is_known_comes_back_with_the() -> None:
    roles = (
        role("a thief", deed("walk", 0.0, 2.0), deed("fall", 5.0, 7.0)),
        role("a guard", deed("shout", 2.5, 4.5)),
    )
    texts = told(*roles)
    assert all(re.search(r"a thief .*a guard .*the thief (?:f|c)", t) for t in texts)


def test_what_both_do_at_once_is_said_of_both() -> None:
    roles = [role(noun, deed("run", 0.0, 4.0)) for noun in ("a thief", "a guard")]
    texts = told(*roles)
    assert all(re.match(r"a thief and a guard (?:run|ran|jog)", t) for t in texts)
    assert not any(re.search(r"\b(?:runs|jogs)\b", t) for t in texts)


def test_meetings_are_told_in_their_own_words() -> None:
    roles = (role("a thief", deed("run", 0.0, 5.0)), role("a guard", deed("run", 0.0, 5.0)))
    chase = Meeting(kind="chase", actors=(0, 1), start_s=0.0, end_s=5.0)
    texts = told(*roles, meetings=(chase,))
    assert all(re.search("chase|r[ua]ns? after|away from", t) for t in texts)
    gift = Meeting(kind="pass_object", actors=(0, 1), start_s=0.0, end_s=5.0, thing="apple")
    texts = told(*roles, meetings=(gift,))
    assert all("an apple" in t for t in texts)


def test_one_actor_alone_has_captions_of_a_scene_too() -> None:
    made = describe_scene((role("a man", deed("wave")),), Setting(), rng=new_rng(0))
    assert made.scene == made.actors[0].whole


@given(seed=st.integers(0, 2**32))
def test_any_scene_is_told_without_slips(seed) -> None:
    rng = new_rng(seed)
    roles = tuple(
        Role(deeds=some_deeds(rng), manner=Manner(), noun=random_noun(rng))
        for _ in range(int(rng.integers(2, 4)))
    )
    made = describe_scene(roles, Setting(place="in the park"), rng=rng)
    assert 1 <= len(made.scene) <= 5
    assert len(made.actors) == len(roles)
    for text in made.scene:
        assert text.endswith(".")
        assert not re.search(r"  | [,.]|\b(\w+) \1\b|[{}*|_]|\bboth \w+es\b", text), text
