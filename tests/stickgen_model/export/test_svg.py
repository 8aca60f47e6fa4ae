"""SVG films, read with the XML parser of the standard library and played by plain arithmetic."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.errors import ConfigError
from stickgen_model.animation import Caption
from stickgen_model.export.svg import svg_text, write_svg, write_svg_still
from stickgen_model.export.svg_layers import segment_gaps, stack_layers
from stickgen_model.export.svg_parts import FINE, PLACE_TOLERANCE
from stickgen_model.export.svg_text import wrap_words
from stickgen_model.export.svg_tracks import Clock, joined, key_frames
from stickgen_model.export.whole_file import OutputError
from stickgen_model.render.camera_plan import camera_plan
from stickgen_model.render.config import RenderConfig
from stickgen_model.render.display import display_list
from stickgen_model.render.looks import LOOKS
from stickgen_model.render.pieces import HEAD_PIECE, NUM_PIECES
from tests.stickgen_model.export.scenes_for_files import HOSTILE, walking

SVG = "{http://www.w3.org/2000/svg}"
KNOWN = {
    "svg", "title", "defs", "g", "rect", "path", "circle", "text", "tspan", "animate",
    "animateTransform", "radialGradient", "linearGradient", "stop", "filter", "feGaussianBlur",
    "feComponentTransfer", "feFuncA", "feMerge", "feMergeNode", "feTurbulence", "feColorMatrix",
    "feComposite",
}  # fmt: skip


def numbers(text):
    return [float(n) for n in re.findall(r"-?\d*\.?\d+", text)]


def value_at(element, name, share):
    """What an attribute is at a share of the film, as a player of SMIL finds it."""
    for child in element:
        if child.get("attributeName") == name:
            times = numbers(child.get("keyTimes").replace(";", " "))
            values = child.get("values").split(";")
            assert len(times) == len(values)
            assert times == sorted(times)
            assert times[0] == 0
            if child.get("calcMode") == "discrete":
                return values[int(np.searchsorted(times, share + 1e-9, side="right")) - 1]
            assert times[-1] == 1
            after = int(np.clip(np.searchsorted(times, share, side="right"), 1, len(times) - 1))
            span = times[after] - times[after - 1]
            way = (share - times[after - 1]) / span if span else 1.0
            low, high = (np.array(numbers(values[i])) for i in (after - 1, after))
            return low + min(way, 1.0) * (high - low)
    raw = element.get(name)
    return raw if raw in {None, "hidden", "visible"} else np.array(numbers(raw))


def figures(root):
    return next(g for g in root if g.get("stroke-linecap") == "round")


def played(element, share):
    """Both ends of a limb or the middle of a head twice, pixels, or None where it is hidden."""
    if value_at(element, "visibility", share) == "hidden":
        return None
    while element.tag == SVG + "g" and element.get("transform") is None:
        element = next(child for child in element if child.tag in {SVG + "g", SVG + "path"})
    if element.tag == SVG + "g":
        middle = value_at(element, "transform", share) / FINE
        return np.stack([middle, middle])
    x, y, right, down = value_at(element, "d", share)
    return np.array([[x, y], [x + right, y + down]]) / FINE


def crossing(frames=50):
    """Two people who change places, and whose arms swing before and behind them."""
    animation = walking(2, frames)
    joints, depth = animation.joints.copy(), animation.depth.copy()
    way = np.linspace(0, 1, frames, dtype=np.float32)[:, None]
    joints[1, ..., 0] -= 1.6 * way
    depth[1] += np.float32(0.4) * np.sin(9 * way)
    return animation.changed(joints=joints, depth=depth, captions=(), actions=0 * animation.actions)


@pytest.mark.parametrize(
    ("look", "colours"), [("ink", "side"), ("neon", "actor"), ("blueprint", "side")]
)
def test_every_frame_shows_every_piece_in_its_place_and_order(look, colours):
    animation = crossing()
    config = RenderConfig(look=look, colours=colours, fps=25.0, width=300, height=200)
    film = display_list(animation, config)
    layers = stack_layers(film, alike=not film.config.look_spec.hollow)
    elements = list(figures(ET.fromstring(svg_text(animation, config))))
    assert len(elements) == len(layers.pieces)
    assert len(elements) < 6 * film.ends.shape[1]
    worst = 0.0
    for frame in range(0, film.num_frames, 4):
        places = [played(e, frame / film.num_frames) for e in elements]
        seen = [p for p, place in zip(layers.pieces, places, strict=True) if place is not None]
        assert sorted(seen) == list(range(film.ends.shape[1]))
        for piece, place in zip(layers.pieces, places, strict=True):
            if place is not None:
                worst = max(worst, np.abs(place - film.ends[frame, piece]).max())
        rank = {piece: i for i, piece in enumerate(film.order[frame].tolist())}
        for i, back in enumerate(seen):
            for front in seen[i + 1 :]:
                heads = HEAD_PIECE in {back % NUM_PIECES, front % NUM_PIECES}
                if (
                    not heads
                    and look != "blueprint"
                    and (film.colours[back] == film.colours[front]).all()
                ):
                    continue
                gap = segment_gaps(film.ends[frame, [back]], film.ends[frame, [front]])[0]
                if gap < film.radii[frame, back].max() + film.radii[frame, front].max():
                    assert rank[back] < rank[front]
    # a tenth for rounding, and that a line is never without length
    assert worst <= PLACE_TOLERANCE + 0.11


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_in_it_runs_or_loads(look):
    animation = walking(3, 20, title=HOSTILE)
    text = svg_text(animation, RenderConfig(look=look, camera="orbit"))
    root = ET.fromstring(text)
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in KNOWN
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on")
            assert "href" not in name
            if "url(" in value:
                assert re.fullmatch(r"url\(#[sfgl]\)", value)
    assert "<!" not in text
    assert "<?" not in text
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    told = re.findall(r"url\(#(\w)\)", text)
    assert set(told) <= set(ids)


def test_it_loops_and_lasts_as_long_as_the_scene():
    root = ET.fromstring(svg_text(walking(1, 30), RenderConfig()))
    moving = [e for e in root.iter() if e.tag.startswith(SVG + "animate")]
    assert {(e.get("dur"), e.get("repeatCount")) for e in moving} == {("1.2s", "indefinite")}
    assert root.get("viewBox") == f"0 0 {512 * FINE} {512 * FINE}"


def test_captions_are_text_in_their_time():
    animation = walking(1, 50)
    root = ET.fromstring(svg_text(animation, RenderConfig(fps=25.0)))
    texts = list(root.iter(SVG + "text"))
    shown = ["".join(t.itertext()) for t in texts]
    assert shown[0] == "walks"
    assert "<script>alert(1)</script>&amp;" in shown[1]
    assert "\U0001f600" in shown[1]
    for share, want in ((0.0, "visible hidden"), (0.3, "hidden visible"), (0.9, "hidden hidden")):
        states = [value_at(t, "visibility", share) or "visible" for t in texts]
        assert " ".join(states) == want
    hidden = ET.fromstring(svg_text(animation, RenderConfig(captions=False)))
    assert not list(hidden.iter(SVG + "text"))


def test_a_very_long_caption_and_title():
    words = " ".join(f"word{i}" for i in range(10_000))
    animation = walking(1, 10, title=words, captions=(Caption(start_s=0, end_s=9, text=words),))
    text = svg_text(animation, RenderConfig())
    assert len(text) < 40_000
    assert len(list(ET.fromstring(text).iter(SVG + "tspan"))) <= 3


@given(st.text(max_size=300))
def test_any_text_is_xml(text):
    animation = walking(1, 2, title=text, captions=(Caption(start_s=0, end_s=9, text=text),))
    ET.fromstring(svg_text(animation, RenderConfig(), times=np.zeros(1)).encode())


@given(st.text(), st.floats(3, 60))
def test_lines_fit(text, room):
    lines = wrap_words(" ".join(text.split()), room)
    assert len(lines) <= 3
    # letters of usual width
    plain = wrap_words("mnopq " * 40, room)
    assert all(len(line) * 0.53 <= room + 2 for line in plain)


def test_a_cut_is_no_sweep():
    plan = camera_plan("static 1s; orbit 1s 180deg", 2.0)
    config = RenderConfig(camera=plan, fps=25.0, captions=False)
    animation = walking(1, 50)
    film = display_list(animation, config)
    layers = stack_layers(film, alike=True)
    elements = list(figures(ET.fromstring(svg_text(animation, config))))
    for share, frame in ((24.9 / 50, 24), (25.05 / 50, 25)):
        for piece, element in zip(layers.pieces, elements, strict=True):
            place = played(element, share)
            if place is not None:
                assert np.abs(place - film.ends[frame, piece]).max() < 3.0


def test_a_still_has_one_pose_and_no_motion(tmp_path):
    animation = walking(2, 50)
    write_svg_still(animation, tmp_path / "a.svg", at_s=1.0)
    root = ET.fromstring((tmp_path / "a.svg").read_text())
    assert not [e for e in root.iter() if "animate" in e.tag]
    film = display_list(animation, RenderConfig(), times=np.array([1.0]))
    found = [played(element, 0.0) for element in figures(root)]
    want = film.ends[0, film.order[0]]
    np.testing.assert_allclose(found, want, atol=0.21)
    for late in (99.0, -5.0):
        write_svg_still(animation, tmp_path / "b.svg", at_s=late)


def test_same_scene_same_bytes_and_small(tmp_path):
    animation = walking(1, 100)
    for name in "ab":
        write_svg(animation, tmp_path / f"{name}.svg", RenderConfig(look="chalk"))
    data = (tmp_path / "a.svg").read_bytes()
    assert data == (tmp_path / "b.svg").read_bytes()
    assert len(data) < 80_000
    with pytest.raises(OutputError, match="existing folder"):
        write_svg(animation, tmp_path / "no" / "a.svg")
    with pytest.raises(ConfigError, match="camera"):
        write_svg(animation, tmp_path / "c.svg", RenderConfig(camera="fly"))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.svg", "b.svg"]


def test_sixteen_people_and_one_frame(tmp_path):
    write_svg(walking(16, 5), tmp_path / "a.svg")
    write_svg(walking(1, 1), tmp_path / "b.svg")
    for name in "ab":
        ET.parse(tmp_path / f"{name}.svg")


@given(st.integers(0, 2**32 - 1), st.floats(0.01, 1.0))
def test_lines_between_key_frames_pass_all_others(seed, tolerance):
    rng = np.random.default_rng(seed)
    values = np.cumsum(rng.normal(size=(rng.integers(1, 60), 2)), axis=0)
    keys = key_frames(values, tolerance)
    assert keys[0] == 0
    assert keys[-1] == len(values) - 1
    for column in values.T:
        line = np.interp(np.arange(len(values)), keys, column[keys])
        assert np.abs(line - column).max() <= tolerance + 1e-12


def test_straight_motion_needs_two_keys():
    assert key_frames(np.linspace(0, 9, 50)[:, None], 1e-6).tolist() == [0, 49]
    clock = Clock(frames=10, seconds=1.0)
    assert clock.track("x", np.ones((10, 1)), joined, tolerance=0.1) == ("1", "")
    assert clock.steps("visibility", ["visible"] * 10) == ""


@given(st.integers(0, 2**32 - 1))
def test_gaps_of_segments(seed):
    rng = np.random.default_rng(seed)
    one, two = rng.normal(size=(2, 8, 2, 2))
    share = np.linspace(0, 1, 201)[None, :, None]
    points = [s[:, :1] + share * (s[:, 1:] - s[:, :1]) for s in (one, two)]
    want = np.linalg.norm(points[0][:, :, None] - points[1][:, None], axis=-1).min(axis=(1, 2))
    np.testing.assert_allclose(segment_gaps(one, two), want, atol=0.03)
