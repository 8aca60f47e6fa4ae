"""Model cards: what the hub reads, what is told loudly, and what is refused."""

from __future__ import annotations

import json
import shutil
from dataclasses import fields, replace

import pytest
import yaml
from huggingface_hub import ModelCard

from datasets_spec.sources.amass import AMASS
from datasets_spec.sources.procedural import PROCEDURAL
from stickgen_model.evaluate.metrics import METRICS
from tasks.register.digest import model_digest
from tasks.report.card_error import CardError
from tasks.report.card_evaluation import portable_text
from tasks.report.card_facts import CardFacts, read_card_facts
from tasks.report.energy import PowerAssumptions, energy_kwh, told_time
from tasks.report.model_card import render_model_card, write_model_card
from tests.tasks.report.factory import HOSTILE, make_evaluation


@pytest.fixture
def card(evaluation, facts):
    return render_model_card(evaluation, facts)


def test_the_hub_reads_every_value_with_its_interval_and_dataset(card, evaluation):
    read = ModelCard(card)
    assert read.data.model_name == "stickgen-tiny-sft"
    assert read.data.license == "other"
    results = {(r.dataset_config, r.metric_type): r for r in read.data.eval_results}
    own = evaluation.row().metrics
    assert {name for config, name in results if config is None} == {s.name for s in METRICS}
    for spec in METRICS:
        result = results[None, spec.name]
        assert result.metric_value == pytest.approx(own[spec.name].mean, rel=1e-5, abs=1e-12)
        assert result.metric_args["low"] == pytest.approx(own[spec.name].low, rel=1e-5, abs=1e-12)
        assert result.metric_args["repeats"] == 20
        assert (result.dataset_name, result.dataset_split) == ("set", "test")
        assert result.dataset_revision == "cd" * 32
        assert result.task_type == "text-to-motion"
    for suite in evaluation.suites:
        assert results[suite.name, "robustness"].metric_value == suite.ratio.mean


def test_references_sizes_judges_and_definitions_stand_in_it(card, evaluation, facts):
    for row in evaluation.rows:
        assert f"- **{row.name}**: {row.told}" in card
    assert "| FID | lower is better | **2.41 (2.36 to 2.46)** | 1.90 | 0.02 |" in card
    for spec in METRICS:
        assert f"(`{spec.name}`," in card
    assert f"| parameters | {facts.parameters:,} |" in card
    assert f"{facts.files['model.safetensors']:,} bytes" in card
    assert facts.digest in card
    assert "top1 0.823, top3 0.951" in card
    assert "empty (0.12), out of vocabulary (0.35), adversarial (0.52)" in card
    assert "jump (3 clips)" in card
    assert "TBD" not in card
    assert "not known" not in card
    assert "None" not in card


def test_every_source_is_told_with_its_licence_and_closed_ones_loudly(card):
    assert "**Do not publish this model.**" in card
    assert "**No commercial use.**" in card
    for spec in (AMASS, PROCEDURAL):
        assert f"| `{spec.name}` |" in card
        assert spec.title in card
    assert "AMASS-noncommercial | **no** | **no** |" in card
    assert "CC0-1.0 | yes | yes |" in card


def test_only_free_sources_give_the_licence_of_the_data(makers, tmp_path, evaluation):
    write_dataset, write_run = makers
    data = write_dataset(tmp_path / "set", sources={"procedural": "CC0-1.0"}, sample=True)
    facts = read_card_facts(write_run(tmp_path / "run", data=data, stage="pretrain"))
    evaluation.model["digest"] = facts.digest
    card = render_model_card(evaluation, facts)
    assert ModelCard(card).data.license == "cc0-1.0"
    assert "Do not publish" not in card
    assert "built-in sample" in card


def test_time_and_energy_are_those_of_all_stages(card, facts):
    assert [s.stage for s in facts.stages] == ["pretrain", "sft"]
    assert [s.seconds for s in facts.stages] == [20.0, 8.0]
    assert [s.core_seconds for s in facts.stages] == [30.0, 12.0]
    power = PowerAssumptions(core_w=10.0, overhead=1.5)
    assert energy_kwh(facts.stages, power) == pytest.approx(42.0 * 10 * 1.5 / 3.6e6)
    assert "28 s of training in all" in card
    assert "12 W a busy core" in card
    assert "GPU" not in card.split("assumed, not measured")[1].split("\n")[0]
    half = replace(facts.stages[0], gpu_seconds=3600.0, core_seconds=0.0)
    assert energy_kwh([half], PowerAssumptions(gpu_w=400.0)) == pytest.approx(0.4)
    assert [told_time(s) for s in (59, 60, 5400)] == ["59 s", "1.0 min", "1.5 h"]


@pytest.mark.parametrize("given", [{"core_w": -1.0}, {"gpu_w": float("nan")}, {"overhead": 0.5}])
def test_no_power_that_is_none(given):
    with pytest.raises(ValueError, match="expected watts"):
        PowerAssumptions(**given)


def test_an_evaluation_of_another_model_is_refused(evaluation, facts):
    evaluation.model["digest"] = "ee" * 32
    with pytest.raises(CardError, match="expected an evaluation of the model with digest"):
        render_model_card(evaluation, facts, allow_gaps=True)


@pytest.mark.parametrize("key", ["name", "split", "fingerprint"])
def test_an_evaluation_without_its_data_is_refused(evaluation, facts, key):
    del evaluation.data[key]
    with pytest.raises(CardError, match=key):
        render_model_card(evaluation, facts, allow_gaps=True)


def test_what_is_missing_is_refused_by_name_or_told_loudly(evaluation, facts):
    rows = list(evaluation.rows)
    metrics = {k: v for k, v in rows[0].metrics.items() if k != "kid"}
    rows[0] = replace(rows[0], metrics=metrics)
    rows = [row for row in rows if row.name != "real"]
    part = replace(evaluation, rows=tuple(rows), judges=(), suites=(), robustness=None)
    with pytest.raises(CardError) as caught:
        render_model_card(part, facts)
    for gap in ("KID was not measured", "no row of real", "no judges", "robustness was not"):
        assert gap in str(caught.value)
    told = render_model_card(part, facts, allow_gaps=True)
    assert "**This card has gaps:**" in told
    assert "> - KID was not measured" in told
    assert "kid" not in {r.metric_type for r in ModelCard(told).data.eval_results}


def test_runs_that_are_gone_and_runs_without_times_are_gaps(makers, tmp_path, evaluation):
    write_dataset, write_run = makers
    data = write_dataset(tmp_path / "set")
    base = write_run(tmp_path / "base", data=data, stage="pretrain")
    run = write_run(tmp_path / "run", data=data, stage="sft", start=str(base), timed=False)
    shutil.rmtree(base)
    facts = read_card_facts(run)
    assert [s.seconds for s in facts.stages] == [99.0]
    assert len(facts.gaps) == 2
    assert facts.gaps[1].endswith("is gone")
    assert str(tmp_path) not in " ".join(facts.gaps)
    evaluation.model["digest"] = facts.digest
    with pytest.raises(CardError, match="processor time"):
        render_model_card(evaluation, facts)
    card = render_model_card(evaluation, facts, allow_gaps=True)
    assert "Energy: not known" in card
    assert ModelCard(card).data.license == "other"
    assert "not certain" in card


def test_a_checkpoint_alone_takes_the_dataset_that_is_named(makers, tmp_path, evaluation):
    write_dataset, write_run = makers
    data = write_dataset(tmp_path / "set")
    run = write_run(tmp_path / "run", data=data, stage="sft")
    alone = shutil.copytree(run / "checkpoints" / "step-00000004", tmp_path / "alone")
    bare, told = read_card_facts(alone), read_card_facts(alone, data)
    assert bare.digest == told.digest == model_digest(run)
    assert any("its dataset" in gap for gap in bare.gaps)
    assert bare.datasets == ()
    assert not any("its dataset" in gap for gap in told.gaps)
    assert told.notes[0].startswith("Stage sft did not record its dataset")
    evaluation.model["digest"] = told.digest
    card = render_model_card(evaluation, told, allow_gaps=True)
    assert told.notes[0] in card
    assert "not certain" in card
    assert [d.fingerprint for d in told.datasets] == ["cd" * 32]


def test_a_dataset_that_is_gone_or_damaged_is_named(makers, tmp_path):
    write_dataset, write_run = makers
    data = write_dataset(tmp_path / "set")
    run = write_run(tmp_path / "run", data=data, stage="sft")
    (data / "statistics.json").write_text("[1]")
    with pytest.raises(CardError, match=r"statistics\.json"):
        read_card_facts(run)
    shutil.rmtree(data)
    assert "the dataset set is gone" in read_card_facts(run).gaps


def test_a_chain_of_runs_that_bites_its_tail_ends(makers, tmp_path):
    write_dataset, write_run = makers
    data = write_dataset(tmp_path / "set")
    run = write_run(tmp_path / "run", data=data, stage="sft", start=str(tmp_path / "run"))
    assert len(read_card_facts(run).stages) == 1


def test_sources_without_known_terms_are_told(makers, tmp_path, evaluation):
    write_dataset, write_run = makers
    data = write_dataset(tmp_path / "set", sources={"`x|<b>": "mine"})
    facts = read_card_facts(write_run(tmp_path / "run", data=data, stage="sft"))
    evaluation.model["digest"] = facts.digest
    card = render_model_card(evaluation, facts)
    assert "**Sources without known terms:**" in card
    assert "<b>" not in card
    assert ModelCard(card).data.license_name == "see-training-data"


def test_measuring_on_the_training_split_is_said(evaluation, facts):
    evaluation.data["split"] = "train"
    assert "**This is the training split" in render_model_card(evaluation, facts)
    evaluation.data["fingerprint"] = "00" * 32
    assert "not certain" in render_model_card(evaluation, facts)


def test_hostile_words_leave_neither_their_cell_nor_the_header(facts):
    evaluation = make_evaluation(hostile=True)
    evaluation.model["digest"] = facts.digest
    evaluation.data["name"] = f"set{HOSTILE}"
    rows = [replace(r, name=f"{r.name}{HOSTILE}" if n > 2 else r.name, told=HOSTILE)
            for n, r in enumerate(evaluation.rows)]  # fmt: skip
    card = render_model_card(replace(evaluation, rows=tuple(rows)), facts)
    header = yaml.safe_load(card.split("---\n")[1])
    assert header["model-index"][0]["results"][0]["dataset"]["name"].startswith("set</script>")
    body = card.split("---\n", 2)[2]
    assert "<img" not in body
    assert "\u202e" not in card
    table = [line for line in body.splitlines() if line.startswith("| FID")]
    bare = table[0].replace("\\|", "")
    assert bare.count("|") == len(rows) + 3


def test_no_folder_of_this_machine_stands_in_a_card(evaluation, facts, trained):
    row = replace(evaluation.rows[0], told=f"small, step 4, {trained}/checkpoints/step-00000004")
    evaluation.settings["champion"] = f"tiny, {trained}"
    evaluation.model["path"] = str(trained)
    evaluation = replace(evaluation, rows=(row, *evaluation.rows[1:]))
    assert str(trained.parent) not in render_model_card(evaluation, facts)
    assert portable_text("models:/stickgen/3 and 1/2 a/b") == "models:/stickgen/3 and 1/2 a/b"


def test_the_file_is_whole_and_the_same_every_time(evaluation, facts, card, tmp_path):
    path = tmp_path / "README.md"
    path.write_text("before")
    write_model_card(evaluation, facts, path)
    assert path.read_text(encoding="utf-8") == card
    with pytest.raises(CardError):
        write_model_card(replace(evaluation, judges=()), facts, path)
    assert path.read_text(encoding="utf-8") == card
    assert [p.name for p in tmp_path.iterdir()] == ["README.md"]


def test_facts_are_read_twice_alike(trained, facts):
    again = read_card_facts(trained)
    for field in fields(CardFacts):
        one, other = getattr(facts, field.name), getattr(again, field.name)
        if field.name != "datasets":
            assert one == other
    assert json.dumps(facts.datasets[0].statistics) == json.dumps(again.datasets[0].statistics)
