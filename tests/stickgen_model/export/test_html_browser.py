"""The page in a browser: what is drawn, and what happens when somebody does something."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from stickgen_model.animation import Animation, Caption
from stickgen_model.export.html import player_html
from stickgen_model.export.motion_file import read_motion
from stickgen_model.render.config import RenderConfig
from stickgen_model.render.display import display_list
from stickgen_model.render.looks import LOOKS
from stickgen_model.render.resample import values_at
from tests.browser import CHROMIUM, Browser, open_browser

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here"),
]

HOSTILE = "</script><img src=x onerror=alert(1)> \U0001f600 \u05e9\u05dc\u05d5\u05dd &amp;"
STAND = np.array([[0, 0.93], [0, 0.5], [0.14, 0.66], [0.2, 0.5], [-0.14, 0.66], [-0.2, 0.5],
                  [0.06, 0.26], [0.07, 0.03], [-0.06, 0.26], [-0.07, 0.03]])  # fmt: skip


def make_scene(actors: int = 1, frames: int = 50, **more) -> Animation:
    """People who sway, step and turn."""
    rng = np.random.default_rng(actors)
    t = np.arange(frames)[:, None, None] / 25.0
    phase, size = rng.uniform(0, 6, (actors, 1, 10, 3)), rng.uniform(0.01, 0.06, (actors, 1, 10, 3))
    sway = size * np.sin(5 * t + phase)
    joints = STAND + sway[..., :2] + 0.8 * np.arange(actors)[:, None, None, None] * [1, 0]
    joints[..., 1] = np.maximum(joints[..., 1], 0.02)
    depth = np.array([0, 0, 0.05, 0.1, -0.05, -0.1, 0.05, 0, -0.05, 0]) + 3 * sway[..., 2]
    return Animation(joints=joints.astype(np.float32), depth=depth.astype(np.float32), **more)


@pytest.fixture(scope="module")
def browser(tmp_path_factory) -> Iterator[Browser]:
    with open_browser(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.fixture
def page(browser, tmp_path) -> Iterator[Browser]:
    """The browser at its usual size; at the end nothing must have gone wrong or been asked for."""
    browser.resize(1200, 800)
    browser.prefer()
    browser.faults.clear()
    browser.requests.clear()
    yield browser
    browser.frames(1)
    assert browser.faults == []
    assert {r.split(":")[0] for r in browser.requests} <= {"file", "about", "blob"}


def show(page: Browser, folder: Path, scenes: list[Animation], link: str = "", **config) -> None:
    path = folder / "page.html"
    path.write_text(player_html(scenes, RenderConfig(**config)), encoding="ascii")
    page.open(f"{path.as_uri()}#{link}")


def state(page: Browser, name: str):
    return page.evaluate(f"state.{name}")


def pixel(page: Browser, x: float, y: float) -> tuple[int, ...]:
    """Colour of the canvas at shares of its size."""
    return tuple(
        page.evaluate(
            "(() => { const copy = document.createElement('canvas'); copy.width = copy.height = 1;"
            " const to = copy.getContext('2d'), from = byId('canvas');"
            f" to.drawImage(from, Math.floor({x} * from.width), Math.floor({y} * from.height),"
            " 1, 1, 0, 0, 1, 1);"
            " return Array.from(to.getImageData(0, 0, 1, 1).data); })()"
        )
    )


def test_it_plays_and_a_click_pauses(page, tmp_path) -> None:
    show(page, tmp_path, [make_scene(title="hello")])
    assert page.evaluate("document.title") == "hello"
    assert page.evaluate("byId('title').textContent") == "hello"
    first = state(page, "time")
    page.wait(f"state.time > {first} + 0.1")
    assert page.evaluate("byId('play').ariaLabel") == "Pause"
    page.click("#play")
    assert page.evaluate("byId('play').ariaLabel") == "Play"
    still = state(page, "time")
    page.frames(5)
    assert state(page, "time") == still
    page.click("#canvas")
    page.wait("state.playing")
    page.click("#canvas")
    page.wait("!state.playing")


def test_the_slider_keys_and_speed(page, tmp_path) -> None:
    show(page, tmp_path, [make_scene(frames=51)], "paused")
    x, y = page.middle("#scrub")
    page.drag((x, y), [(x + 50, y), (x + 100, y)])
    width = page.evaluate("byId('scrub').clientWidth")
    assert state(page, "time") == pytest.approx(1.0 + 2.0 * 100 / width, abs=0.06)
    page.press("Home")
    assert state(page, "time") == 0
    page.press("ArrowRight")
    page.press("ArrowRight")
    assert state(page, "time") == pytest.approx(0.08)
    page.press("ArrowLeft")
    assert state(page, "time") == pytest.approx(0.04)
    page.press("ArrowRight", shift=True)
    assert state(page, "time") == pytest.approx(0.54)
    page.press("End")
    assert state(page, "time") == pytest.approx(2.0)
    assert page.evaluate("byId('time').textContent") == "2.0 / 2.0 s"
    assert page.evaluate("byId('scrub').getAttribute('aria-valuetext')") == "2.0 s of 2.0 s"
    for keys, speed in (("+++++", 2), ("-", 1.5), ("------", 0.25)):
        for key in keys:
            page.press(key)
        assert state(page, "speed") == speed
        assert page.evaluate("byId('speed').value") == str(speed)
    page.press("l")
    assert state(page, "loop") is False
    assert page.evaluate("byId('loop').ariaPressed") == "false"


def test_speed_is_kept_and_an_end_without_loop_stops(page, tmp_path) -> None:
    show(page, tmp_path, [make_scene(frames=40)], "loop=0&speed=0.5")
    seconds = 0.6
    first, start = page.evaluate("[state.time, performance.now()]")
    time.sleep(seconds)
    second, end = page.evaluate("[state.time, performance.now()]")
    assert (second - first) / ((end - start) / 1000) == pytest.approx(0.5, abs=0.12)
    page.evaluate("setTime(1.5)")
    page.wait("!state.playing")
    assert state(page, "time") == pytest.approx(39 / 25)
    page.press(" ")
    page.wait("state.playing && state.time < 1")


def test_a_hand_turns_and_comes_nearer(page, tmp_path) -> None:
    show(page, tmp_path, [make_scene()], "paused&t=0.5")
    before = page.evaluate("viewNow()")
    x, y = page.middle("#canvas")
    page.drag((x, y), [(x - 60, y), (x - 120, y + 20)])
    assert state(page, "playing") is False
    page.wait("state.shownHand.yaw === state.hand.yaw")
    after = page.evaluate("viewNow()")
    assert state(page, "hand.yaw") > 0.3
    away = [np.subtract(view[:3], view[3:6]) for view in (before, after)]
    np.testing.assert_allclose(after[3:6], before[3:6], atol=1e-6)
    assert np.linalg.norm(away[1]) == pytest.approx(np.linalg.norm(away[0]), rel=1e-6)
    turned = [np.arctan2(a[0], a[2]) for a in away]
    assert turned[1] - turned[0] == pytest.approx(state(page, "hand.yaw"), abs=1e-5)
    page.wheel((x, y), -240)
    page.wait("state.shownHand.zoom === state.hand.zoom && state.hand.zoom > 1.4")
    nearer = np.subtract(*np.split(np.array(page.evaluate("viewNow()"))[:6], 2))
    assert np.linalg.norm(nearer) < 0.75 * np.linalg.norm(away[0])
    page.press("r")
    page.wait("state.shownHand.zoom === 1")
    np.testing.assert_allclose(page.evaluate("viewNow()"), before, atol=1e-6)
    for _ in range(12):
        page.press("w")
    page.wait("state.shownHand.pitch === state.hand.pitch")
    assert np.isfinite(page.evaluate("viewNow()")).all()
    assert page.evaluate("viewNow()")[1] > 1.5


def test_fingers_turn_pinch_and_tap(page, tmp_path) -> None:
    page.resize(390, 780, ratio=2, touch=True)
    show(page, tmp_path, [make_scene()], "paused&t=0.5")
    x, y = page.middle("#canvas")
    page.touch([(x, y)], [(x + 40, y)], [(x + 90, y)])
    assert state(page, "hand.yaw") < -0.1
    page.touch(
        [(x - 40, y), (x + 40, y)],
        [(x - 60, y), (x + 60, y)],
        [(x - 80, y), (x + 80, y)],
    )
    assert state(page, "hand.zoom") == pytest.approx(2.0, rel=0.15)
    assert state(page, "playing") is False
    page.touch([(x, y)])
    page.wait("state.playing")


def test_a_phone_shows_everything(page, tmp_path) -> None:
    scenes = [make_scene(title="word " * 3000), make_scene(2, title="x" * 500)]
    for width, height in ((320, 568), (390, 780), (844, 390)):
        page.resize(width, height, ratio=2, touch=True)
        show(page, tmp_path, scenes, "paused&t=0.5", width=1280, height=720)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("document.documentElement.scrollHeight") <= height
        places = page.evaluate(
            "Array.from(document.querySelectorAll('.bar .icon, .bar select, #scrub'))"
            ".map((e) => e.getBoundingClientRect()).filter((r) => r.width)"
            ".map((r) => [r.left, r.top, r.right, r.bottom])"
        )
        assert len(places) >= 7
        for left, top, right, bottom in places:
            assert 0 <= left < right <= width
            assert 0 <= top < bottom <= height
            assert bottom - top >= 38
        assert page.evaluate("byId('canvas').clientHeight") > 0.5 * height
        assert page.evaluate("byId('canvas').width") == 2 * page.evaluate(
            "byId('canvas').clientWidth"
        )


def test_looks_have_their_colours(page, tmp_path) -> None:
    show(page, tmp_path, [make_scene()], "paused&t=0.5")
    for name, look in LOOKS.items():
        page.click("#settings")
        page.click(f"#look input[value={name}]")
        page.press("Escape")
        page.frames(2)
        assert state(page, "options.look") == name
        wanted = (0, 0, 0, 0) if look.transparent else (*look.page, 255)
        corner = pixel(page, 0.013, 0.013)
        if look.page_grid is None:
            assert corner == wanted
        else:
            assert corner in {wanted, (*look.page_grid, 255)}
        trunk = page.evaluate(
            "(() => { const c = makeCamera(viewNow(), frameIn(byId('canvas').width,"
            " byId('canvas').height, usedWidth(scene(), 'film')));"
            " const { pieces } = layOut(scene(), state.time, c, DATA.looks[state.options.look],"
            " state.options); const p = pieces.find((p) => p.piece === 0);"
            " const c2 = byId('canvas'), mix = (a, b) => 0.5 * (a + b);"
            " return [mix(p.first.x, p.second.x) / c2.width,"
            " mix(p.first.y, p.second.y) / c2.height]; })()"
        )
        inside = look.head if look.hollow else look.trunk
        room = 120 if look.grain else 2
        np.testing.assert_allclose(pixel(page, *trunk)[:3], inside, atol=room)


def test_sheets_and_keys_open_and_close(page, tmp_path) -> None:
    show(page, tmp_path, [make_scene(facts={"seed": 7, HOSTILE: HOSTILE})], "paused")
    page.click("#settings")
    assert page.evaluate("byId('sheet').hidden") is False
    assert page.evaluate("byId('settings').ariaExpanded") == "true"
    for name in ("captions", "faces", "ground", "shadow"):
        page.click(f"#shown input[value={name}]")
        assert state(page, f"options.{name}") is False
    page.click("#theme input[value=dark]")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 20, 25)"
    page.click("#save")
    assert page.evaluate("[byId('sheet').hidden, byId('downloads').hidden]") == [True, False]
    page.press("Escape")
    assert page.evaluate("byId('downloads').hidden") is True
    assert page.evaluate("document.activeElement.id") == "save"
    page.press("?")
    assert page.evaluate("byId('keys').open") is True
    assert "</script>" in page.evaluate("byId('facts').textContent")
    page.click("#keys-close")
    assert page.evaluate("byId('keys').open") is False


def test_what_is_drawn_is_what_films_draw(page, tmp_path) -> None:
    """Poses between frames, cameras, order, radii, shadows and faces, against the display list."""
    talk = np.full((2, 50), 38, dtype=np.uint8)
    scene = make_scene(2, actions=talk, facts={"seed": 5})
    config = RenderConfig(width=640, height=480, camera="orbit", look="neon", colours="actor")
    show(page, tmp_path, [scene], "paused", **{
        name: getattr(config, name) for name in ("width", "height", "camera", "look", "colours")
    })  # fmt: skip
    for moment in (0.0, 0.52, 1.0, 1.96):
        film = display_list(scene, config, times=np.array([moment]))
        drawn = page.evaluate(
            f"(() => {{ const camera = makeCamera(viewAt(scene(), {moment}, 'film'),"
            " { x: 320, y: 240, height: 480 });"
            f" const {{ pieces, people }} = layOut(scene(), {moment}, camera,"
            " DATA.looks.neon, state.options);"
            " return { pieces: pieces.map((p) => [p.actor * 11 + p.piece, p.first.x, p.first.y,"
            " p.second.x, p.second.y, p.r1, p.r2, p.line, ...p.colour]),"
            " horizon: horizonOf(camera),"
            " widths: pieces.filter((p) => p.piece === 10).map((p) => [p.actor, p.r1]),"
            " lines: SHAPE.widths.map((width, n) => [width, SHAPE.closed[n]]),"
            " faces: people.map((p) => p.face.map((f) => [f.cover, f.points])) }; })()"
        )
        assert drawn["horizon"] == pytest.approx(film.horizon[0], abs=0.02)
        pieces = np.array(drawn["pieces"])
        assert pieces[:, 0].tolist() == film.order[0].tolist()
        order = film.order[0]
        np.testing.assert_allclose(pieces[:, 1:5].reshape(-1, 2, 2), film.ends[0, order], atol=0.05)
        np.testing.assert_allclose(pieces[:, 5:7], film.radii[0, order], atol=0.01)
        np.testing.assert_array_equal(pieces[:, 8:], film.colours[order])
        heads = [pieces[:, 0].tolist().index(11 * actor + 10) for actor in range(2)]
        np.testing.assert_allclose(pieces[heads, 7], film.outlines[0], atol=0.01)
        widths, closed = zip(*drawn["lines"], strict=True)
        np.testing.assert_array_equal(closed, film.face_closed)
        for actor, radius in drawn["widths"]:
            wanted = film.face_widths[0, actor]
            np.testing.assert_allclose(np.multiply(widths, radius), wanted, atol=0.01)
        for actor, face in enumerate(drawn["faces"]):
            middle, radius = film.ends[0, 11 * actor + 10, 0], film.radii[0, 11 * actor + 10, 0]
            points = np.array([line for _, line in face]) * [1, -1] * radius + middle
            np.testing.assert_allclose(points, film.face_points[0, actor], atol=0.3)
            covers = [cover for cover, _ in face]
            np.testing.assert_allclose(covers, film.face_covers[0, actor], atol=0.06)


def test_poses_between_frames_are_those_of_films(page, tmp_path) -> None:
    for frames in (1, 2, 3, 40):
        scene = make_scene(1, frames)
        show(page, tmp_path, [scene], "paused")
        times = np.linspace(0, frames / 25, 37)
        drawn = page.evaluate(
            f"{json.dumps(times.tolist())}.map((t) => Array.from(poseAt(scene(), 0,"
            " spanAt(scene(), t), new Float32Array(33)).slice(0, 30)))"
        )
        places = np.reshape(drawn, (37, 10, 3))
        wanted = values_at(scene.joints, times, 25.0)[0]
        np.testing.assert_allclose(places[..., :2], wanted, atol=1e-4)
        assert scene.depth is not None
        np.testing.assert_allclose(
            places[..., 2], values_at(scene.depth, times, 25.0)[0], atol=1e-4
        )


def test_captions_come_and_go(page, tmp_path) -> None:
    lines = (
        Caption(start_s=0.2, end_s=1.0, text="first"),
        Caption(start_s=0.6, end_s=1.4, text=HOSTILE),
    )
    show(page, tmp_path, [make_scene(captions=lines)], "paused")
    said = page.evaluate("[0.1, 0.2, 0.7, 1.2, 1.5].map((t) => captionAt(scene(), t))")
    assert said == ["", "first", HOSTILE, HOSTILE, ""]
    page.evaluate("setTime(0.8)")
    page.frames(2)


def test_hostile_words_are_shown_as_they_are(page, tmp_path) -> None:
    show(page, tmp_path, [make_scene(title=HOSTILE), make_scene(2, title="")], "t=0.3&paused")
    assert page.evaluate("byId('title').textContent") == HOSTILE
    assert page.evaluate("document.querySelectorAll('img').length") == 0
    page.press("n")
    assert page.evaluate("byId('title').textContent") == "Untitled scene"
    assert page.evaluate("byId('place').textContent") == "2 of 2"
    page.click("#previous")
    assert state(page, "scene") == 0


def test_links_say_what_is_shown_and_nonsense_is_passed_over(page, tmp_path) -> None:
    scenes = [make_scene(1), make_scene(2)]
    show(page, tmp_path, scenes, "t=1.2&paused&look=chalk&speed=0.5&scene=2&camera=free&yaw=0.4")
    found = page.evaluate("[state.time, state.playing, state.scene, state.speed, state.hand.yaw]")
    assert found == [1.2, False, 1, 0.5, 0.4]
    assert page.evaluate("[state.options.look, state.options.camera]") == ["chalk", "free"]
    show(page, tmp_path, scenes, "t=x&speed=1e99&look=__proto__&scene=-5&yaw=NaN&zoom=%00&&&=&t")
    assert page.evaluate("[state.scene, state.speed, state.options.look]") == [0, 2, "ink"]
    page.frames(2)


def test_whoever_wants_calm_gets_it_and_dark_is_dark(page, tmp_path) -> None:
    page.prefer(prefers_reduced_motion="reduce", prefers_color_scheme="dark")
    show(page, tmp_path, [make_scene()])
    page.frames(4)
    assert page.evaluate("[state.playing, state.time]") == [False, 0]
    assert page.evaluate("getComputedStyle(byId('big')).opacity") == "1"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 20, 25)"
    page.click("#big")
    page.wait("state.playing && state.time > 0")
    assert page.evaluate("getComputedStyle(byId('big')).opacity") == "0"


def saved(folder: Path, ending: str) -> Path:
    end = time.monotonic() + 40
    while time.monotonic() < end:
        found = [p for p in folder.iterdir() if p.suffix == ending and p.stat().st_size]
        if found:
            return found[0]
        time.sleep(0.05)
    pytest.fail(f"no {ending} was saved: {list(folder.iterdir())}")


def test_pictures_films_and_motion_can_be_saved(page, tmp_path) -> None:
    scene = make_scene(1, 50, title="A man: waves!", facts={"seed": 1})
    folder = tmp_path / "saved"
    folder.mkdir()
    page.downloads(folder)
    show(page, tmp_path, [scene], "paused&t=0.4", width=480, height=270, look="transparent")
    for button in ("#save-png", "#save-motion", "#save-webm"):
        page.click("#save")
        page.click(button)
    picture = Image.open(io.BytesIO(saved(folder, ".png").read_bytes()))
    assert saved(folder, ".png").name == "a-man-waves.png"
    assert picture.size == (1440, 810)
    assert picture.mode == "RGBA"
    assert picture.getpixel((3, 3))[3] == 0
    back = read_motion(saved(folder, ".motion"))
    assert back.title == scene.title
    np.testing.assert_allclose(back.joints, scene.joints, atol=2.0**-11)
    with av.open(str(saved(folder, ".webm"))) as film:
        times = [float(frame.time) for frame in film.decode(video=0)]
        assert film.streams.video[0].width == 1440
        assert film.duration == pytest.approx(2.0 * av.time_base, abs=1e-3 * av.time_base)
    np.testing.assert_allclose(times, np.arange(60) / 30.0, atol=0.0011)
    assert page.evaluate("state.filming") is None


def test_it_plays_inside_a_frame_of_another_page(page, tmp_path) -> None:
    inner = player_html([make_scene(title="inside")]).replace("&", "&amp;").replace('"', "&quot;")
    outer = tmp_path / "outer.html"
    outer.write_text(f'<iframe width="700" height="500" srcdoc="{inner}"></iframe>')
    page.open(outer.as_uri())
    inside = "document.querySelector('iframe').contentDocument.getElementById"
    page.wait(f"({inside}('scrub') || 0).value > 0.1")
    assert page.evaluate(f"{inside}('title').textContent") == "inside"


def test_it_fills_the_screen_and_follows_its_window(page, tmp_path) -> None:
    show(page, tmp_path, [make_scene()], "paused&t=0.5")
    page.press("f")
    page.wait("document.fullscreenElement === byId('player')")
    page.frames(3)
    assert page.evaluate("byId('canvas').clientHeight === window.innerHeight")
    page.press("f")
    page.wait("!document.fullscreenElement")
    for size in ((700, 500), (1000, 400)):
        page.resize(*size)
        page.frames(3)
        assert page.evaluate("byId('canvas').width === byId('canvas').clientWidth")
        assert pixel(page, 0.013, 0.013) == (*LOOKS["ink"].page, 255)


def test_a_crowd_and_a_long_way_are_drawn(page, tmp_path) -> None:
    crowd = make_scene(16, 30)
    way = np.linspace(900, 901, 30)[None, :, None, None] * [1, 0]
    near = make_scene(1, 30)
    far = near.changed(joints=(near.joints + way).astype(np.float32))
    show(page, tmp_path, [crowd, far, make_scene(1, 1)], "paused", camera="track")
    for link in range(3):
        page.evaluate(f"setScene({link})")
        page.frames(2)
        shown = page.evaluate(
            "(() => { const from = byId('canvas'), c = document.createElement('canvas');"
            " c.width = from.width; c.height = from.height; const to = c.getContext('2d');"
            " to.drawImage(from, 0, 0); let n = 0;"
            " const d = to.getImageData(0, 0, c.width, c.height).data;"
            " for (let k = 0; k < d.length; k += 4) n += d[k] < 60; return n; })()"
        )
        assert shown > 50
