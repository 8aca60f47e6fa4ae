"""`stickgen generate`: files for prompts, and a line in place of a traceback."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from datasets_spec.vocabulary import EXPRESSIONS, action_id
from flows.cli import main
from flows.generate_settings import make_job
from stickgen_model.codec import MotionCodec
from stickgen_model.config import variant_config
from stickgen_model.export.read import read_animation
from stickgen_model.lora import inject_lora_adapters, save_lora_file
from stickgen_model.model.multimodal import build_model
from stickgen_model.text.encoder import EncoderIdentity
from stickgen_model.training.checkpoint import CheckpointInfo, write_inference_files

QUICK = ("--seconds", "0.6", "--steps", "2", "--size", "32", "--fps", "5")


def write_checkpoint(folder, *, encoder="hash-64", seed=0):
    torch.manual_seed(seed)
    info = CheckpointInfo(
        model=variant_config("tiny"),
        encoder=EncoderIdentity(name=encoder, dim=64),
        schedule="cosine",
        diffusion=True,
        stage="pretrain",
        step=3,
    )
    folder.mkdir(parents=True)
    codec = MotionCodec(torch.zeros(20), torch.full((20,), 0.1))
    weights = build_model(info.model).state_dict()
    write_inference_files(folder, info, weights=weights, codec=codec)
    return folder


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    root = tmp_path_factory.mktemp("home")
    write_checkpoint(root / "runs" / "mine" / "checkpoints" / "step-00000003")
    return root / "runs"


@pytest.fixture(autouse=True)
def place(runs, tmp_path, monkeypatch):
    """A working directory without a model; the variable names one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STICKGEN_MODEL", str(runs / "mine"))
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    return tmp_path


def run(capsys, *arguments):
    status = main(["generate", *arguments])
    told = capsys.readouterr()
    return status, told.out, " ".join(told.err.split())


def test_a_prompt_becomes_files(capsys, place):
    status, out, err = run(capsys, "a man waves", *QUICK, "-o", "a.motion", "-o", "{name}.svg")
    assert (status, err) == (0, "")
    assert "STICKGEN_MODEL" in out.splitlines()[0]
    assert "a.motion: 0.6 s, made in" in out
    scene = read_animation(place / "a.motion")
    assert scene.title == "a man waves"
    assert scene.num_frames == 15
    assert "<svg" in (place / "a-man-waves.svg").read_text()


def test_the_same_call_gives_the_same_bytes(capsys, place):
    for name in ("a.motion", "b.motion"):
        assert run(capsys, "a man waves", *QUICK, "--seed", "7", "-o", name)[0] == 0
    assert (place / "a.motion").read_bytes() == (place / "b.motion").read_bytes()
    run(capsys, "a man waves", *QUICK, "--seed", "8", "-o", "b.motion")
    assert (place / "a.motion").read_bytes() != (place / "b.motion").read_bytes()


def test_a_batch_gives_each_prompt_what_it_would_have_alone(capsys, place):
    (place / "p.txt").write_text("# some\na man waves\n\n  a man bows  \n")
    assert run(capsys, "--batch", "p.txt", *QUICK, "-o", "all.motion")[0] == 0
    assert run(capsys, "a man bows", *QUICK, "-o", "one.motion")[0] == 0
    both = [read_animation(place / name) for name in ("all-2.motion", "one.motion")]
    assert np.array_equal(both[0].joints, both[1].joints)
    (place / "clips").mkdir()
    assert run(capsys, "a", "b", *QUICK, "--format", "motion", "-o", "clips/{n}")[0] == 0
    assert sorted(p.name for p in (place / "clips").iterdir()) == ["1", "2"]


def test_a_script_has_captions_by_part(capsys, place):
    arguments = ("--script", "walks 1s; waves 0.6s", "--one-step", "-o", "s.motion")
    status, out, _ = run(capsys, *arguments)
    assert status == 0
    assert "s.motion: 1.6 s" in out
    scene = read_animation(place / "s.motion")
    assert [caption.text for caption in scene.captions] == ["walks", "waves"]
    assert scene.num_frames == 40


def test_words_reach_the_scene(capsys, place):
    flags = ("--expression", "happy", "--actors", "2", "--action", "walk", "--style", "zombie")
    assert run(capsys, *QUICK, *flags, "-o", "a.npz")[0] == 0
    scene = read_animation(place / "a.npz")
    assert scene.num_actors == 2
    assert (scene.expressions == EXPRESSIONS.index("happy")).all()
    assert (scene.actions == action_id("walk")).all()
    assert scene.facts["prompt"] == "a person moves like a zombie"


def test_settings_come_from_a_file_and_flags_win(place):
    values = {
        "prompt": ["one", "two"],
        "seconds": 2,
        "one_step": True,
        "size": "64x32",
        "captions": False,
        "style": "neon",
        "out": "a.mp4",
    }
    (place / "f.json").write_text(json.dumps(values))
    job = make_job({"settings_file": "f.json"})
    assert job.prompts == ("one", "two")
    assert job.config == {"seconds": 2, "method": "one_step"}
    assert (job.picture.width, job.picture.height, job.picture.captions) == (64, 32, False)
    assert (job.picture.look, job.scene) == ("neon", {})
    assert [[p.name for p in paths] for paths in job.files] == [["a-1.mp4"], ["a-2.mp4"]]
    flags = {"prompt": ["three"], "seconds": "3", "look": "chalk", "out": ["b.gif"]}
    job = make_job({"settings_file": "f.json", **flags})
    assert (job.prompts, job.config["seconds"]) == (("three",), 3.0)
    assert (job.picture.look, job.files[0][0].name) == ("chalk", "b.gif")
    job = make_job({"settings_file": "f.json", "script": "a; b", "out": ["b.gif"]})
    assert [part.text for part in job.script] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "expected JSON"),
        ("[1]", "expected a JSON object of settings, got list"),
        ('{"secnds": 3}', "got 'secnds', which is none of"),
        ('{"seconds": "x", "seed": 1.5}', "f.json: seconds: expected a number .*seed: expected a"),
        ('{"seconds": NaN}', "expected a number 0.4..120, got nan"),
        ('{"captions": 1}', "captions: expected true or false, got 1"),
        ('{"prompt": [3]}', "prompt: expected a text or a list"),
        ('{"size": [3]}', "size: expected"),
        ('{"actors": true}', "actors: expected a whole number"),
        ("[" * 200_000, "expected JSON"),
        ('{"prompt": "' + "a" * 1_000_001 + '"}', "at most a megabyte"),
    ],
)
def test_bad_files_of_settings(capsys, place, text, told):
    (place / "f.json").write_text(text)
    status, _, err = run(capsys, "--from", "f.json", "-o", "a.mp4")
    assert status == 2
    assert re.search(told, err), err
    assert len(err) < 2000


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "expected a prompt, such as"),
        ([""], "expected a sentence such as"),
        (["\x07\x1b"], "expected a sentence such as"),
        (["a" * 100_001], "at most 100,000 characters"),
        (["x", "--script", "y"], "expected prompts or a --script, got both"),
        (["--script", "a 0s; ; b xs"], "part 1 .* part 2"),
        (["--batch", "absent.txt"], "--batch absent.txt: cannot be read"),
        (["x", "--seconds", "0"], "--seconds: expected a number 0.4..120, got '0'"),
        (["x", "--seconds", "0.1"], "got '0.1'"),
        (["x", "--seconds", "600"], "got '600'"),
        (["x", "--seconds", "nan"], "got 'nan'"),
        (["x", "--seconds=-1"], "got '-1'"),
        (["x", "--seconds", "abc"], "got 'abc'"),
        (["x", "--actors", "50"], "--actors: expected a whole number 1..8, got '50'"),
        (["x", "--actors", "2", "--seconds", "11"], "at most 10 s for several people"),
        (["x", "--seed=-1"], "--seed: expected a whole number 0.."),
        (["x", "--seed", "9" * 30], "--seed: expected"),
        (["x", "--seed", "9" * 5000], "--seed: expected"),
        (["x", "--steps", "0"], "--steps: expected"),
        (["x", "--guidance", "inf"], "--guidance: expected"),
        (["x", "--size", "0"], "--size: expected a whole number 16..4096"),
        (["x", "--size", "99999"], "--size: expected"),
        (["x", "--size", "abc"], "--size: expected"),
        (["x", "--size", "1x2x3"], "--size: expected"),
        (["x", "--fps", "0"], "--fps: expected a number 1..120"),
        (["x", "--fps", "1000"], "--fps: expected"),
        (["x", "--camera", "orbt"], "did you mean orbit"),
        (["x", "--camera", "static 2s; spin"], "camera, shot 2"),
        (["x", "--look", "inc"], "did you mean ink"),
        (["x", "--style", "zombi"], "manner of moving .* look .*did you mean zombie"),
        (["x", "--style", "nein"], "did you mean neon"),
        (["x", "--expression", "hapy"], "did you mean happy"),
        (["x", "--action", "wav"], "did you mean wave"),
        (["x", "--colours", "blue"], "expected one of actor, plain, side"),
        (["x", "--font", "no.ttf"], "--font no.ttf: expected a TrueType file"),
        (["x", "--adapter", "no.safetensors"], "expected a file of a LoRA adapter"),
    ],
)
def test_bad_flags_are_one_line(capsys, place, arguments, told):
    status, out, err = run(capsys, *arguments, "-o", "a.mp4")
    assert status == 2
    assert out == ""
    assert err.startswith("error: ")
    assert re.search(told, err), err
    assert len(err) < 1500
    assert not list(place.iterdir())


@pytest.mark.parametrize(
    ("out", "told"),
    [
        ([], "expected a file to write: -o"),
        (["a.mp5"], "did you mean mp4"),
        (["a"], "suffix: expected one of"),
        (["no/a.mp4"], "expected an existing folder, got no"),
        (["/dev/null/a.mp4"], "expected an existing folder"),
        (["{x}.mp4"], "expected {n} or {name}, got {x}"),
        (["a.mp4", "a.mp4"], "two outputs have this name"),
        (["a" * 300 + ".mp4"], "at most 255 bytes"),
        (["a.mp4", "no/b.gif", "c.xyz"], "no/b.gif.*c.xyz"),
    ],
)
def test_outputs_are_looked_at_first(capsys, place, out, told):
    flags = [word for name in out for word in ("-o", name)]
    status, stdout, err = run(capsys, "a man waves", *flags)
    assert (status, stdout) == (2, "")
    assert re.search(told, err), err
    assert not list(place.iterdir())


def test_a_folder_gets_films(place):
    (place / "clips").mkdir()
    job = make_job({"prompt": ["A man!", "b" * 99], "out": ["clips"]})
    assert [p.name for paths in job.files for p in paths] == ["1-a-man.mp4", f"2-{'b' * 40}.mp4"]
    job = make_job({"prompt": ["\U0001f600"], "out": ["clips/"]})
    assert [p.name for p in job.files[0]] == ["scene.mp4"]


def test_a_folder_with_a_slash_is_made_with_files_of_the_format(capsys, place):
    assert run(capsys, "a", "b", *QUICK, "--format", "motion", "-o", "new/")[0] == 0
    assert sorted(p.name for p in (place / "new").iterdir()) == ["1-a.motion", "2-b.motion"]
    assert read_animation(place / "new" / "2-b.motion").title == "b"
    assert run(capsys, "a", *QUICK, "--format", "frames", "-o", "one/")[0] == 0
    assert [p.suffix for p in (place / "one").iterdir()] == [".png"] * 3
    assert run(capsys, "a", "b", *QUICK, "--format", "frames", "-o", "two/")[0] == 0
    assert sorted(p.name for p in (place / "two").iterdir()) == ["1-a", "2-b"]
    assert run(capsys, "a", *QUICK, "--format", "sheet", "-o", "sheets/")[0] == 0
    assert {p.name for p in (place / "sheets").iterdir()} == {"a.sheet.png", "a.sheet.json"}
    # only the last folder, and none where a file is
    assert "expected an existing folder" in run(capsys, "a", *QUICK, "-o", "no/such/")[2]
    assert not (place / "no").exists()
    (place / "file").touch()
    assert "expected an existing folder" in run(capsys, "a", *QUICK, "-o", "file/")[2]


def test_an_output_that_fails_stops_no_other(capsys, place, monkeypatch):
    from stickgen_model.export import motion_file
    from stickgen_model.export.whole_file import OutputError

    real = motion_file.write_motion

    def write(animation, path, config=None):
        if path.name == "2.motion":
            msg = f"{path}: cannot be written: the disk is full"
            raise OutputError(msg)
        real(animation, path, config)

    monkeypatch.setattr(motion_file, "write_motion", write)
    status, out, err = run(capsys, "a", "b", "c", *QUICK, "-o", "{n}.motion")
    assert status == 1
    assert err == "error: 2.motion: cannot be written: the disk is full"
    assert sorted(p.name for p in place.iterdir()) == ["1.motion", "3.motion"]
    assert out.count("made in") == 2


@pytest.mark.parametrize(
    "prompt",
    [
        "<script>alert(1)</script> & 'walks'",
        "\u8d70\u308b \U0001f600",
        "walks " * 10_000,
        "a\x00man \x1b[31mwaves\u202e",
    ],
)
def test_hostile_prompts_make_something(capsys, place, prompt):
    status, _, err = run(capsys, prompt, *QUICK, "-o", "a.html", "-o", "a.json", "-o", "a.svg")
    assert status == 0, err
    assert "Traceback" not in err
    assert read_animation(place / "a.json").num_frames == 15


def test_models_that_are_none(capsys, place, runs):
    (place / "file.txt").write_text("x")
    (place / "empty").mkdir()
    (place / "set" / "clips").mkdir(parents=True)
    broken = write_checkpoint(place / "broken")
    (broken / "model.safetensors").write_bytes(b"no")
    write_checkpoint(place / "other", encoder="hash-4")
    config = json.loads((runs / "mine/checkpoints/step-00000003/config.json").read_text())
    (place / "keys").mkdir()
    (place / "keys" / "config.json").write_text(json.dumps({**config, "format": "x"}))
    for name, told in (
        ("absent", "nothing there"),
        ("file.txt", "a file; name its folder"),
        ("empty", "a folder without"),
        ("set", "the folder of a dataset"),
        ("broken", "expected a safetensors file"),
        ("keys", "expected a checkpoint of format"),
        ("other", "expected a width of at least 8"),
        ("\x00", "nothing there"),
        ("x" * 5000, "cannot be a path"),
        ("models:/stickgen@nobody", "expected a registry in"),
    ):
        status, _, err = run(capsys, "x", *QUICK, "--model", name, "-o", "a.motion")
        assert status in {1, 2}
        assert told in err, (name, err)
        assert "Traceback" not in err
    assert not (place / "a.motion").exists()
    assert not (place / "mlflow.db").exists()


@pytest.mark.slow
def test_an_encoder_that_is_not_there(capsys, place):
    write_checkpoint(place / "other", encoder="/no/such/encoder")
    status, _, err = run(capsys, "x", *QUICK, "--model", "other", "-o", "a.motion")
    assert status == 1
    assert "expected the weights of a sentence encoder" in err


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of mlflow
def test_the_registry_is_asked(capsys, place, runs, monkeypatch):
    import mlflow

    from tasks.register.task import register_model

    register_model(runs / "mine", name="stickgen", alias="champion")
    monkeypatch.delenv("STICKGEN_MODEL")
    status, out, _ = run(capsys, "x", *QUICK, "-o", "a.motion")
    assert status == 0
    assert out.startswith("model: models:/stickgen@champion (the registry's)")
    direct = ("--model", str(runs / "mine"))
    assert run(capsys, "x", *QUICK, *direct, "-o", "b.motion")[0] == 0
    assert (place / "a.motion").read_bytes() == (place / "b.motion").read_bytes()
    assert run(capsys, "x", *QUICK, "--model", "models:/stickgen/1", "-o", "c.motion")[0] == 0
    status, _, err = run(capsys, "x", *QUICK, "--model", "models:/stickgen@no", "-o", "d.motion")
    assert status == 1
    assert "expected a model of the registry" in err
    # the store was named for these calls, not for the process
    assert not mlflow.tracking.is_tracking_uri_set()
    assert mlflow.get_registry_uri() == mlflow.get_tracking_uri()


def test_the_newest_run_is_taken_where_none_is_named(capsys, place, runs, monkeypatch):
    monkeypatch.delenv("STICKGEN_MODEL")
    status, _, err = run(capsys, "x", *QUICK, "-o", "a.motion")
    assert status == 2
    assert "stickgen train --data DATASET" in err
    monkeypatch.chdir(runs.parent)
    status, out, _ = run(capsys, "x", *QUICK, "-o", str(place / "a.motion"))
    assert status == 0
    assert out.startswith("model: runs/mine/checkpoints/step-00000003 (newest run)")


def test_devices_and_adapters(capsys, place):
    status, _, err = run(capsys, "x", *QUICK, "--device", "tpu9", "-o", "a.motion")
    assert status == 2
    assert "--device: expected one that can compute here" in err
    tuned = build_model(variant_config("tiny"))
    inject_lora_adapters(tuned, rank=2, adapter="bold")
    for name, value in tuned.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(value, std=0.05, generator=torch.Generator().manual_seed(1))
    save_lora_file(tuned, place / "bold.safetensors", adapter="bold")
    joints = []
    for flags in ([], ["--adapter", "bold.safetensors"], ["--adapter", "bold.safetensors:0"]):
        assert run(capsys, "x", *QUICK, *flags, "-o", "a.npz")[0] == 0
        joints.append(read_animation(place / "a.npz").joints)
    assert not np.allclose(joints[0], joints[1], atol=1e-4)
    assert np.allclose(joints[0], joints[2], atol=1e-5)
    status, _, err = run(capsys, "x", "--adapter", "bold.safetensors:x", "-o", "a.npz")
    assert (status, "weight after the colon" in err) == (2, True)


def test_wrong_usage_loads_no_library():
    code = (
        "import sys; from flows.cli import main; status = main(['generate', 'x', '--seconds', "
        "'0', '--camera', 'pan 1s; orbit', '-o', '/tmp/x.mp4']); "
        "heavy = {'torch', 'mlflow', 'prefect', 'scipy', 'av', 'pydantic'} & set(sys.modules); "
        "print(status, sorted(heavy))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "2 []", done.stderr
