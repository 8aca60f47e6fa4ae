from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.publish.preview import render_preview, script_json
from tasks.publish.preview_data import choose_scenes, preview_scenes
from tasks.publish.statistics import dataset_statistics

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [str(v) for k, v in attrs if k in {"src", "href", "action"}]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def data_of(page: str) -> dict:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found.group(1))


def test_the_page_is_one_file_that_asks_nobody(published) -> None:
    text = (published / "preview.html").read_text(encoding="ascii")
    page = Page()
    page.feed(text)
    assert page.addresses == []
    assert page.tags.count("script") == 2
    assert "default-src 'none'" in text
    assert "http://" not in text
    assert "https://" not in text
    assert "Not to be redistributed." in text


def test_every_scene_is_there_with_its_captions_and_actors(published, factory) -> None:
    scenes = data_of((published / "preview.html").read_text())["scenes"]
    clips = factory.make_dataset_clips(24)
    assert sorted(s["id"] for s in scenes) == sorted({c.scene_id for c in clips})
    by_scene = {s["id"]: s for s in scenes}
    for clip in clips:
        scene = by_scene[clip.scene_id]
        assert scene["captions"] == list(clip.captions)
        figure = scene["figures"][clip.actor]
        raw = base64.b64decode(figure["motion"])
        count = figure["frames"] * 20
        assert len(raw) == count * 2 + figure["frames"] * 10
        joints = np.frombuffer(raw[: 2 * count], dtype="<i2") * figure["step"]
        np.testing.assert_allclose(joints, clip.joints.ravel(), atol=figure["step"])
        assert figure["step"] < 1e-3
        assert sum(length for _, length in figure["actions"]) == figure["frames"]
        assert len(scene["figures"]) == (2 if clip.partner_clip_id else 1)


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_no_text_can_close_the_script(value) -> None:
    text = script_json(value)
    assert "<" not in text
    assert text.isascii()
    assert json.loads(text) == value


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.integers(10, 250)), max_size=40
    ),
    st.integers(1, 12),
    st.integers(10, 4000),
)
def test_the_choice_is_fair_small_and_repeatable(rows, max_scenes, max_frames) -> None:
    index = pl.DataFrame(
        {
            "clip_id": [f"c{n}" for n in range(len(rows))],
            "scene_id": [f"s{n}" for n in range(len(rows))],
            "source": [r[0] for r in rows],
            "action": [r[1] for r in rows],
            "num_frames": [r[2] for r in rows],
        },
        schema_overrides={"source": pl.String, "action": pl.String, "num_frames": pl.UInt16},
    )
    chosen = choose_scenes(index, max_scenes=max_scenes, max_frames=max_frames)
    shuffled = index.sample(fraction=1, shuffle=True, seed=1)
    assert choose_scenes(shuffled, max_scenes=max_scenes, max_frames=max_frames) == chosen
    assert len(chosen) == len(set(chosen)) <= max_scenes
    taken = index.filter(pl.col("scene_id").is_in(chosen))
    assert taken["num_frames"].sum() <= max_frames or len(chosen) == 1
    if max_frames >= 40 * 250:
        strata = index.select("source", "action").n_unique()
        assert taken.select("source", "action").n_unique() == min(strata, max_scenes)


def test_limits_and_an_empty_dataset(published, factory, tmp_path) -> None:
    assert len(preview_scenes(published, max_scenes=3)) == 3
    statistics = dataset_statistics(published, {})
    none = {**statistics, "sources": {}}
    text = render_preview(tmp_path, none, factory.SPECS)
    assert data_of(text)["scenes"] == []
    assert "No source of this page is described" in text


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here")
def test_a_browser_shows_the_cards(published, tmp_path) -> None:
    flags = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync"
    quiet = "--disable-background-networking --disable-component-update --virtual-time-budget=2000"
    done = subprocess.run(
        [
            str(CHROMIUM),
            *flags.split(),
            *quiet.split(),
            f"--user-data-dir={tmp_path / 'profile'}",
            "--dump-dom",
            (published / "preview.html").as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.count('class="card"') == 24
    assert "24 scenes" in done.stdout
    assert "&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in done.stdout
