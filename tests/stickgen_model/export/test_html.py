"""The page of a scene as a file: what it holds, and what it cannot be made to do."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from functools import cache
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets_spec.errors import ConfigError
from datasets_spec.shot import Shot
from stickgen_model.animation import Animation, Caption
from stickgen_model.export.html import player_html, write_html
from stickgen_model.export.html_data import FACE_FEATURES
from stickgen_model.export.motion_file import write_motion
from stickgen_model.export.page import compact_source, page_policy, script_json
from stickgen_model.export.whole_file import OutputError
from stickgen_model.render.camera_plan import CameraPlan, camera_plan, camera_views
from stickgen_model.render.config import RenderConfig
from stickgen_model.render.depth import scene_depth
from stickgen_model.render.faces import face_track
from stickgen_model.render.looks import LOOKS

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]><img src=x onerror=alert(1)>",
    '" onload="alert(1)',
    "\u202eevil\x00\x1b[31m\u2028\u2029\ud800 done",
    "https://example.org/?a=1&b=<b>",
    "\U0001f469\u200d\U0001f680 \u05e9\u05dc\u05d5\u05dd \u4f60\u597d",
    "word " * 10_000,
    "{{ 7 * 7 }} {% raw %}",
]


class Page(HTMLParser):
    """Tags, attributes and texts of a page, as a reader of HTML has them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open = tag
        self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts[self._open][-1] += data

    @property
    def data(self) -> dict:
        return json.loads(self.texts["script"][0])

    @property
    def policy(self) -> str:
        metas = [a for tag, a in self.tags if tag == "meta"]
        found = [a["content"] for a in metas if a.get("http-equiv") == "Content-Security-Policy"]
        assert len(found) == 1
        return str(found[0])


def make_scene(actors: int = 1, frames: int = 20, *, seed: int = 0, **more) -> Animation:
    rng = np.random.default_rng(seed)
    stand = np.array([[0, 0.9], [0, 0.5], [0.1, 0.7], [0.1, 0.5], [-0.1, 0.7], [-0.1, 0.5],
                      [0.05, 0.25], [0.05, 0.02], [-0.05, 0.25], [-0.05, 0.02]])  # fmt: skip
    walk = np.cumsum(rng.normal(0, 0.02, (actors, frames, 1, 2)), axis=1) * [1, 0]
    wave = np.cumsum(rng.normal(0, 0.01, (actors, frames, 10, 2)), axis=1)
    joints = stand + walk + wave + np.arange(actors)[:, None, None, None] * [0.8, 0]
    return Animation(joints=joints.astype(np.float32), **more)


def decode_places(scene: dict) -> np.ndarray:
    """Shape (N, T, 10, 3)."""
    raw = base64.b64decode(scene["motion"])
    count = scene["actors"] * scene["frames"]
    roots = np.frombuffer(raw[: 12 * count], "<f4").reshape(count, 1, 3)
    near = np.frombuffer(raw[12 * count :], "<i2").reshape(count, 10, 3)
    places = roots + near * scene["step"]
    return places.reshape(scene["actors"], scene["frames"], 10, 3)


def test_the_page_is_one_file_that_asks_nobody() -> None:
    text = player_html([make_scene()])
    assert text.isascii()
    page = Page(text)
    names = [tag for tag, _ in page.tags]
    assert names.count("script") == 2
    assert names.count("style") == 1
    assert not {"link", "img", "iframe", "object", "embed", "base", "source"} & set(names)
    for _, attrs in page.tags:
        assert not {"src", "href", "action", "srcset", "style", "background"} & set(attrs)
        assert not [name for name in attrs if name.startswith("on")]
    for address in ("http:", "https:", "//www", "url(", "@import", "import(", "fetch(", "XMLHttp"):
        assert address not in text
    assert text.startswith("<!DOCTYPE html>")
    assert dict(page.tags)["html"]["lang"] == "en"


def test_only_its_own_script_and_style_may_run() -> None:
    page = Page(player_html([make_scene()]))
    rules = dict(rule.split(" ", 1) for rule in page.policy.split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    for rule, text in (
        ("script-src", page.texts["script"][1]),
        ("style-src", page.texts["style"][0]),
    ):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"
    assert set(rules) == {"default-src", "script-src", "style-src", "base-uri", "form-action"}


def test_every_control_has_a_name() -> None:
    page = Page(player_html([make_scene()]))
    for tag, attrs in page.tags:
        if tag == "button" and "icon" in str(attrs.get("class")):
            assert attrs["aria-label"]
        if tag in {"button", "input", "canvas", "select"}:
            assert attrs.get("id")
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for _, attrs in page.tags:
        for name in ("aria-controls", "aria-labelledby", "aria-describedby", "for"):
            assert attrs.get(name) is None or attrs[name] in ids


@cache
def plain_page() -> Page:
    return Page(player_html([make_scene(frames=2)]))


def check_harmless(title: str, line: str, fact: str) -> None:
    scene = make_scene(
        frames=2,
        title=title,
        captions=(Caption(start_s=0.0, end_s=1.0, text=line),),
        facts={"prompt": fact, fact: 1},
    )
    text = player_html([scene])
    page, plain = Page(text), plain_page()
    assert text.isascii()
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in plain.tags]
    assert page.policy == plain.policy
    assert page.texts["script"][1] == plain.texts["script"][1]
    told = page.data["scenes"][0]
    for shown in (told["title"], *told["facts"], *(c[2] for c in told["captions"])):
        assert not [c for c in shown if ord(c) < 32 or 0xD800 <= ord(c) < 0xE000]
        assert "\u202e" not in shown
    if title.isascii() and title.isprintable():
        assert told["title"] == " ".join(title.split())
    assert all("<" not in raw for raw in page.texts["script"][:1])


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_only_text(text: str) -> None:
    check_harmless(text, text, text)


@settings(max_examples=15)
@given(st.text(), st.text(), st.text())
def test_any_text_is_only_text(title: str, line: str, fact: str) -> None:
    check_harmless(title, line, fact)


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_json_in_a_script_says_the_same(value) -> None:
    text = script_json(value)
    assert not set("<>&") & set(text)
    assert text.isascii()
    assert json.loads(text) == value


def test_sources_lose_only_indents_and_comments_of_their_own() -> None:
    text = "/* a\n   b */\nf(1);\n\n  // c\n  g(); // d\n  /* e */\n  h = '/* k */';\n"
    assert compact_source(text) == "f(1);\ng(); // d\nh = '/* k */';\n"


def test_a_policy_without_scripts_allows_none() -> None:
    assert "script-src 'none'" in page_policy(scripts=(), styles=("a{}",))


@given(st.integers(1, 4), st.integers(1, 30), st.integers(0, 99), st.floats(0, 900))
@settings(max_examples=20)
def test_places_survive_within_their_step(actors: int, frames: int, seed: int, far: float) -> None:
    scene = make_scene(actors, frames, seed=seed)
    joints = (scene.joints + np.float32([far, 0])).astype(np.float32)
    depth = np.random.default_rng(seed).normal(0, 0.3, (actors, frames, 10)).astype(np.float32)
    scene = scene.changed(joints=joints, depth=depth)
    told = Page(player_html([scene])).data["scenes"][0]
    assert (told["actors"], told["frames"], told["fps"]) == (actors, frames, 25.0)
    assert told["step"] < 1e-4
    places = decode_places(told)
    room = 0.51 * told["step"] + np.spacing(np.float32(far + 2))
    np.testing.assert_allclose(places[..., :2], joints, atol=room)
    np.testing.assert_allclose(places[..., 2], depth, atol=room)


def test_a_scene_without_depth_gets_the_estimated_one() -> None:
    scene = make_scene(2, 30)
    told = Page(player_html([scene])).data["scenes"][0]
    np.testing.assert_allclose(decode_places(told)[..., 2], scene_depth(scene), atol=1e-4)


def test_cameras_cuts_and_faces_are_those_of_films() -> None:
    scene = make_scene(2, 50, title="two", facts={"seed": 3})
    shots = (
        Shot(move="orbit", start_s=0.0, end_s=1.0),
        Shot(move="zoom", start_s=1.0, end_s=2.0, follow=1),
    )
    config = RenderConfig(width=640, height=360, camera=CameraPlan(shots=shots))
    told = Page(player_html([scene], config)).data["scenes"][0]
    times = np.arange(50) / 25.0
    views = np.frombuffer(base64.b64decode(told["views"]), "<f4").reshape(50, 7)
    wanted = camera_views(scene, scene_depth(scene), config.camera, times, 640 / 360)
    np.testing.assert_allclose(views, wanted, rtol=1e-6)
    assert told["cuts"] == [25]
    faces = np.frombuffer(base64.b64decode(told["faces"]), np.int8).reshape(2, 50, 14) / 127
    track = face_track(scene, times)
    for number, name in enumerate(FACE_FEATURES):
        np.testing.assert_allclose(2 * faces[..., number], getattr(track, name), atol=0.008)
    np.testing.assert_allclose(
        faces[..., 8:].reshape(2, 50, 2, 3), track.axes[:, :, :2], atol=0.004
    )


def test_several_scenes_and_the_options_of_the_picture() -> None:
    scenes = [make_scene(n, 10, seed=n, title=f"scene {n}") for n in (1, 2, 3)]
    config = RenderConfig(width=640, height=480, look="neon", colours="actor", faces=False)
    page = Page(player_html(scenes, config))
    assert [s["title"] for s in page.data["scenes"]] == ["scene 1", "scene 2", "scene 3"]
    assert [s["actors"] for s in page.data["scenes"]] == [1, 2, 3]
    assert page.texts["title"] == ["scene 1"]
    options = page.data["options"]
    assert options["aspect"] == pytest.approx(4 / 3)
    assert (options["look"], options["colours"], options["faces"]) == ("neon", "actor", False)
    assert list(page.data["looks"]) == list(LOOKS)
    assert tuple(page.data["looks"]["chalk"]["page"]) == LOOKS["chalk"].page


def test_the_motion_file_inside_is_the_one_that_is_written(tmp_path) -> None:
    scene = make_scene(2, 12, title="<b>", facts={"seed": 1})
    write_motion(scene, tmp_path / "a.motion")
    told = Page(player_html([scene])).data["scenes"][0]
    packed = base64.b64decode(told["file"])
    assert zlib.decompress(packed) == (tmp_path / "a.motion").read_bytes()


def test_a_file_is_small_the_same_each_time_and_whole(tmp_path) -> None:
    scene = make_scene(1, 100, title="four seconds")
    write_html(scene, tmp_path / "a.html", RenderConfig(camera="orbit"))
    write_html(scene, tmp_path / "b.html", RenderConfig(camera=camera_plan("orbit", 4.0)))
    first = (tmp_path / "a.html").read_bytes()
    assert first == (tmp_path / "b.html").read_bytes()
    assert len(first) < 100_000
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.html", "b.html"]
    with pytest.raises(OutputError, match="expected an existing folder"):
        write_html(scene, tmp_path / "no" / "a.html")


def test_what_cannot_be_played_is_refused(tmp_path) -> None:
    with pytest.raises(ValueError, match="at least one scene"):
        player_html([])
    for camera, what in (("spin", "camera"), (camera_plan("pan", 1.0, follow=7), "actor")):
        with pytest.raises(ConfigError, match=what):
            write_html(make_scene(), tmp_path / "a.html", RenderConfig(camera=camera))
    assert not list(tmp_path.iterdir())
