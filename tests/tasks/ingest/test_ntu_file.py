"""The grammar of `.skeleton` files against files written from the grammar alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.errors import RejectError
from datasets_spec.rejection import RejectReason
from tasks.ingest.ntu_file import parse_skeleton
from tasks.ingest.ntu_text import MAX_FILE_BYTES
from tests.tasks.ingest.ntu_writer import Body, frames_of, person, skeleton_bytes, skeleton_lines

ID = 72057594037931101


def one_body(num_frames=3):
    return frames_of((ID, person(num_frames)))


def reason_of(data: bytes) -> RejectReason:
    with pytest.raises(RejectError) as caught:
        parse_skeleton(data)
    assert "\n" not in caught.value.detail
    return caught.value.reason


def edited(frames, line, text):
    lines = skeleton_lines(frames)
    lines[line] = text
    return ("\n".join(lines) + "\n").encode()


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "  \n", "\n\n", " \t\r\n"])
def test_every_line_end_gives_the_numbers_written(line_end):
    points = person(4, x=0.3)
    file = parse_skeleton(skeleton_bytes(frames_of((ID, points)), line_end=line_end))
    assert file.num_frames == 4
    np.testing.assert_array_equal(file.frames, np.arange(4))
    expected = np.vectorize(lambda v: float(f"{v:.7g}"))(points)
    np.testing.assert_array_equal(file.points, expected)
    assert (file.states == 2).all()


def test_neighbouring_ids_beyond_float_precision_stay_apart():
    frames = frames_of((ID, person(2)), (ID + 1, person(2, x=1.0)))
    assert float(ID) == float(ID - 1)  # the trap this is about
    frames[0][1].body_id = ID - 1
    file = parse_skeleton(skeleton_bytes(frames))
    assert file.body_ids == (ID, ID - 1, ID, ID + 1)


def test_frames_without_a_body_keep_their_number():
    frames = one_body(3)
    frames.insert(1, [])
    file = parse_skeleton(skeleton_bytes(frames))
    assert file.num_frames == 4
    np.testing.assert_array_equal(file.frames, [0, 2, 3])


def test_a_file_without_any_body_is_grammatical():
    file = parse_skeleton(b"2\r\n0\r\n0\r\n")
    assert file.num_frames == 2
    assert file.points.shape == (0, 25, 3)


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\n \r\n\t\n"])
def test_the_last_line_end_is_optional(end):
    data = skeleton_bytes(one_body()).rstrip() + end
    assert parse_skeleton(data).num_frames == 3


def test_utf8_mark_and_tabs_are_tolerated():
    data = b"\xef\xbb\xbf" + skeleton_bytes(one_body()).replace(b" ", b"\t")
    np.testing.assert_array_equal(
        parse_skeleton(data).points, parse_skeleton(skeleton_bytes(one_body())).points
    )


@pytest.mark.parametrize(
    "word",
    ["-1.#IND", "1.#QNAN", "-Infinity", "Infinity", "nan", "NaN", "-nan(ind)", "inf", "1.#INF00"],
)
def test_non_finite_spellings(word):
    frames = one_body()
    # in a column that is not used
    row = skeleton_lines(frames)[4].split(" ")
    row[4] = word
    assert np.isfinite(parse_skeleton(edited(frames, 4, " ".join(row))).points).all()
    # in y: the whole point is unknown, and only that
    row = skeleton_lines(frames)[4].split(" ")
    row[1] = word
    points = parse_skeleton(edited(frames, 4, " ".join(row))).points
    assert np.isnan(points[0, 0]).all()
    assert np.isnan(points).sum() == 3


@pytest.mark.parametrize("row", ["1e400 0 3", "0 0 0", "0 99 3", "-1e9 0 1"])
def test_points_no_sensor_can_measure_are_unknown(row):
    frames = one_body()
    words = skeleton_lines(frames)[4].split(" ")
    points = parse_skeleton(edited(frames, 4, " ".join([*row.split(), *words[3:]]))).points
    assert np.isnan(points[0, 0]).all()


def test_long_spellings_of_numbers_are_read_as_well():
    frames = one_body()
    words = skeleton_lines(frames)[4].split(" ")
    long = ["0.25" + "0" * 40, "-1.5E-0001", "+3.125"]
    points = parse_skeleton(edited(frames, 4, " ".join([*long, *words[3:]]))).points
    np.testing.assert_array_equal(points[0, 0], [0.25, -0.15, 3.125])


def test_short_numbers_near_the_end_of_the_file():
    row = "1 2 3 0 0 0 0 0 0 0 0 1"
    lines = ["1", "1", "7 0 0 0 0 0 0 0 0 2", "25", *[row] * 25]
    file = parse_skeleton("\n".join(lines).encode())
    np.testing.assert_array_equal(file.points[0], np.tile([1.0, 2.0, 3.0], (25, 1)))
    assert (file.states == 1).all()


@pytest.mark.parametrize("data", [b"", b"\n", b" \r\n\t ", b"\xef\xbb\xbf", b"0\n"])
def test_nothing_in_it(data):
    assert reason_of(data) == RejectReason.EMPTY


@pytest.mark.parametrize(
    "data",
    [
        skeleton_bytes(one_body()).decode().encode("utf-16"),
        skeleton_bytes(one_body()).decode().encode("utf-16-le"),
        skeleton_bytes(one_body()).decode().encode("utf-32"),
        b"\x89PNG\r\n\x1a\n\x00\x00",
        bytes(range(256)) * 4,
        b"3\n1\n\xe9",
    ],
)
def test_other_encodings(data):
    assert reason_of(data) == RejectReason.WRONG_ENCODING


@pytest.mark.parametrize("share", [0.001, 0.2, 0.5, 0.8, 0.99])
def test_cut_anywhere_between_lines_is_truncated(share):
    lines = skeleton_lines(one_body(5))
    kept = lines[: max(1, int(share * len(lines)))]
    assert reason_of("\n".join(kept).encode()) == RejectReason.TRUNCATED


def test_cut_inside_the_last_line_is_truncated():
    data = skeleton_bytes(one_body())
    assert reason_of(data[:-6]) == RejectReason.TRUNCATED
    assert reason_of(data[:-80]) == RejectReason.TRUNCATED


def test_trailing_data_is_malformed():
    data = skeleton_bytes(one_body())
    assert reason_of(data + b"0\n") == RejectReason.MALFORMED
    assert reason_of(data + data) == RejectReason.MALFORMED


@pytest.mark.parametrize(
    ("line", "text", "reason"),
    [
        (0, "99999999", RejectReason.TOO_LARGE),
        (0, "9" * 5000, RejectReason.MALFORMED),
        (0, "-3", RejectReason.MALFORMED),
        (0, "3.0", RejectReason.MALFORMED),
        (0, "4", RejectReason.TRUNCATED),
        (0, "2", RejectReason.MALFORMED),
        (0, "3 1", RejectReason.MALFORMED),
        (1, "1000000", RejectReason.TOO_LARGE),
        (1, "-1", RejectReason.MALFORMED),
        (1, "0", RejectReason.MALFORMED),
        (2, "7.2e16 0 1 1 1 1 0 0 0 2", RejectReason.MALFORMED),
        (2, "7 0 1 1 1 1 0 0 0", RejectReason.MALFORMED),
        (3, "24", RejectReason.MISSING_JOINTS),
        (3, "20", RejectReason.MISSING_JOINTS),
        (3, "26", RejectReason.MALFORMED),
        (3, "2a", RejectReason.MALFORMED),
        (5, "1 2 3", RejectReason.MALFORMED),
        (5, " ".join("1" * 13), RejectReason.MALFORMED),
        (5, "1 2 3 4 5 6 7 8 9 1 1 7", RejectReason.MALFORMED),
        (5, "1 2 3 4 5 6 7 8 9 1 1 12", RejectReason.MALFORMED),
        (5, "1.2.3 2 3 4 5 6 7 8 9 1 1 2", RejectReason.MALFORMED),
        (5, "- 2 3 4 5 6 7 8 9 1 1 2", RejectReason.MALFORMED),
        (5, "1,5 2 3 4 5 6 7 8 9 1 1 2", RejectReason.MALFORMED),
        (5, "1 2 3 abc 5 6 7 8 9 1 1 2", RejectReason.MALFORMED),
        (5, "1 " * 400 + "2", RejectReason.MALFORMED),
    ],
)
def test_broken_grammar(line, text, reason):
    assert reason_of(edited(one_body(), line, text)) == reason


def test_a_lost_or_doubled_row_is_malformed():
    lines = skeleton_lines(one_body())
    assert reason_of("\n".join(lines[:9] + lines[10:]).encode()) == RejectReason.MALFORMED
    assert reason_of("\n".join(lines[:9] + lines[8:]).encode()) == RejectReason.MALFORMED


def test_size_limit_is_checked_first():
    assert reason_of(b"1" * (MAX_FILE_BYTES + 1)) == RejectReason.TOO_LARGE


@given(
    ids=st.lists(st.lists(st.integers(0, 2**63 - 1), max_size=2), min_size=1, max_size=3),
    seed=st.integers(0, 2**32 - 1),
)
def test_round_trip(ids, seed):
    rng = np.random.default_rng(seed)
    frames = [
        [Body(i, rng.uniform(-9, 9, (25, 3)), rng.integers(0, 3, 25)) for i in frame]
        for frame in ids
    ]
    file = parse_skeleton(skeleton_bytes(frames))
    flat = [body for frame in frames for body in frame]
    assert file.num_frames == len(frames)
    assert file.body_ids == tuple(body.body_id for body in flat)
    for row, body in enumerate(flat):
        expected = np.array([float(f"{v:.7g}") for v in body.points.ravel()]).reshape(25, 3)
        np.testing.assert_array_equal(file.points[row], expected)
        np.testing.assert_array_equal(file.states[row], body.states)


@given(st.data())
def test_a_broken_token_is_a_reject_or_harmless(data):
    lines = [line.split(" ") for line in skeleton_lines(one_body(2))]
    line = data.draw(st.integers(0, len(lines) - 1))
    at = data.draw(st.integers(0, len(lines[line]) - 1))
    lines[line][at] = data.draw(
        st.text(max_size=8) | st.sampled_from(["nan", "-", "e", "\0", "1e999", "25", "0x10", "1_0"])
    )
    raw = "\n".join(" ".join(words) for words in lines).encode("utf-8", "surrogatepass")
    try:
        file = parse_skeleton(raw)
    except RejectError:
        return
    assert file.points.shape == (len(file.body_ids), 25, 3)


@given(st.binary(max_size=300) | st.text("0123456789 .-+eE\r\n\t", max_size=200).map(str.encode))
def test_any_bytes_are_a_reject_or_a_file(data):
    try:
        parse_skeleton(data)
    except RejectError:
        return


@given(st.integers(0, 2000), st.integers(0, 2000), st.binary(max_size=6))
def test_any_splice_is_a_reject_or_a_file(start, length, patch):
    data = skeleton_bytes(one_body(1))
    start = start % len(data)
    try:
        parse_skeleton(data[:start] + patch + data[start + length :])
    except RejectError:
        return
