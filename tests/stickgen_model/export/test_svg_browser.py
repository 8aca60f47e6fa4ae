"""SVG films in a browser against the frames of films."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from stickgen_model.export.svg import write_svg
from stickgen_model.render.config import RenderConfig
from stickgen_model.render.frames import draw_frame
from tests.browser import CHROMIUM, open_browser
from tests.stickgen_model.export.scenes_for_files import walking

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here"),
]


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with open_browser(tmp_path_factory.mktemp("profile")) as found:
        found.resize(320, 320)
        yield found


def picture(browser, folder):
    browser.picture(folder / "seen.png")
    return np.asarray(Image.open(folder / "seen.png").convert("RGB"), dtype=np.int64)


@pytest.mark.parametrize(
    ("look", "camera"), [("ink", None), ("neon", None), ("blueprint", None), ("ink", "orbit")]
)
def test_a_browser_shows_the_frames_of_the_film(browser, tmp_path, look, camera):
    # letters are set by other fonts
    config = RenderConfig(width=320, height=320, look=look, camera=camera, captions=False, fps=25.0)
    animation = walking(2, 60)
    write_svg(animation, tmp_path / "a.svg", config)
    browser.faults.clear()
    browser.requests.clear()
    browser.open((tmp_path / "a.svg").as_uri())
    for frame in (0, 7, 33, 58):
        browser.evaluate(
            "(() => { const s = document.documentElement; s.pauseAnimations();"
            f"s.setCurrentTime({(frame + 1e-4) / 25}); }})()"
        )
        browser.frames(2)
        want = draw_frame(animation, frame / 25, config).astype(np.int64)
        gap = np.abs(picture(browser, tmp_path) - want)
        assert gap.mean() < 3.0
        # borders differ by parts of a pixel, limbs and heads not by whole ones
        assert (gap.max(axis=-1) > 128).mean() < 0.002
    assert browser.faults == []
    assert [r for r in browser.requests if not r.startswith(("file:", "about:"))] == []


def test_it_plays_as_an_image_of_a_page(browser, tmp_path):
    write_svg(walking(2, 60), tmp_path / "a.svg", RenderConfig(width=320, height=320))
    (tmp_path / "page.html").write_text('<body style="margin:0"><img src="a.svg">')
    browser.open((tmp_path / "page.html").as_uri())
    first = picture(browser, tmp_path)
    browser.frames(20)
    assert (np.abs(picture(browser, tmp_path) - first) > 64).any()
