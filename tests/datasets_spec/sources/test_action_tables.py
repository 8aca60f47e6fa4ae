from __future__ import annotations

import csv
from pathlib import Path

import pytest

from datasets_spec.sources.babel_actions import (
    BABEL_ACTIONS,
    BABEL_UNLABELLED,
    babel_candidates,
    is_known_category,
)
from datasets_spec.sources.ntu_actions import NTU_CLASSES, ntu_action, ntu_code
from datasets_spec.sources.style100_actions import GAIT_ACTIONS, STYLE_ACTIONS, style100_action
from datasets_spec.vocabulary import ACTIONS, UNLABELLED_NAME

KNOWN = {*ACTIONS, UNLABELLED_NAME}


def test_tables_name_known_actions_only() -> None:
    assert set(BABEL_ACTIONS.values()) <= set(ACTIONS)
    assert not BABEL_UNLABELLED & set(BABEL_ACTIONS)
    assert {entry.action for entry in NTU_CLASSES.values()} <= KNOWN
    assert set(GAIT_ACTIONS.values()) <= KNOWN
    assert {a for table in STYLE_ACTIONS.values() for a in table.values()} <= KNOWN
    assert {gait for table in STYLE_ACTIONS.values() for gait in table} <= set(GAIT_ACTIONS)
    assert all(name == name.strip().casefold() for name in (*BABEL_ACTIONS, *BABEL_UNLABELLED))


def test_ntu_is_complete() -> None:
    assert list(NTU_CLASSES) == [f"A{n:03d}" for n in range(1, 121)]
    pairs = {code for code, entry in NTU_CLASSES.items() if entry.two_person}
    assert pairs == {f"A{n:03d}" for n in (*range(50, 61), *range(106, 121))}
    assert all(entry.two_person for entry in NTU_CLASSES.values() if entry.doer_only)


@pytest.mark.parametrize(
    ("code", "action"),
    [
        ("A043", "fall"),
        ("a8", "sit_down"),
        ("9", "stand_up"),
        ("A026", "hop"),
        ("A058", "handshake"),
        ("A055", "hug"),
        ("A112", "high_five"),
        ("A003", "unlabelled"),
        ("A050", "unlabelled"),
        ("A121", "unlabelled"),
        ("A000", "unlabelled"),
        ("", "unlabelled"),
        ("\u0664\u0663", "unlabelled"),
        ("9" * 5000, "unlabelled"),
    ],
)
def test_ntu_action(code: str, action: str) -> None:
    assert ntu_action(code) == action


def test_ntu_doer() -> None:
    assert ntu_action("A051", actor_known=True) == "kick"
    assert ntu_code(" a51 ") == "A051"


@pytest.mark.parametrize(
    ("style", "gait", "action"),
    [
        ("Neutral", "FW", "walk"),
        ("Neutral", "br", "run_backward"),
        ("Neutral", "SR", "sidestep"),
        ("Neutral", "TR1", "unlabelled"),
        ("Neutral", "XX", "unlabelled"),
        ("Left Hop", "BW", "hop"),
        ("twofootjump", "FW", "jump"),
        ("March", "FW", "march"),
        ("March", "BW", "walk_backward"),
        ("Skip", "FR", "skip"),
        ("LimpLeft", "FW", "limp"),
        ("Crouched", "FW", "walk"),
        ("Crouched", "ID", "crouch"),
        ("Zombie", "FW", "walk"),
        ("Zombie", "ID", "idle"),
        ("WhirlArms", "ID", "unlabelled"),
        ("Own Style", "FR", "run"),
    ],
)
def test_style100_action(style: str, gait: str, action: str) -> None:
    assert style100_action(style, gait) == action


@pytest.mark.parametrize(
    ("categories", "found"),
    [
        ((), ()),
        (("Walk ",), ("walk",)),
        (("stand",), ("idle",)),
        (("stand", "never seen"), ()),
        (("sit", "drink"), ("drink",)),
        (("jog", "backwards movement"), ("run_backward",)),
        (("take/pick something up", "crouch"), ("pick_up",)),
        (("walk", "jump"), ("walk", "jump")),
    ],
)
def test_babel_candidates(categories: tuple[str, ...], found: tuple[str, ...]) -> None:
    assert babel_candidates(categories) == found


def test_babel_categories_are_known() -> None:
    assert is_known_category("Hand Movements")
    assert not is_known_category("never seen")
    assert len(BABEL_ACTIONS) + len(BABEL_UNLABELLED) >= 272


@pytest.mark.real_data
def test_styles_and_classes_of_the_releases(real_data: Path) -> None:
    with (real_data / "specs" / "100style_styles.csv").open(encoding="utf-8", newline="") as file:
        assert set(STYLE_ACTIONS) <= {row["style"] for row in csv.DictReader(file)}
    names = real_data / "specs" / "ntu120_action_names.csv"
    with names.open(encoding="utf-8-sig", newline="") as file:
        two = {row["action_id"]: row["two_person"] == "1" for row in csv.DictReader(file)}
    assert two == {code: entry.two_person for code, entry in NTU_CLASSES.items()}
