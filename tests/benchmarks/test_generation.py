"""Captions that were held out, the rows of the report, and the whole run with a tiny model."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch

from benchmarks.generation import main
from benchmarks.generation_prompts import choose_held_out, read_held_out, train_sentences
from benchmarks.generation_report import as_markdown, measure_row, shuffled_accuracy, to_dict
from datasets_spec.errors import ConfigError
from datasets_spec.layout import CLIPS_DIR
from datasets_spec.schema import clips_schema
from datasets_spec.vocabulary import action_id
from stickgen_model.codec import MotionCodec
from stickgen_model.config import variant_config
from stickgen_model.evaluate.action_classifier import ClassifierConfig
from stickgen_model.evaluate.action_segments import read_segments
from stickgen_model.evaluate.classifier_training import ClassifierRecipe, train_classifier
from stickgen_model.model.multimodal import build_model
from stickgen_model.text.encoder import identity_of
from stickgen_model.text.hashing import HashEncoder
from stickgen_model.training.checkpoint import CheckpointInfo, write_inference_files
from tests.stickgen_model.evaluate.acted import act, make_acted_row

WORDS = ("idle", "walk", "hop", "wave")
WALK, HOP = (action_id(word) for word in ("walk", "hop"))
HOP_THEN_WALK = np.concatenate([act("hop", 30, seed=905), act("walk", 60, seed=906)])


def part(first, last, action, text):
    return {"first_frame": first, "last_frame": last, "action": action, "text": text}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    rows = [
        make_acted_row(
            100 * place + number, word, 32 + number, source="bvh" if number % 4 == 0 else "stories"
        )
        for place, word in enumerate(WORDS)
        for number in range(10)
    ]
    test = [
        make_acted_row(900, "walk", 40, captions=["A man walks.", "somebody does a walk"]),
        make_acted_row(901, "walk", 41, captions=["a man walks"], source="bvh"),
        make_acted_row(902, "hop", 24),  # too short
        make_acted_row(903, "wave", 30, captions=[]),
        make_acted_row(904, "idle", 30),
        make_acted_row(
            905,
            "hop",
            90,
            joints=HOP_THEN_WALK.reshape(90, 20).tolist(),
            actions=[HOP] * 30 + [WALK] * 60,
            parts=[
                part(0, 29, "hop", "she hops"),
                part(30, 49, "walk", "too short"),
                part(50, 80, "unlabelled", "?"),
                part(50, 89, "walk", "she walks"),
            ],
        ),
    ]
    rows += [row | {"split": "test"} for row in test]
    rows += [make_acted_row(990 + i, word, 30, split="val") for i, word in enumerate(WORDS)]
    whole = clips_schema()
    schema = pa.schema([f for f in whole if f.name in rows[0]], metadata=whole.metadata)
    folder = tmp_path_factory.mktemp("generation") / "set"
    (folder / CLIPS_DIR).mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), folder / CLIPS_DIR / "a.parquet")
    return folder


@pytest.fixture(scope="module")
def judge(data):
    recipe = ClassifierRecipe(steps=60, batch_size=24, frames=(20, 40), learning_rate=5e-3)
    config = ClassifierConfig(width=32, blocks=3, heads=2)
    return train_classifier(read_segments(data, split="train"), recipe, config=config)


def test_captions_of_one_action(data):
    found = {one.texts[0]: one for one in read_held_out(data)}
    told = {text: (one.action, len(one.joints), one.real) for text, one in found.items()}
    assert told == {
        "A man walks.": ("walk", 40, False),
        "a man walks": ("walk", 41, True),
        "somebody does a idle": ("idle", 30, False),
        "she hops": ("hop", 30, False),
        "she walks": ("walk", 40, False),
    }
    assert np.array_equal(found["she walks"].joints, HOP_THEN_WALK[50:])
    assert found["a man walks"].group == "bvh/s901"
    assert train_sentences(data) == {f"somebody does a {word}" for word in WORDS}


def test_a_split_without_captions_is_refused(data, tmp_path):
    (tmp_path / CLIPS_DIR).mkdir()
    few = pq.read_table(data / CLIPS_DIR / "a.parquet").slice(0, 3)
    pq.write_table(few, tmp_path / CLIPS_DIR / "a.parquet")
    with pytest.raises(ConfigError, match="expected captions of test clips"):
        read_held_out(tmp_path)


def test_recorded_ones_and_new_sentences_come_first(data):
    found = read_held_out(data)
    for seed in range(5):
        chosen, texts = choose_held_out(found, per_action=2, seed=seed)
        assert [one.action for one in chosen] == ["hop", "idle", "walk", "walk"]
        assert texts[2] == "a man walks"
        assert (chosen[2].real, chosen[3].real) == (True, False)
    again = choose_held_out(found, per_action=2, seed=4)
    assert again[1] == texts


def test_a_row_of_known_motion(judge):
    words = [WORDS[i % 4] for i in range(12)]
    clips = [act(word, 30 + i, seed=700 + i) for i, word in enumerate(words)]
    unseen = np.arange(12) < 6
    row = measure_row("x", clips, words, classifier=judge, groups=words, unseen=unseen)
    assert row.accuracy.top1 >= 0.9
    assert 0.0 < row.quality <= 1.0
    still = measure_row(
        "still", [act("idle", 30)] * 12, words, classifier=judge, groups=words, unseen=unseen
    )
    assert still.accuracy.top1 == 0.25
    assert (still.speed_hps, still.jerk_hps3, still.skating) == (0.0, 0.0, 0.0)
    assert shuffled_accuracy(clips, words, classifier=judge) == pytest.approx(0.25, abs=0.06)
    report = as_markdown([row, still], {"seed": 0})
    assert "| still | 12 | 0.250 (" in report
    assert "| hop (3) | " in report
    nobody = measure_row(
        "y", clips, words, classifier=judge, groups=words, unseen=np.zeros(12, dtype=bool)
    )
    assert to_dict(nobody)["unseen_top1"] is None


def save_tiny(folder, *, diffusion):
    torch.manual_seed(0)
    info = CheckpointInfo(
        model=variant_config("tiny"),
        encoder=identity_of(HashEncoder(64)),
        schedule="cosine",
        diffusion=diffusion,
        stage="pretrain",
        step=3,
    )
    folder.mkdir()
    codec = MotionCodec(torch.zeros(20), torch.full((20,), 0.1))
    weights = build_model(info.model).state_dict()
    write_inference_files(folder, info, weights=weights, codec=codec)
    return folder


@pytest.mark.parametrize("diffusion", [True, False])
def test_the_whole_run(data, judge, tmp_path, capsys, diffusion):
    judge.save(tmp_path / "judge")
    model = save_tiny(tmp_path / "model", diffusion=diffusion)
    where = ["--data", str(data), "--model", str(model), "--classifier", str(tmp_path / "judge")]
    how = ["--prompts", "2", "--steps", "1", "3", "--out", str(tmp_path / "out")]
    main([*where, *how])
    values = json.loads((tmp_path / "out/report.json").read_text())
    names = [row["name"] for row in values["rows"]]
    many = ["text, 3 steps", "text, one step", "text and action, 3 steps"]
    few = ["text, one step", "text and action, one step"]
    assert names == ["held-out motion", *(many if diffusion else few)]
    assert all(row["accuracy"]["count"] == 4 for row in values["rows"])
    assert values["rows"][0]["accuracy"]["top1"] == 1.0
    assert values["facts"]["not in the training split"] == 3
    assert all(row["seconds_a_clip"] > 0.0 for row in values["rows"][1:])
    assert (tmp_path / "out/report.md").read_text() in capsys.readouterr().out
