from __future__ import annotations

import pytest

from stickgen_model.export.whole_file import OutputError, whole_file


def test_a_failed_file_leaves_the_old_one_and_nothing_else(tmp_path):
    path = tmp_path / "clip.svg"
    path.write_text("old")

    def fail() -> None:
        with whole_file(path) as part:
            part.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_text() == "old"
    with whole_file(path) as part:
        assert part.suffix == ".svg"
        part.write_text("new")
    assert path.read_text() == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["clip.svg"]


def test_places_that_cannot_be_written_are_told(tmp_path):
    for path, told in (
        (tmp_path / "none" / "a.png", "existing folder"),
        (tmp_path, "name of a file"),
        (tmp_path / ("n" * 300 + ".png"), "cannot be written"),
    ):
        with pytest.raises(OutputError, match=told), whole_file(path) as part:
            part.write_text("x")
    assert list(tmp_path.iterdir()) == []
