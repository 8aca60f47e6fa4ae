from __future__ import annotations

import copy
import json
import tempfile
from itertools import pairwise
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import PchipInterpolator

from stickgen_model.animation import Animation
from stickgen_model.export.document import MAX_FILE_BYTES, FormatError
from stickgen_model.export.motion_file import (
    MOTION_SCHEMA_FILE,
    QUANTUM,
    ZOOM_QUANTUM,
    motion_document,
    read_motion,
    write_motion,
)
from stickgen_model.export.whole_file import OutputError
from stickgen_model.render.resample import values_at
from tests.stickgen_model.export.scenes_for_files import check_words, scenes, walking

SCHEMA = json.loads(MOTION_SCHEMA_FILE.read_text())
VALID = jsonschema.Draft202012Validator(SCHEMA)


def read_text(text: str | bytes) -> Animation:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.motion"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_motion(file)


def test_half_a_quantum_is_less_than_a_millimetre_of_a_body():
    assert 0.5 * QUANTUM * 1.59 < 0.001


@given(scenes())
def test_round_trip_within_half_a_quantum_and_valid(animation):
    document = motion_document(animation)
    VALID.validate(document)
    again = read_text(json.dumps(document))
    check_words(animation, again)
    assert np.abs(animation.joints - again.joints).max() <= 0.5 * QUANTUM
    if animation.depth is not None:
        assert np.abs(animation.depth - again.depth).max() <= 0.5 * QUANTUM
    if animation.camera is not None:
        assert np.abs(animation.camera - again.camera)[:, :2].max() <= 0.5 * QUANTUM
        assert np.abs(animation.camera - again.camera)[:, 2].max() <= 0.5 * ZOOM_QUANTUM
    # what was read once does not change any more
    assert motion_document(again) == document


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_a_plain_reader_of_the_documented_format_finds_the_places(tmp_path):
    animation = walking(2)
    write_motion(animation, tmp_path / "a.motion")
    data = json.loads((tmp_path / "a.motion").read_text())
    place = 0
    for frame, step in enumerate(data["actors"][1]["depth"][data["joints"].index("l_hand")]):
        place += step
        assert place * data["quantum"] == pytest.approx(animation.depth[1, frame, 3], abs=QUANTUM)
    words = dict(data["actors"][0]["actions"])
    assert list(words) == sorted(words)
    assert set(words.values()) <= {"walk", "wave", "unlabelled"}


def test_files_are_small_and_the_same_each_time(tmp_path):
    # words change now and then, not with every frame
    words = np.repeat(np.arange(5, dtype=np.uint8), 50)[None]
    animation = walking(1, 250, actions=words, expressions=words, speech=None)
    write_motion(animation, tmp_path / "a.motion")
    first = (tmp_path / "a.motion").read_bytes()
    write_motion(animation, tmp_path / "a.motion")
    assert (tmp_path / "a.motion").read_bytes() == first
    assert len(first) < 28_000
    assert first.isascii()


def test_the_told_interpolation_is_that_of_films():
    rng = np.random.default_rng(1)
    track = np.cumsum(rng.normal(size=30))
    track[8:12] = track[8]
    fps = 25.0
    times = np.linspace(0, 29 / fps, 211)
    steps = np.diff(track)

    def end(a, b):
        slope = (3 * a - b) / 2
        if np.sign(slope) != np.sign(a):
            return 0.0
        return 3 * a if np.sign(a) != np.sign(b) and abs(slope) > abs(3 * a) else slope

    inner = [2 * a * b / (a + b) if a * b > 0 else 0.0 for a, b in pairwise(steps)]
    slopes = [end(steps[0], steps[1]), *inner, end(steps[-1], steps[-2])]
    told = []
    for time in times:
        k = min(int(time * fps), 28)
        u, p, q, m, n = time * fps - k, track[k], track[k + 1], slopes[k], slopes[k + 1]
        told.append(p + u * (m + u * (3 * (q - p) - 2 * m - n + u * (m + n - 2 * (q - p)))))
    np.testing.assert_allclose(
        told, PchipInterpolator(np.arange(30) / fps, track)(times), atol=1e-9
    )
    np.testing.assert_allclose(told, values_at(track[None], times, fps)[0], atol=1e-9)


def changed(path, value):
    document = motion_document(walking(2, 5))
    *parents, last = path
    node = document
    for step in parents:
        node = node[step]
    if value is KeyError:
        del node[last]
    else:
        node[last] = value
    return document


FAULTS = [
    (("version",), 2, "version: expected 1, got 2"),
    (("version",), True, "version"),
    (("format",), "gltf", "stickgen-motion"),
    (("title",), KeyError, "the field 'title'"),
    (("extra",), 1, "no field 'extra'"),
    (("title",), 5, "title: expected a text"),
    (("fps",), 0, "fps: expected a number 1..1000"),
    (("fps",), "25", "fps"),
    (("frames",), 6, r"actors\[0\].x\[0\]: expected an array of 6"),
    (("frames",), 10**9, "frames: expected a whole number 1..1000000"),
    (("frames",), 0, "frames"),
    (("unit",), "m", "unit: expected one of H, got 'm'"),
    (("interpolation",), "linear", "interpolation"),
    (("quantum",), 0, "quantum"),
    (("quantum",), 1e30, "quantum"),
    (("joints",), ["head"], "joints: expected the joints head, pelvis"),
    (("actors",), [], "actors: expected an array of 1..16"),
    (("actors",), {}, "actors"),
    (("actors", 0, "x"), KeyError, r"actors\[0\]: expected the field 'x'"),
    (("actors", 1, "x", 3), [1, 2], r"actors\[1\].x\[3\]: expected an array of 5"),
    (("actors", 1, "y", 3), [1, 2, 0.5, 0, 0], r"actors\[1\].y\[3\].*element 2"),
    (("actors", 1, "y", 3), [1, 2, True, 0, 0], "element 2"),
    (("actors", 1, "y", 3), [1, 2, None, 0, 0], "element 2"),
    (("actors", 1, "y", 3), [1, 2, [3], 0, 0], "element 2"),
    (("actors", 1, "y", 3), [1, 2, 10**40, 0, 0], "element 2"),
    (("actors", 1, "depth"), KeyError, "depth of all actors or of none"),
    (("actors", 0, "actions"), [[0, "fly a kite"]], r"actions\[0\]\[1\]: expected one of idle"),
    (("actors", 0, "actions"), [[1, "walk"]], r"actions\[0\]\[0\]"),
    (("actors", 0, "actions"), [[0, "walk"], [0, "run"]], r"actions\[1\]\[0\]"),
    (("actors", 0, "actions"), [[0, "walk", 3]], r"actions\[0\]"),
    (("actors", 0, "actions"), [], "actions"),
    (("actors", 0, "speech"), [[0, ["talk"]]], "speech"),
    (("zoom_quantum",), KeyError, "zoom_quantum"),
    (("camera", "zoom"), [1], "camera.zoom"),
    (("captions", 0, "start_s"), -1, r"captions\[0\].start_s"),
    (("captions", 0, "end_s"), "x", r"captions\[0\].end_s"),
    (("captions", 1, "text"), None, r"captions\[1\].text"),
    (("facts", "a"), [1], "facts.a"),
]


@pytest.mark.parametrize(("path", "value", "told"), FAULTS)
def test_faults_name_the_field_and_the_schema_finds_them(path, value, told):
    document = changed(path, value)
    with pytest.raises(FormatError, match=told) as caught:
        read_text(json.dumps(document))
    assert len(str(caught.value)) < 1500
    counts = {("frames",), ("actors", 1, "depth"), ("actors", 1, "x", 3), ("camera", "zoom")}
    orders = [[[1, "walk"]], [[0, "walk"], [0, "run"]]]
    if not (path in counts and value not in (0, 10**9)) and value not in orders:
        assert not VALID.is_valid(document)


def test_places_beyond_the_scene():
    document = changed(("actors", 0, "x", 0), [2**31, 2**31, 0, 0, 0])
    with pytest.raises(FormatError, match="within 1000 H"):
        read_text(json.dumps(document))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b"nonsense",
        b'{"format": NaN}',
        b'{"a": 1e999999}',
        b'{"a": 1, "a": 2}',
        b"9" * 5000,
        b"[]",
        b"null",
        b'{"format": "stickgen-motion"}',
    ],
)
def test_what_is_no_motion(data):
    with pytest.raises(FormatError):
        read_text(data)


def test_numbers_that_are_none():
    text = json.dumps(changed(("fps",), 77)).replace('"fps": 77', '"fps": NaN')
    with pytest.raises(FormatError, match="NaN is no JSON number"):
        read_text(text)
    with pytest.raises(FormatError, match="fps"):
        read_text(text.replace("NaN", "1e999"))


@given(st.data())
def test_any_part_of_a_file_is_refused(data):
    text = json.dumps(motion_document(walking(1, 4)))
    with pytest.raises(FormatError):
        read_text(text[: data.draw(st.integers(0, len(text) - 1))])


@given(st.data())
def test_any_change_is_read_or_refused(data):
    document = copy.deepcopy(motion_document(walking(1, 3)))
    node = document
    while True:
        key = data.draw(
            st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node)))
        )
        if not isinstance(node[key], dict | list) or not node[key] or data.draw(st.booleans()):
            break
        node = node[key]
    node[key] = data.draw(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
            ),
            max_leaves=4,
        )
    )
    try:
        read_text(json.dumps(document))
    except FormatError:
        return
    assert VALID.is_valid(document)


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(FormatError, match="cannot be read: No such file"):
        read_motion(tmp_path / "none.motion")
    with pytest.raises(FormatError, match="cannot be read: Is a directory"):
        read_motion(tmp_path)
    large = tmp_path / "large.motion"
    with large.open("wb") as stream:
        stream.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(FormatError, match="at most 64 MiB"):
        read_motion(large)


def test_what_cannot_be_written(tmp_path):
    with pytest.raises(OutputError, match="existing folder"):
        write_motion(walking(), tmp_path / "no" / "a.motion")
    with pytest.raises(FormatError, match="plain, finite values"):
        write_motion(walking(facts={"loss": float("nan")}), tmp_path / "a.motion")
    assert not list(tmp_path.iterdir())
