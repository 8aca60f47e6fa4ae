from __future__ import annotations

from pathlib import Path

import pytest

from datasets_spec.errors import ConfigError
from tasks.label.captions_csv import find_caption, fold_captions, load_captions


def test_quoted_bom_crlf_and_more_columns(tmp_path: Path) -> None:
    path = tmp_path / "captions.csv"
    path.write_bytes(
        b"\xef\xbb\xbfsubject, Motion_ID ,description\r\n"
        b'1,01_01,"forward jumps, turn ""around"""\r\n'
        b"\r\n"
        b"1,01_02,\r\n"
        b"1,Walk_A,  walk\x07  slowly \r\n"
        b"1,01_03\r\n"
    )
    captions = load_captions(path)
    assert captions == {"01_01": 'forward jumps, turn "around"', "Walk_A": "walk slowly"}
    folded = fold_captions(captions)
    assert find_caption(captions, folded, "sub/walk_a", "walk_a") == "walk slowly"
    assert find_caption(captions, folded, "01_02") is None


@pytest.mark.parametrize(
    ("raw", "match"),
    [
        (b"", "header"),
        (b"01_01,walk\n", "motion_id,description.*01_01,walk"),
        (b"motion_id,text\n", "description"),
        (b"motion_id,description\na,x\na,y\n", "line 3.*'a'.*line 2"),
        (b"motion_id,description\na,\na,y\n", "line 3"),
        (b"motion_id,description\n,y\n", "line 2"),
        (b"motion_id,description\na,\xff\n", "UTF-8"),
        (b'motion_id,description\na,"' + b"x" * 2_000_000, "CSV"),
        (b"motion_id,description\n\x00,\x00\n", ""),
    ],
)
def test_faults_name_file_and_line(tmp_path: Path, raw: bytes, match: str) -> None:
    path = tmp_path / "captions.csv"
    path.write_bytes(raw)
    if not match:
        assert load_captions(path) == {}
        return
    with pytest.raises(ConfigError, match=match) as caught:
        load_captions(path)
    assert "captions.csv" in str(caught.value)


def test_absent_or_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "no.csv", tmp_path):
        with pytest.raises(ConfigError, match="cannot be read"):
            load_captions(path)


@pytest.mark.real_data
def test_real_catalogue(real_data: Path) -> None:
    captions = load_captions(real_data / "captions" / "cmu_index.csv")
    assert len(captions) > 2000
    assert captions["01_01"] == "playground - forward jumps, turn around"
