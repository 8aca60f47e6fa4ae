"""A company of people who stay themselves."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.synthesize.people.cast import cast_person, manner_today
from tasks.synthesize.people.styles import STYLES


@given(seed=st.integers(0, 1000), number=st.integers(0, 5000))
def test_a_number_is_always_the_same_person(seed, number):
    person = cast_person(seed, number)
    cast_person.cache_clear()
    again = cast_person(seed, number)
    assert again.subject == person.subject == f"p{number:05d}"
    assert again.manner == person.manner
    assert np.array_equal(again.body.offsets, person.body.offsets)


def test_the_company_is_mixed():
    people = [cast_person(1, number) for number in range(600)]
    ages = Counter(person.manner.age for person in people)
    assert 0.68 < ages["adult"] / 600 < 0.84
    assert min(ages["old"], ages["child"]) > 40
    left = np.mean([person.manner.handed == 0 for person in people])
    assert 0.06 < left < 0.15
    assert len({person.body.stature for person in people}) > 590
    tall = {
        age: np.mean([p.body.stature for p in people if p.manner.age == age])
        for age in ("child", "adult", "old")
    }
    assert tall["child"] < 1.4 < 1.6 < tall["old"] < tall["adult"]


def test_words_suit_the_age():
    for number in range(300):
        person = cast_person(2, number)
        text = " ".join(person.nouns)
        assert ("old" in text or "elderly" in text) == (person.manner.age == "old")
        assert any(word in text for word in ("boy", "girl")) == (person.manner.age == "child")


def test_a_day_differs_from_the_next_and_the_person_shows():
    person = cast_person(1, 4)
    rng = np.random.default_rng(0)
    days = [manner_today(person, rng, style_share=0.2) for _ in range(2000)]
    assert {day.age for day in days} == {person.manner.age}
    assert {day.handed for day in days} == {person.manner.handed}
    assert np.mean([day.tempo for day in days]) == pytest.approx(person.manner.tempo, rel=0.05)
    assert np.std([day.tempo for day in days]) > 0.03
    assert 0.16 < np.mean([day.style != "" for day in days]) < 0.24
    assert {day.style for day in days} == {"", *STYLES}
    plain = [day for day in days if not day.style]
    assert 0.28 < np.mean([day.mood != "neutral" for day in plain]) < 0.42


def test_a_style_brings_its_own_mood():
    rng = np.random.default_rng(1)
    days = [manner_today(cast_person(1, 4), rng, style_share=1.0) for _ in range(1500)]
    assert {day.mood for day in days if day.style == "depressed"} == {"sad"}
    assert {day.mood for day in days if day.style == "elated"} == {"happy"}
    assert {day.mood for day in days if day.style == "robot"} == {"neutral"}


def test_a_mood_that_is_asked_for_is_given():
    rng = np.random.default_rng(1)
    assert manner_today(cast_person(1, 4), rng, mood="angry").mood == "angry"
