"""The page: whole, self-contained, and true to what was generated."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stickgen_model.generate import StickGen
from stickgen_model.text.hashing import HashEncoder
from tasks.gallery.page import render_gallery
from tasks.gallery.page_data import page_data, scene_of
from tasks.gallery.prompts import GalleryPrompt


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.addresses, self.inline, self.parts = [], [], [], {}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.addresses += [v for k, v in attrs if k in {"src", "href", "action", "srcset"}]
        self.inline += [k for k, _ in attrs if k.startswith("on") or k == "style"]

    def handle_data(self, data):
        self.parts.setdefault(self.tags[-1] if self.tags else "", []).append(data)


def data_of(page):
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    return json.loads(found.group(1))


def joints_of(scene):
    """As the format says: pelvis as float32, then all joints from it in steps."""
    raw, count = base64.b64decode(scene["motion"]), scene["frames"]
    roots = np.frombuffer(raw[: 12 * count], "<f4").reshape(count, 1, 3)
    near = np.frombuffer(raw[12 * count :], "<i2").reshape(count, 10, 3)
    return (roots + near * scene["step"])[..., :2]


@pytest.fixture(scope="module")
def page(built):
    return render_gallery(built)


def test_it_is_one_file_that_asks_nobody(page):
    read = Page(page)
    assert page.isascii()
    assert read.addresses == []
    assert read.inline == []
    assert read.tags.count("script") == 2
    assert "http" not in page.replace("http-equiv", "")
    policy = re.search(r'Security-Policy" content="([^"]*)"', page).group(1).replace("&#39;", "'")
    assert policy.startswith("default-src 'none'")
    for kind, text in (
        ("script", page.rpartition("<script>")[2].partition("</script>")[0]),
        ("style", page.partition("<style>")[2].partition("</style>")[0]),
    ):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy


def test_it_tells_prompts_models_and_metrics(built, page):
    text = "".join("".join(parts) for parts in Page(page).parts.values())
    for words in (
        "3 prompts by 2 models",
        "seed 3",
        "tiny 5",
        "tiny 10",
        "real",
        "Quality, median",
        "Below the gate",
        "Sliding feet",
        "Jerk",
        "Variation of bones",
        "Motion energy",
        "0.5000",  # the validation loss at step 5
        "-0.2500",  # ... and what step 10 changes
        "24 clips of 432 frames, abababababab",
        "optim.learning_rate",
    ):
        assert words in text, words
    assert "/secret" not in text
    assert "Time a clip" not in text
    assert "Time a clip" in render_gallery(built, timing=True)
    assert "<svg" in page
    assert len(page) < 400_000


def test_every_motion_is_there(run, built, page):
    data = data_of(page)
    assert [column["label"] for column in data["columns"]] == ["tiny 5", "tiny 10", "real"]
    for number, step in enumerate((5, 10)):
        model = StickGen.from_pretrained(run / "checkpoints" / f"step-{step:08d}", HashEncoder(64))
        prompts = [prompt["text"] for prompt in data["prompts"]]
        motions = model.generate(prompts, seconds=0.6, seed=3, steps=1)
        for row in range(len(prompts)):
            scene = data["cells"][row][number]["scene"]
            np.testing.assert_allclose(joints_of(scene), motions.clip(row), atol=scene["step"])
            assert scene["step"] < 1e-3
    first, second = (built.columns[n].clips[0] for n in (0, 1))
    gap = np.sqrt(((first - second) ** 2).sum(-1)).mean()
    assert data["prompts"][0]["differ"] == pytest.approx(gap, abs=1e-4)
    assert data["cells"][0][1]["gap"] == pytest.approx(gap, abs=1e-4)
    assert data["cells"][0][0]["gap"] is None


def test_the_same_gives_the_same_bytes(run, dataset, tools, page):
    from tasks.gallery.real import open_real

    request_of, build = tools
    again = render_gallery(build(request_of(run, real=open_real(dataset))))
    assert again == page


HOSTILE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["</script><script>alert(1)</script>", "<img src=x onerror=1>", "--><!--", "{{ x }}",
         "\u202e\x00\u2028", "\ud800", '"><svg onload=1>', "]]>", "word " * 10_000]
    ),
)  # fmt: skip


@settings(max_examples=25)
@given(HOSTILE, HOSTILE, HOSTILE)
def test_no_text_breaks_out(built, page, prompt, label, fault):
    prompts = [GalleryPrompt(text=prompt), *built.prompts[1:]]
    column = replace(built.columns[1], label=label, fault=fault or "x", clips=())
    changed = replace(
        built, prompts=prompts, columns=[built.columns[0], column],
        values=[built.values[0], {}], measures=[built.measures[0], []],
    )  # fmt: skip
    text = render_gallery(changed)
    read, before = Page(text), Page(page)
    assert text.isascii()
    assert read.addresses == []
    assert read.inline == []
    assert set(read.tags) <= set(before.tags) | {"h2", "dl", "dt", "dd"}
    assert read.tags.count("script") == 2
    assert len(text) < len(page) + 5_000
    shown = data_of(text)
    assert shown["cells"][0][1] is None
    assert len(shown["prompts"][0]["text"]) <= 400


def test_motion_that_is_no_number_is_told(built):
    wild = built.columns[0].clips[0].copy()
    wild[2] = np.nan
    clips = (wild, *built.columns[0].clips[1:])
    broken = replace(built.columns[0], clips=clips)
    changed = replace(built, columns=[broken, built.columns[1]])
    cell = page_data(changed)["cells"][0][0]
    assert cell["finite"] is False
    assert np.isfinite(joints_of(cell["scene"])).all()
    far = scene_of(np.full((12, 10, 2), 1e30, dtype=np.float32))
    assert np.isfinite(joints_of(far)).all()
