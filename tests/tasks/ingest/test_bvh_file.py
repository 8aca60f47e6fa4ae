"""The BVH grammar: what is read in any spelling, and what each fault is called."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.errors import RejectError
from datasets_spec.rejection import RejectReason as Why
from tasks.ingest.bvh_file import parse_bvh
from tasks.ingest.bvh_motion import read_frame_rate
from tests.tasks.ingest.bvh_writer import bvh_text, human_ik, names, num_columns, random_values

RIG = human_ik()
VALUES = random_values(RIG, 6)
TEXT = bvh_text(RIG, VALUES)


def refused(data: bytes | str) -> RejectError:
    with pytest.raises(RejectError) as caught:
        parse_bvh(data.encode() if isinstance(data, str) else data)
    return caught.value


def test_reads_names_offsets_channels_and_every_digit() -> None:
    file = parse_bvh(TEXT.encode())
    assert list(file.skeleton.joint_names) == names(RIG)
    assert file.skeleton.num_columns == num_columns(RIG)
    assert file.skeleton.nodes[0].order == "ZYX"
    assert np.array_equal(file.values, VALUES)
    assert file.fps == 30.0
    assert file.warnings == ()


@pytest.mark.parametrize(
    "spell",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: "\ufeff" + text,
        lambda text: text.rstrip("\n"),
        lambda text: text + "\n\n  \n",
        lambda text: text.replace("\t", "    "),
        lambda text: text.replace("Frames:", "Frames :").replace("Frame Time:", "Frame Time :\t"),
        lambda text: text.replace("Frames: ", "Frames:\t").replace("Frame Time: ", "Frame Time:"),
        lambda text: text.upper(),
        lambda text: text.replace("\n\t", " \n\t").replace("\n{", " {"),
        lambda text: text.replace("{", "{ # a comment"),
        lambda text: "# made by a tool\n" + text,
        lambda text: text.replace(
            " Zrotation Yrotation Xrotation", "\n Zrotation\tYrotation  Xrotation"
        ),
        lambda text: text.replace("End Site", "End site"),
        lambda text: text.replace("MOTION\n", "  MOTION  \n\n"),
    ],
)
def test_any_spelling_reads_the_same(spell) -> None:
    file = parse_bvh(spell(TEXT).encode())
    assert np.array_equal(file.values, VALUES)
    assert [name.upper() for name in file.skeleton.joint_names] == [n.upper() for n in names(RIG)]


@pytest.mark.parametrize("gap", ["  ", "\t", " \t ", ",", ", "])
def test_values_may_be_set_apart_in_any_way(gap: str) -> None:
    head, _, body = TEXT.partition("Frame Time: 0.0333333\n")
    body = "\n".join(" " + line + "  " for line in body.split("\n")).replace(" ", gap)
    body = body.replace(f"\n{gap}", "\n").replace(f"{gap * 2}\n", "\n").strip(", ")
    assert np.array_equal(parse_bvh(f"{head}Frame Time: 0.0333333\n{body}".encode()).values, VALUES)


def test_decimal_commas_are_decimals() -> None:
    head, _, body = TEXT.partition("Frame Time: 0.0333333\n")
    data = f"{head}Frame Time: 0,0333333\n{body.replace('.', ',')}".encode()
    assert np.array_equal(parse_bvh(data).values, VALUES)


def test_exponents_and_bare_points_are_numbers() -> None:
    values = np.zeros((1, num_columns(RIG)))
    text = bvh_text(RIG, values).rstrip("\n").rsplit(" ", 4)[0] + " -2.5e-15 +1E2 .5 -3.\n"
    assert parse_bvh(text.encode()).values[0, -4:].tolist() == [-2.5e-15, 100.0, 0.5, -3.0]


def test_fewer_frames_than_declared_are_used_with_a_warning() -> None:
    file = parse_bvh(bvh_text(RIG, VALUES, frames=9).encode())
    assert len(file.values) == 6
    assert "9" in file.warnings[0]


def test_more_frames_than_declared_are_left_out_with_a_warning() -> None:
    file = parse_bvh((bvh_text(RIG, VALUES, frames=4) + "and a note\n").encode())
    assert np.array_equal(file.values, VALUES[:4])
    assert len(file.warnings) == 1


def test_names_may_hold_blanks_and_other_letters() -> None:
    text = TEXT.replace("JOINT Spine", "JOINT Bip01 Sp\u00efne ")
    assert "Bip01 Sp\u00efne" in parse_bvh(text.encode()).skeleton.joint_names
    assert "Bip01 Sp\u00efne" in parse_bvh(text.encode("latin-1")).skeleton.joint_names


HEAD, MOTION, BODY = TEXT.partition("MOTION")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Why.EMPTY),
        (b" \r\n\0\0", Why.EMPTY),
        (TEXT.encode("utf-16"), Why.WRONG_ENCODING),
        (b"\x93NUMPY\x01\x00v\x00{'descr'", Why.WRONG_ENCODING),
        ("PK\x03\x04 something", Why.MALFORMED),
        ("MOTION\nFrames: 1\n", Why.MALFORMED),
        (HEAD, Why.TRUNCATED),
        (HEAD[: len(HEAD) // 2], Why.TRUNCATED),
        (HEAD + "MOTION\n", Why.TRUNCATED),
        (HEAD + "MOTION\nFrames: 6\n", Why.TRUNCATED),
        (HEAD + "MOTION\nFrames: 6\nFrame Time: 0.03\n", Why.EMPTY),
        (bvh_text(RIG, VALUES, frames=0), Why.EMPTY),
        (bvh_text(RIG, VALUES, frames=-3), Why.MALFORMED),
        (TEXT.replace("Frames: 6", "Frames: many"), Why.MALFORMED),
        (TEXT.replace("Frames: 6\n", ""), Why.MALFORMED),
        (TEXT.replace("Frame Time: 0.0333333\n", ""), Why.MALFORMED),
        (TEXT[:-40], Why.TRUNCATED),
        (TEXT.rstrip("\n").rsplit(" ", 1)[0], Why.TRUNCATED),
        (TEXT + "1 2 3\n", None),
        (TEXT.replace("Frame Time: 0.0333333\n", "Frame Time: 0.0333333\n1 2 3\n"), Why.MALFORMED),
        (TEXT.replace(repr(float(VALUES[2, 3])), "1 2"), Why.MALFORMED),
        (TEXT.replace(repr(float(VALUES[2, 3])), ""), Why.MALFORMED),
        (TEXT.replace(repr(float(VALUES[2, 3])), "x"), Why.MALFORMED),
        (TEXT.replace(repr(float(VALUES[2, 3])), "1_0"), Why.MALFORMED),
        (TEXT.replace(repr(float(VALUES[2, 3])), "nan"), Why.NON_FINITE),
        (TEXT.replace(repr(float(VALUES[2, 3])), "-inf"), Why.NON_FINITE),
        (TEXT.replace(repr(float(VALUES[2, 3])), "1.#QNAN"), Why.NON_FINITE),
        (TEXT.replace(repr(float(VALUES[2, 3])), "1e999"), Why.NON_FINITE),
        (TEXT.replace("OFFSET 0.000000 0.100000", "OFFSET nan 0.1"), Why.NON_FINITE),
        (TEXT.replace("OFFSET 0.000000 0.100000", "OFFSET a b"), Why.MALFORMED),
        (TEXT.replace("OFFSET 0.000000 0.100000", "OFFSET 0.1"), Why.MALFORMED),
        (TEXT.replace("CHANNELS 3", "CHANNELS 4", 1), Why.MALFORMED),
        (TEXT.replace("CHANNELS 3 Zrotation", "CHANNELS 3 Wrotation", 1), Why.MALFORMED),
        (TEXT.replace("CHANNELS 3", "CHANNELS " + "9" * 5000, 1), Why.MALFORMED),
        (TEXT.replace("Yposition", "Xposition", 1), Why.MALFORMED),
        (TEXT.replace("}\n", "", 1), Why.MALFORMED),
        (TEXT.replace("{\n", "", 1), Why.MALFORMED),
        (TEXT.replace("MOTION", "}\nMOTION"), Why.MALFORMED),
        (TEXT.replace("MOTION", "ROOT Second\n{\nOFFSET 0 0 0\n}\nMOTION"), Why.MALFORMED),
        (TEXT.replace("JOINT Spine", "JOINT "), Why.MALFORMED),
        (TEXT.replace("JOINT Spine", "BONE Spine"), Why.MALFORMED),
        ("HIERARCHY\nMOTION\nFrames: 1\nFrame Time: 0.1\n1\n", Why.MALFORMED),
        (
            "HIERARCHY\nROOT a\n{\nOFFSET 0 0 0\n}\nMOTION\nFrames: 1\nFrame Time: 0.1\n1\n",
            Why.MALFORMED,
        ),
        (
            "HIERARCHY\nROOT a\n{\nCHANNELS 1 Xrotation\n}\nMOTION\nFrames: 1\nFrame Time: 0.1\n1",
            Why.MALFORMED,
        ),
        (
            "HIERARCHY\nROOT a\n{\nOFFSET 0 0 0\n"
            + "JOINT b\n{\nOFFSET 0 0 0\n" * 3000
            + "MOTION\n",
            Why.TOO_LARGE,
        ),
        (TEXT.replace("0.0333333", "0"), Why.BAD_FRAME_RATE),
        (TEXT.replace("0.0333333", "30"), Why.BAD_FRAME_RATE),
    ],
)
def test_every_fault_has_its_name(data: bytes | str, reason: Why | None) -> None:
    if reason is None:
        assert parse_bvh(data.encode()).warnings
        return
    error = refused(data)
    assert error.reason is reason
    assert "expected" in error.detail


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_not_crashed_on(data: bytes) -> None:
    refused(data)


@given(st.integers(0, len(TEXT) - 1), st.binary(min_size=1, max_size=4))
def test_any_damage_reads_or_is_refused(place: int, patch: bytes) -> None:
    data = TEXT.encode()
    try:
        file = parse_bvh(data[:place] + patch + data[place + len(patch) :])
    except RejectError:
        return
    assert np.isfinite(file.values).all()


@given(st.integers(0, len(TEXT) - 2))
def test_a_cut_file_never_gives_more_frames_than_it_has(end: int) -> None:
    try:
        file = parse_bvh(TEXT[:end].encode())
    except RejectError:
        return
    whole = len(file.values) - (0 if TEXT[end] == "\n" else 1)
    assert np.array_equal(file.values[:whole], VALUES[:whole])


@pytest.mark.parametrize(
    ("word", "fps"),
    [
        ("0.0333333", 30.0),
        (".03333", 30.0),
        ("0.016667", 60.0),
        (".0083333", 120.0),
        ("0.00833333", 120.0),
        ("0.0166833", 60000 / 1001),
        ("0.033367", 30000 / 1001),
        ("0.008342", 120000 / 1001),
        ("0.041667", 24.0),
        ("0.04", 25.0),
        ("0.010000", 100.0),
        ("0.017", 60.0),
        ("0.033", 30.0),
        ("0.0083", 120.0),
        ("4e-2", 25.0),
        ("0.0365", 1 / 0.0365),
        ("0,04", 25.0),
    ],
)
def test_frame_rates_snap_to_what_is_meant(word: str, fps: float) -> None:
    assert read_frame_rate(word) == pytest.approx(fps, rel=1e-12)


@pytest.mark.parametrize("word", ["0", "-0.01", "nan", "inf", "x", "30", "33.3", "1", "1e-9", ""])
def test_absurd_frame_times_are_refused(word: str) -> None:
    with pytest.raises(RejectError, match="bad_frame_rate"):
        read_frame_rate(word)
