"""Columns: every checkpoint once, those that fail among them."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.errors import ConfigError
from stickgen_model.evaluate.action_classifier import ActionClassifier
from tasks.gallery.build import NoModelError
from tasks.gallery.facts import config_differences, read_facts
from tasks.gallery.generate import generation_config
from tasks.gallery.page import render_gallery
from tasks.gallery.prompts import DEFAULT_PROMPTS, find_prompts, known_prompts, read_prompts
from tasks.gallery.sources import ColumnSource, column_sources
from tasks.train.prompts import GATE_PROMPTS, SAMPLE_PROMPTS


@pytest.fixture
def damaged(run, tmp_path):
    """A run whose second checkpoint lost its weights."""
    copy = tmp_path / "copy"
    shutil.copytree(run, copy)
    (copy / "checkpoints" / "step-00000010" / "model.safetensors").write_bytes(b"nothing")
    return copy


def test_a_model_that_fails_is_a_column_that_says_why(damaged, tools):
    request_of, build = tools
    gallery = build(request_of(damaged))
    assert [bool(column.fault) for column in gallery.columns] == [False, True]
    assert "expected a safetensors file" in gallery.columns[1].fault
    assert len(gallery.columns[0].clips) == 3
    page = render_gallery(gallery)
    assert "1 of 2 models failed" in page
    assert "expected a safetensors file" in page


def test_without_any_model_there_is_no_page(damaged, tools):
    request_of, build = tools
    (source,) = column_sources([damaged / "checkpoints" / "step-00000010"])
    with pytest.raises(NoModelError, match=r"none of 1 models could generate: .*safetensors file"):
        build(request_of(damaged, sources=[source]))


def test_a_folder_that_is_no_checkpoint_fails_alone(run, tmp_path, tools):
    request_of, build = tools
    sources = [*column_sources([run]), ColumnSource(label="gone", path=tmp_path / "gone")]
    gallery = build(request_of(run, sources=sources))
    assert gallery.columns[1].facts is None
    assert "expected a checkpoint folder" in gallery.columns[1].fault
    assert "gone" in render_gallery(gallery)


def test_random_numbers_of_the_caller_stay(run, tools):
    request_of, build = tools
    torch.manual_seed(5)
    before = torch.get_rng_state()
    build(request_of(run))
    assert torch.equal(before, torch.get_rng_state())


def test_checkpoints_are_columns(run, save, tmp_path):
    names = [source.label for source in column_sources([run], [run])]
    assert names == ["tiny 10", "tiny 5"]  # the newest, for nothing was validated
    other = save(tmp_path / "tiny" / "checkpoints" / "step-00000010", step=10)
    labels = [source.label for source in column_sources([other], [run])]
    assert labels == [f"{tmp_path.name}/tiny 10", "tiny 5", f"{run.parent.name}/tiny 10"]
    with pytest.raises(ConfigError, match="does not exist"):
        column_sources([tmp_path / "absent"])
    with pytest.raises(ConfigError, match="holds none"):
        column_sources([], [tmp_path])
    with pytest.raises(ConfigError, match="name one with --model"):
        column_sources([])


def test_facts_are_those_of_the_step(run):
    early, late = (read_facts(path) for path in sorted((run / "checkpoints").glob("step-*")))
    assert early.validation == {"val/total": 0.5}
    assert late.validation == {"val/total": 0.25}  # what is no number is left out
    assert early.config["job.init_from"] == "place/base"
    assert config_differences([early.config, late.config]) == [
        ("optim.learning_rate", ["0.01", "0.02"])
    ]
    assert config_differences([early.config, {}]) == []
    assert config_differences([{"a": 1}, {}, {"a": 2, "b": True}]) == [("a", ["1", "-", "2"])]


def test_a_checkpoint_alone_is_enough(save, tmp_path):
    facts = read_facts(save(tmp_path / "model", step=1))
    (tmp_path / "model" / "training.json").unlink()
    alone = read_facts(tmp_path / "model")
    assert facts.config
    assert (alone.config, alone.validation, alone.data) == ({}, {}, "")


def test_the_classifier_judges_what_it_knows(run, tools):
    request_of, build = tools
    torch.manual_seed(0)
    judge = ActionClassifier(("run", "swim")).eval()
    gallery = build(request_of(run, classifier=judge))
    clips = [column.clips[1] for column in gallery.columns]
    said = [judge.labels[row] for row in judge.classify(clips).argmax(axis=1)]
    # of three prompts one is for an action that it knows
    assert [values["accuracy"] for values in gallery.values] == [100.0 * (s == "run") for s in said]
    assert [names[1] for names in gallery.said] == said


def test_default_prompts_are_of_the_gate_and_more():
    texts = [prompt.text for prompt in DEFAULT_PROMPTS]
    assert len(texts) == len(set(texts)) > 24
    assert set(GATE_PROMPTS.values()) | set(SAMPLE_PROMPTS) <= set(texts)
    assert sum(prompt.unseen for prompt in DEFAULT_PROMPTS) >= 6
    assert all(prompt.action for prompt in DEFAULT_PROMPTS)


@given(st.lists(st.text(st.characters(blacklist_characters="\t"), max_size=12), max_size=8))
def test_prompts_are_asked_once(texts):
    wanted = list(dict.fromkeys(text.strip() for text in texts if text.strip()))
    if not wanted:
        with pytest.raises(ConfigError, match=r"expected 1\.\.200 sentences, got 0"):
            known_prompts(texts)
    else:
        assert [prompt.text for prompt in known_prompts(texts)] == wanted


def test_prompts_name_actions(tmp_path):
    path = tmp_path / "p.txt"
    path.write_text("\ufeffone walks\twalk\n\nsomeone runs\r\n")
    found = known_prompts(read_prompts(path))
    assert [(prompt.text, prompt.action) for prompt in found] == [
        ("one walks", "walk"),
        ("someone runs", "run"),
    ]
    assert find_prompts(["a\tb"])[0].text == "a\tb"
    with pytest.raises(ConfigError, match="expected a word of the 64 actions"):
        known_prompts(["one\tflies"])
    with pytest.raises(ConfigError, match="got 201"):
        known_prompts([f"sentence {n}" for n in range(201)])
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="cannot read the sentences"):
        read_prompts(path)


def test_pages_have_an_end(run, tools):
    request_of, _ = tools
    with pytest.raises(ConfigError, match="expected at most 400,000 frames"):
        request_of(
            run,
            prompts=known_prompts([f"s {n}" for n in range(100)]),
            config=generation_config(seconds=120.0, seed=0, steps=1),
        )
    with pytest.raises(ConfigError, match="finite number of seconds"):
        generation_config(seconds=float("nan"), seed=0, steps=1)
    assert np.isfinite(generation_config(seconds=0.4, seed=0, steps=1).seconds)
