"""Answers of a tiny model: each row by itself, in any format, within limits."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch

from stickgen_model.codec import MotionCodec
from stickgen_model.config import variant_config
from stickgen_model.export.motion_file import read_motion
from stickgen_model.export_model.export import export_model
from stickgen_model.generate import StickGen
from stickgen_model.model.multimodal import build_model
from stickgen_model.text.encoder import identity_of
from stickgen_model.text.hashing import HashEncoder
from stickgen_model.training.checkpoint import (
    CheckpointInfo,
    write_folder,
    write_inference_files,
)
from tasks.serve.answers import COLUMNS, Answerer
from tasks.serve.rows import RequestError, ServeLimits

FAST = {"steps": 1}
SHORT = {"prompt": "a man waves", "seconds": 0.6, "seed": 3}
HOSTILE = [
    "<script>alert(1)</script> & ]]> \"'",
    "a\x00b\x1b[31m",
    "\U0001f600 \u202e waves",
    "\ud800",
]


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    torch.manual_seed(0)
    info = CheckpointInfo(
        model=variant_config("tiny"),
        encoder=identity_of(HashEncoder(64)),
        schedule="cosine",
        diffusion=True,
        stage="pretrain",
        step=3,
    )
    weights = build_model(info.model).state_dict()
    mean = torch.zeros(20)
    mean[3] = 0.55
    codec = MotionCodec(mean, torch.full((20,), 0.05))
    folder = tmp_path_factory.mktemp("serve") / "step-00000003"
    write_folder(folder, lambda p: write_inference_files(p, info, weights=weights, codec=codec))
    return folder


@pytest.fixture(scope="module")
def answerer(checkpoint):
    return Answerer.load(checkpoint)


def test_joints_are_those_of_the_model(answerer, checkpoint):
    (found,) = answerer.answer([{**SHORT, "actors": 2}], {"steps": 2, "guidance": 1.5})
    model = StickGen.from_pretrained(checkpoint)
    own = model.generate(["a man waves"], seconds=0.6, seed=3, num_actors=2, steps=2, guidance=1.5)
    assert np.abs(np.array(found["joints"]) - own.joints[0]).max() <= 0.51e-5
    assert (found["fps"], found["seconds"], found["units"]) == (25.0, 0.6, "H")
    assert found["error"] is found["text"] is None


def test_one_step_is_one_step(answerer, checkpoint):
    (found,) = answerer.answer([SHORT], {"steps": 1})
    own = StickGen.from_pretrained(checkpoint).generate(
        ["a man waves"], seconds=0.6, seed=3, method="one_step"
    )
    assert np.abs(np.array(found["joints"]) - own.joints[0]).max() <= 0.51e-5


def test_svg_html_and_motion(answerer, tmp_path):
    names = ("svg", "html", "motion")
    svg, html, motion = (
        one["text"] for one in answerer.answer([{**SHORT, "format": name} for name in names], FAST)
    )
    assert ET.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"
    assert html.startswith("<!DOCTYPE html>")
    assert "a man waves" in html
    (tmp_path / "a.motion").write_text(motion, encoding="utf-8")
    scene = read_motion(tmp_path / "a.motion")
    (joints,) = answerer.answer([SHORT], FAST)
    assert np.abs(scene.joints - np.array(joints["joints"])).max() < 4e-4


def test_a_row_does_not_depend_on_the_others(answerer):
    others = [{"prompt": "x", "seconds": 1.0}, {"prompt": 7}, {**SHORT, "seed": 4}]
    (alone,) = answerer.answer([SHORT], FAST)
    together = answerer.answer([*others, SHORT], FAST)
    assert together[-1] == alone
    assert together[-2]["joints"] != alone["joints"]


def test_bad_rows_say_why_and_the_others_are_answered(answerer):
    rows = [
        {"prompt": ""},
        SHORT,
        {"prompt": "a", "action": "wavee"},
        {"prompt": "a", "format": "svg", "camera": "spin"},
        {"prompt": "a", "format": "svg", "look": "oil"},
        {"prompt": "a", "style": "pirate king"},
        {"prompt": "word " * 100_000},
        {"prompt": "a", "seconds": 900},
        {**SHORT, "action": "wave", "prompt": ""},
    ]
    found = answerer.answer(rows, FAST)
    assert [one["error"] is None for one in found] == [i in (1, 8) for i in range(9)]
    for one, word in zip(
        [found[i] for i in (0, 2, 3, 4, 5, 6, 7)],
        ("prompt", "did you mean wave", "camera", "look", "pirate king", "100,000", "seconds"),
        strict=True,
    ):
        assert word in one["error"]
        assert all(one[name] is None for name in COLUMNS if name != "error")


@pytest.mark.parametrize("prompt", HOSTILE)
def test_hostile_text_is_text(answerer, prompt):
    svg, motion, joints = answerer.answer(
        [{**SHORT, "prompt": prompt, "format": name} for name in ("svg", "motion", "joints")], FAST
    )
    assert "<script" not in svg["text"]
    ET.fromstring(svg["text"])
    json.loads(motion["text"])
    assert joints["error"] is None


def test_the_whole_answer_is_json(answerer):
    found = answerer.answer([SHORT, {"prompt": None}, {**SHORT, "format": "svg"}], FAST)
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_a_request_has_limits(checkpoint):
    model = StickGen.from_pretrained(checkpoint)
    few = Answerer(model, ServeLimits(rows=2, work=10.0))
    with pytest.raises(RequestError, match="at most 2 rows a request, got 3"):
        few.answer([SHORT] * 3, FAST)
    with pytest.raises(RequestError, match="steps"):
        few.answer([SHORT], {"steps": 51})
    one, two = few.answer([SHORT, {**SHORT, "seconds": 10.0}], FAST)
    assert one["error"] is None
    assert "at most 10 seconds x actors x steps a request, this row makes it 10.6" in two["error"]


def test_no_rows_no_answers(answerer):
    assert answerer.answer([]) == []


def test_several_threads_get_their_own(answerer):
    rows = [{**SHORT, "seed": seed} for seed in range(6)]
    alone = [answerer.answer([row], FAST) for row in rows]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(lambda row: answerer.answer([row], FAST), rows)) == alone


def test_an_export_answers_too(checkpoint, answerer, tmp_path):
    export_model(checkpoint, tmp_path / "out")
    (own,), (other,) = (
        one.answer([SHORT], FAST) for one in (answerer, Answerer.load(tmp_path / "out"))
    )
    assert np.abs(np.array(own["joints"]) - np.array(other["joints"])).max() < 1e-4


def test_nothing_is_left_behind(answerer, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    answerer.answer([{**SHORT, "format": name} for name in ("svg", "html", "motion")], FAST)
    assert list(Path(tmp_path).iterdir()) == []
