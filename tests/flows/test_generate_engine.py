"""`stickgen generate --model engine`: clips without a trained model."""

from __future__ import annotations

import pytest

from datasets_spec.vocabulary import action_id
from flows.cli import main
from stickgen_model.export.read import read_animation


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("STICKGEN_MODEL", "MLFLOW_TRACKING_URI"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def generate(*arguments: str) -> int:
    return main(["generate", *arguments, "--model", "engine"])


def test_words_become_the_actions_that_they_name(capsys, place):
    assert generate("a man walks in, waves and sits down", "-o", "a.motion", "-o", "b.svg") == 0
    scene = read_animation(place / "a.motion")
    order = [action_id(word) for word in ("walk", "wave", "sit_down")]
    assert [one for one in dict.fromkeys(scene.actions[0].tolist()) if one in order] == order
    assert scene.facts["model"] == "procedural engine"
    assert (place / "b.svg").read_text().startswith("<")
    assert "the procedural engine (--model)" in capsys.readouterr().out


def test_scripts_and_people(place):
    assert generate("--script", "walks 3s; waves 3s", "--style", "zombie", "-o", "s.npz") == 0
    assert [c.text for c in read_animation(place / "s.npz").captions] == ["walks", "waves"]
    assert generate("they fight", "--actors", "2", "-o", "f.json") == 0
    assert read_animation(place / "f.json").num_actors == 2


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (("the colour blue", "-o", "a.svg"), 1, "names something the engine can play"),
        (("he walks", "--steps", "4", "-o", "a.svg"), 2, "the procedural engine takes"),
        (("he walks", "--seconds", "60", "-o", "a.svg"), 1, "2 to 10 seconds"),
        (("he walks", "--actors", "8", "-o", "a.svg"), 1, "1 to 4 actors"),
        (("he swims and waves", "-o", "a.svg"), 1, "place of its own"),
    ],
)
def test_what_it_cannot_do_is_one_line(capsys, place, arguments, status, told):
    assert generate(*arguments) == status
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert told in lines[0]
    assert list(place.iterdir()) == []


def test_shots_may_be_as_long_as_the_engine_plays(capsys, place):
    words = ("a man walks in, waves and sits down", "--size", "32", "--fps", "2", "-o", "a.gif")
    # longer than the four seconds of a trained model
    assert generate(*words, "--camera", "track 3s; orbit 3s; crane") == 0
    (place / "a.gif").unlink()
    shorter = ("a man waves", *words[1:])
    assert generate(*shorter, "--camera", "track 9s; crane") == 1  # than that
    assert "all of the scene's" in capsys.readouterr().err
    assert generate(*words, "--camera", "track 30s; crane") == 2  # no scene is
    assert "all of the scene's 10 s" in capsys.readouterr().err
    assert generate(*words, "--seconds", "4", "--camera", "track 5s; crane") == 2
    assert not list(place.iterdir())
