"""A run of a few steps: what it leaves behind, how it goes on, what stops it."""

from __future__ import annotations

import errno
import json
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from datasets_spec.errors import ConfigError, StickgenError
from stickgen_model.generate import StickGen
from stickgen_model.text.encoder import identity_of
from stickgen_model.text.hashing import HashEncoder
from stickgen_model.text.text_table import TextTable
from tasks.embed.embedding import embed_dataset
from tasks.score.figure import score_figure
from tasks.train.curves import cut_metrics, first_and_last, read_metrics
from tasks.train.data import choose_clips, clip_table, open_data
from tasks.train.folder import explained_run, open_run, start_checkpoint
from tasks.train.job import SampleConfig, TrainJob
from tasks.train.plan import plan_run
from tasks.train.prompts import GATE_PROMPTS, TableEncoder, prompt_vectors
from tasks.train.run import judge_run, train_run
from tasks.train.samples import sample_prompts
from tasks.train.signals import STOP, watch_steps

SETTINGS = {
    "max_steps": 6,
    "batch_size": 4,
    "validate_every": 3,
    "save_every": 2,
    "precision": "fp32",
    "keep": 9,
}


class Tracker:
    def __init__(self):
        self.rows, self.files = [], []

    def log_steps(self, rows):
        self.rows += rows

    def log_files(self, paths, folder=None):
        self.files += [(folder, path.name) for path in paths]


@pytest.fixture(autouse=True)
def _no_stop():
    yield
    STOP.clear()


def job_of(dataset, out, **changed):
    job = TrainJob(
        preset="laptop",
        variant="tiny",
        data=str(dataset),
        out=str(out),
        encoder="hash-64",
        device="cpu",
        settings=SETTINGS,
        log_every=2,
        samples=SampleConfig(every=4, seconds=0.5, steps=1, prompts=("one walks", "one runs")),
    )
    return replace(job, **changed)


def parts_of(job):
    plan = plan_run(job)
    embed_dataset(plan.data, encoder=HashEncoder(64), path=plan.texts)
    chosen = choose_clips(job, plan.data, clip_table(plan.data))
    texts, pictures = TextTable.load(plan.texts), plan.config.multimodal
    data = open_data(chosen, texts, num_actions=64, pictures=pictures)
    prompts = (*sample_prompts(job.samples), *GATE_PROMPTS.values())
    return plan, data, prompt_vectors(plan.run.prompts, prompts, job.encoder, device="cpu")


@pytest.fixture(scope="module")
def finished(dataset, tmp_path_factory):
    plan, data, vectors = parts_of(job_of(dataset, tmp_path_factory.mktemp("run") / "out"))
    tracker = Tracker()
    outcome = train_run(plan, data, vectors=vectors, tracker=tracker)
    return plan, vectors, tracker, outcome


def test_it_leaves_curves_samples_and_a_checkpoint_that_generates(finished):
    plan, _, tracker, outcome = finished
    assert (outcome.finished, outcome.step, outcome.skipped) == (True, 6, 0)
    metrics = read_metrics(plan.run.metrics)
    losses = metrics.filter(pl.col("name") == "train/total")
    assert losses["step"].to_list() == [1, 2, 3, 4, 5, 6]
    assert metrics.filter(pl.col("name") == "val/total")["step"].to_list() == [3, 6]
    assert (metrics.filter(pl.col("name") == "system/clips_per_s")["value"] > 0).all()
    timed = metrics.filter(pl.col("name") == "system/step_s")
    assert 3 <= timed.height <= 5  # not the first step; the clock stands still while measuring
    spent = metrics.filter(pl.col("name") == "system/cpu_s")["value"]
    assert spent.len() == timed.height
    assert (spent > 0).all()
    assert "system/gpu_s" not in metrics["name"]
    (sheet,) = plan.run.samples.glob("*.png")
    assert sheet.name == "step-00000004.png"
    assert np.asarray(Image.open(sheet)).std() > 1.0
    assert tracker.files == [("samples", "step-00000004.png")]
    told = [step for step, _, values in tracker.rows if "train/total" in values]
    assert told == [1, 2, 4, 6]
    assert all(values["system/peak_rss"] > 1e7 for _, _, values in tracker.rows)
    model = StickGen.from_pretrained(plan.run.root, HashEncoder(64))
    assert np.isfinite(model.generate(["a person can walk"], seconds=0.5, steps=1).joints).all()


def test_it_is_judged_like_data(finished, rows):
    plan, vectors, _, outcome = finished
    judged = judge_run(plan, outcome, vectors)
    assert plan.run.curves.stat().st_size > 1000
    assert [row["action"] for row in judged.generated] == list(GATE_PROMPTS)
    assert len(judged.generated) >= 16
    clips = [np.array(row["joints"]).reshape(-1, 10, 2) for row in rows if row["split"] == "val"]
    real = np.median([score_figure(clip)["quality_score"] for clip in clips])
    assert judged.medians["real_quality_score"] == pytest.approx(real)
    assert 0.0 <= judged.medians["quality_score"] <= 1.0
    assert judged.loss[0] == "val/total"
    json.dumps(judged.as_json())


def test_stopped_and_gone_on_is_the_run(dataset, finished, tmp_path):
    whole = finished[0]
    plan, data, vectors = parts_of(job_of(dataset, tmp_path / "out"))

    class StopAtThree:
        def step(self, news):
            if news.step == 3:
                STOP.set()

    with watch_steps(StopAtThree()):
        stopped = train_run(plan, data, vectors=vectors)
    assert (stopped.finished, stopped.step) == (False, 3)
    STOP.clear()
    again = train_run(plan, data, vectors=vectors)
    assert again.finished
    one, two = (
        load_file(p.run.checkpoints / "step-00000006" / "trained.safetensors")
        for p in (whole, plan)
    )
    assert all(torch.equal(one[key], two[key]) for key in one)
    steps = read_metrics(plan.run.metrics).filter(pl.col("name") == "train/total")["step"]
    assert steps.to_list() == [1, 2, 3, 4, 5, 6]


def test_a_run_of_other_clips_is_not_gone_on(dataset, rows, write, finished, tmp_path):
    plan = finished[0]
    # as many clips of as many frames, but other ones
    others = [{**row, "captions": ["something else"]} for row in rows]
    job = replace(plan.job, data=str(write(tmp_path / "other" / "set", others)))
    other, data, vectors = parts_of(job)
    with pytest.raises(StickgenError, match=r"this very run, but: data '24 clips .* sha256"):
        train_run(other, data, vectors=vectors)


def test_sft_and_lora_start_from_a_run(dataset, finished, tmp_path):
    for stage, clips in (("sft", 12), ("lora", 8)):
        settings = {**SETTINGS, "max_steps": 1}
        changed = {"stage": stage, "init_from": finished[0].job.out, "settings": settings}
        if stage == "lora":
            changed["style"] = "Proud"
        plan, data, vectors = parts_of(job_of(dataset, tmp_path / stage, **changed))
        assert len(data.train) == clips  # lora: 6 of the style, and a quarter of others
        outcome = train_run(plan, data, vectors=vectors)
        adapter = plan.run.checkpoints / "step-00000001" / "adapter.safetensors"
        assert outcome.finished
        assert adapter.is_file() == (stage == "lora")


def test_a_multimodal_model_is_trained_with_pictures(dataset, tmp_path):
    settings = {**SETTINGS, "multimodal": True, "max_steps": 1, "batch_size": 2}
    plan, data, vectors = parts_of(job_of(dataset, tmp_path / "run", settings=settings))
    assert data.train.has_depth
    assert data.val.has_depth
    assert train_run(plan, data, vectors=vectors).finished


def test_validation_is_of_a_fixed_choice(dataset, tmp_path):
    job = TrainJob(val_clips=2)
    table = clip_table(dataset)
    names = set(table.filter(pl.col("split") == "val")["clip_id"])
    assert len(names) > 2
    chosen = choose_clips(job, dataset, table)
    assert len(chosen.val) == 2
    assert chosen.val < names
    assert choose_clips(replace(job, seed=5), dataset, table).val == chosen.val
    assert choose_clips(replace(job, val_clips=0), dataset, table).val is None
    _, data, _ = parts_of(job_of(dataset, tmp_path / "run", val_clips=2))
    assert len(data.val) == 2


def test_prior_share_is_of_other_clips(dataset):
    job = TrainJob(stage="lora", style="proud", prior_share=0.5)
    table = clip_table(dataset)
    chosen = choose_clips(job, dataset, table)
    styles = table.filter(pl.col("clip_id").is_in(list(chosen.only)))["style"].to_list()
    assert (styles.count("proud"), styles.count("")) == (6, 6)
    assert choose_clips(job, dataset, table) == chosen
    none = choose_clips(replace(job, prior_share=0.0), dataset, table)
    assert len(none.only) == 6
    assert none.digest != chosen.digest


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"data": "absent"}, "expected a dataset folder"),
        ({"stage": "sft"}, "name one with --init-from"),
        ({"stage": "sft", "init_from": "absent"}, "absent does not exist"),
        ({"stage": "sft", "init_from": "RUN", "variant": "small"}, "variant small .* found tiny"),
        (
            {"stage": "sft", "init_from": "RUN", "encoder": "hash-32"},
            "train with --encoder hash-64",
        ),
        ({"device": "cuda:77"}, "--device cuda:77: expected such a GPU"),
        ({"out": "/proc/absent/run"}, "cannot make the folder of the run"),
        ({"settings": {"epoch": 1}}, "did you mean epochs"),
    ],
)
def test_what_cannot_work_is_told_before_work(dataset, finished, tmp_path, changed, told):
    if changed.get("init_from") == "RUN":
        changed = {**changed, "init_from": finished[0].job.out}
    with pytest.raises(ConfigError, match=told):
        plan_run(replace(job_of(dataset, tmp_path / "out"), **changed))


def test_clips_that_are_not_there(rows, write, tmp_path):
    folder = write(tmp_path / "set", [{**row, "sft": False} for row in rows])
    table = clip_table(folder)
    with pytest.raises(ConfigError, match="expected train clips of the fine-tuning set"):
        choose_clips(TrainJob(stage="sft"), folder, table)
    with pytest.raises(ConfigError, match=r"style 'sad'; there are proud \(6\)"):
        choose_clips(TrainJob(stage="lora", style="sad"), folder, table)


def test_foreign_folders_are_not_written_to(dataset, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ConfigError, match="found other files"):
        open_run(str(tmp_path))
    assert [p.name for p in tmp_path.iterdir()] == ["notes.txt"]
    with pytest.raises(ConfigError, match="outside the dataset"):
        plan_run(TrainJob(preset="laptop", data=str(dataset), out=str(dataset / "run")))


def test_checkpoints_are_found(tmp_path, finished):
    plan = finished[0]
    best = json.loads((plan.run.checkpoints / "best.json").read_text())["checkpoint"]
    for name in (plan.run.root, plan.run.checkpoints, plan.run.checkpoints / best):
        assert start_checkpoint(str(name)) == plan.run.checkpoints / best
    assert start_checkpoint("") is None
    with pytest.raises(ConfigError, match="holds none"):
        start_checkpoint(str(tmp_path))


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/x"), "/x: the disk is full"),
        (PermissionError(errno.EACCES, "Permission denied", "/y"), "/y: Permission denied"),
        (RuntimeError("[enforce fail] PytorchStreamWriter failed writing file"), "be written"),
    ],
)
def test_a_full_disk_is_explained(tmp_path, error, told):
    with pytest.raises(StickgenError, match=told) as caught, explained_run(open_run(str(tmp_path))):
        raise error
    assert "no checkpoint was written yet" in str(caught.value)


def test_other_faults_are_not_taken_for_the_disk(tmp_path):
    with pytest.raises(RuntimeError, match="shapes"), explained_run(open_run(str(tmp_path))):
        raise RuntimeError("shapes differ")  # noqa: EM101


def test_numbers_after_the_checkpoint_are_cut(tmp_path):
    path = tmp_path / "metrics.csv"
    path.write_text("step,name,value\n1,a,0.5\n2,a,nan\n3,a,7.0\n4,a,")  # a line cut off
    assert read_metrics(path)["step"].to_list() == [1, 2, 3]
    cut_metrics(path, step=2)
    assert path.read_text() == "step,name,value\n1,a,0.5\n2,a,nan\n"


def test_first_and_last():
    def table(**named):
        rows = [(n, k.replace("_", "/"), v) for k, vs in named.items() for n, v in enumerate(vs)]
        return pl.DataFrame(rows, schema=["step", "name", "value"], orient="row")

    assert first_and_last(table(val_total=[3.0, 1.0, 2.0])) == ("val/total", 3.0, 2.0)
    losses = [float(n) for n in range(20, 0, -1)]
    assert first_and_last(table(val_total=[3.0], train_total=losses)) == ("train/total", 19.5, 1.5)
    assert first_and_last(table(other=[1.0])) is None


def test_vectors_of_prompts_are_kept(tmp_path):
    path = tmp_path / "prompts.parquet"
    table = prompt_vectors(path, ["A man walks.", "one"], "hash-16", device="cpu")
    written = path.stat().st_mtime_ns
    again = prompt_vectors(path, ["a man walks"], "hash-16", device="cpu")
    assert path.stat().st_mtime_ns == written
    assert "one" in again
    encoder = TableEncoder(table)
    assert identity_of(encoder) == identity_of(HashEncoder(16))
    np.testing.assert_array_equal(encoder.encode(["one"]), HashEncoder(16).encode(["one"]))
    assert prompt_vectors(path, ["one"], "hash-8", device="cpu").identity.dim == 8
