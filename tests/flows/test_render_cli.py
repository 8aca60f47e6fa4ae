"""`stickgen render`: clips of a dataset and files of scenes."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from datasets_spec.layout import CLIPS_DIR
from datasets_spec.schema import clips_schema
from datasets_spec.vocabulary import action_id
from flows.cli import main
from stickgen_model.animation import Animation
from stickgen_model.export.read import read_animation


def figure(num_frames):
    """Joints (T, 20) of somebody who stands and sways."""
    points = np.float32(
        [
            [0.03, 0.95], [0, 0.53], [0.1, 0.7], [0.1, 0.55], [-0.1, 0.7],
            [-0.1, 0.55], [0.05, 0.28], [0.06, 0.03], [-0.05, 0.28], [-0.06, 0.03],
        ]
    )  # fmt: skip
    sway = 0.02 * np.sin(np.arange(num_frames) / 4)
    joints = np.repeat(points[None], num_frames, axis=0)
    joints[..., 0] += sway[:, None]
    return joints.astype(np.float32)


def row(name, action, **changed):
    frames = 20
    return {
        "clip_id": name,
        "source": "bvh",
        "sequence_id": name,
        "scene_id": name,
        "actor": 0,
        "partner_clip_id": None,
        "num_frames": frames,
        "fps": 25.0,
        "joints": figure(frames).reshape(frames, 20).tolist(),
        "depth": np.zeros((frames, 10), np.float32).tolist(),
        "actions": [action_id(action)] * frames,
        "camera": np.tile(np.float32([0, 0.5, 1]), (frames, 1)).tolist(),
        "captions": [f"a person can {action}\x1b[31m"],
        "parts": [],
        "action": action,
        "style": "",
        "licence": "CC0",
        "split": "train",
        **changed,
    }


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    folder = tmp_path_factory.mktemp("render") / "set"
    rows = [row(f"made/w{i}", "wave") for i in range(30)]
    rows += [row("made/d0", "dance", split="val")]
    whole = clips_schema()
    schema = pa.schema([f for f in whole if f.name in rows[0]], metadata=whole.metadata)
    (folder / CLIPS_DIR).mkdir(parents=True)
    table = pa.Table.from_pylist(rows, schema=schema)
    pq.write_table(table, folder / CLIPS_DIR / "train-00000-of-00001.parquet")
    return folder


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys, *arguments):
    status = main(["render", *map(str, arguments)])
    told = capsys.readouterr()
    return status, told.out, " ".join(told.err.split())


def test_clips_become_files(capsys, dataset, place):
    flags = ("--clip", "made/w3", "--clip", "made/d0", "--size", "32", "--fps", "5")
    status, out, err = run(capsys, dataset, *flags, "-o", "{name}.motion", "-o", "c.svg")
    assert (status, err) == (0, "")
    assert "made-w3.motion: 0.8 s, written in" in out
    scene = read_animation(place / "made-d0.motion")
    assert (scene.actions == action_id("dance")).all()
    assert scene.facts["licence"] == "CC0"
    assert (place / "c-1.svg").is_file()
    assert (place / "c-2.svg").is_file()


def test_a_file_of_a_scene_is_drawn(capsys, place):
    scene = Animation(joints=figure(20)[None], title="sways")
    scene.save("a.motion")
    status, _, err = run(capsys, "a.motion", "-o", "b.png", "--look", "chalk", "--size", "48")
    assert (status, err) == (0, "")
    assert (place / "b.png").read_bytes().startswith(b"\x89PNG")


def test_some_clips_are_listed(capsys, dataset):
    status, out, _ = run(capsys, dataset)
    assert status == 0
    assert len(out.splitlines()) == 11
    assert "made/w0  0.8 s  wave a person can wave [31m" in out
    status, out, _ = run(capsys, dataset, "--action", "dance", "--split", "val")
    assert out.splitlines()[0].startswith("made/d0")
    assert "--clip made/d0 -o FILE" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["absent"], "found nothing"),
        (["DATA", "--action", "dnace"], "did you mean dance"),
        (
            ["DATA", "--action", "dance", "--split", "train"],
            "expected clips of split train, action dance",
        ),
        (["DATA", "-o", "a.mp4"], "expected --clip ID of the clip to draw, such as made/w0"),
        (["DATA", "--clip", "made/w3"], "expected a file to write"),
        (["DATA", "--clip", "made/x", "-o", "a.mp4"], "expected one of its 31 clips"),
        (["DATA", "--clip", "made/w3", "-o", "no/a.mp4"], "expected an existing folder"),
        (["DATA", "--clip", "made/w3", "-o", "a.mpx"], "did you mean mp4"),
        (["DATA", "--clip", "made/w3", "-o", "a.mp4", "--look", "inc"], "did you mean ink"),
        (["DATA", "--clip", "made/w3", "-o", "a.mp4", "--camera", "orb"], "did you mean orbit"),
        ([".", "--clip", "x", "-o", "a.mp4"], "expected the folder of a dataset"),
        (["."], "expected the folder of a dataset"),
        (["notes.txt", "-o", "a.mp4"], "ends with .motion"),
        (["bad.motion", "-o", "a.mp4"], "bad.motion"),
        (["bad.motion", "--clip", "x", "-o", "a.mp4"], "with --clip, got a file"),
    ],
)
def test_what_is_refused(capsys, dataset, place, arguments, told):
    (place / "notes.txt").write_text("x")
    (place / "bad.motion").write_text("{")
    status, out, err = run(capsys, *[dataset if word == "DATA" else word for word in arguments])
    assert status in {1, 2}
    assert out == ""
    assert told in err, err
    assert "Traceback" not in err
    assert not list(place.glob("a.*"))
