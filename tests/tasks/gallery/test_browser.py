"""The page in a browser: it plays, it enlarges, it filters, and it asks nobody."""

from __future__ import annotations

import pytest

from stickgen_model.export.page import read_template
from tasks.gallery.page import render_gallery
from tests.browser import CHROMIUM, open_browser

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here"),
]
INK = """(selector) => {
  const canvas = document.querySelector(selector);
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let dark = 0;
  for (let k = 0; k < data.length; k += 4) dark += data[k] + data[k + 1] + data[k + 2] < 200;
  return dark;
}"""


@pytest.fixture(scope="module")
def page(built, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "gallery.html"
    path.write_text(render_gallery(built), encoding="ascii")
    return path


@pytest.fixture
def browser(page, tmp_path):
    with open_browser(tmp_path) as browser:
        browser.open(page.as_uri())
        yield browser
        assert browser.faults == []
        assert browser.requests == [page.as_uri()]


def ink(browser, selector):
    return browser.evaluate(f"({INK})({selector!r})")


def test_figures_play_in_step(browser, tmp_path):
    assert browser.evaluate("document.querySelectorAll('.row').length") == 3
    # two models and as many real clips as there are
    assert browser.evaluate("document.querySelectorAll('.cell canvas').length") >= 6
    browser.wait("document.querySelector('.cell canvas').width > 100")
    browser.frames(3)
    assert ink(browser, ".cell canvas") > 100
    browser.press(" ")
    assert browser.evaluate("document.getElementById('play').textContent") == "Play"
    before = browser.evaluate("document.querySelector('.cell canvas').toDataURL()")
    browser.frames(3)
    assert browser.evaluate("document.querySelector('.cell canvas').toDataURL()") == before
    browser.press("ArrowRight")
    assert browser.evaluate("document.querySelector('.cell canvas').toDataURL()") != before
    browser.picture(tmp_path / "page.png")
    assert (tmp_path / "page.png").stat().st_size > 10_000


def test_a_figure_is_enlarged_turned_and_changed(browser):
    browser.press(" ")
    browser.evaluate("document.querySelector('.cell').scrollIntoView({block: 'center'})")
    browser.frames(2)
    browser.click(".cell canvas")
    assert browser.evaluate("document.getElementById('view').open")
    assert browser.evaluate("document.getElementById('view-title').textContent") == (
        "a person can walk"
    )
    assert ink(browser, "#view-canvas") > 200
    image = "document.getElementById('view-canvas').toDataURL()"
    front = browser.evaluate(image)
    x, y = browser.middle("#view-canvas")
    browser.drag((x, y), [(x + 60, y), (x + 120, y + 10)])
    assert browser.evaluate(image) != front
    browser.press("r")
    assert browser.evaluate(image) == front
    browser.press("2")
    assert browser.evaluate("document.querySelector('#view-head .now').textContent") == "tiny 10"
    browser.press("n")
    assert browser.evaluate("document.getElementById('view-title').textContent") == "someone runs"
    browser.evaluate("document.getElementById('view').close()")
    browser.frames(1)
    assert browser.evaluate("document.activeElement.className").startswith("cell")


def test_prompts_are_found_ordered_and_columns_hidden(browser):
    names = "[...document.querySelectorAll('.row:not([hidden]) h2')].map((e) => e.textContent)"
    typed = (
        "(() => {{ const e = document.getElementById('{id}'); e.value = '{value}';"
        " e.dispatchEvent(new Event('input')); }})()"
    )
    browser.evaluate(typed.format(id="search", value="RUNS"))
    assert browser.evaluate(names) == ["someone runs"]
    browser.evaluate(typed.format(id="search", value="nothing like it"))
    assert browser.evaluate("document.getElementById('none').hidden") is False
    browser.evaluate(typed.format(id="search", value=""))
    gaps = "JSON.parse(document.getElementById('data').textContent).prompts"
    prompts = browser.evaluate(gaps)
    browser.evaluate(typed.format(id="order", value="differ"))
    wanted = [p["text"] for p in sorted(prompts, key=lambda p: -p["differ"])]
    assert browser.evaluate(names) == wanted
    browser.evaluate("document.querySelector('#chips button').click()")
    shown = "document.querySelectorAll('.row .cell:not([hidden])').length"
    assert browser.evaluate(shown) == 6


def test_it_fits_a_phone(browser):
    browser.resize(390, 844, ratio=2.0, touch=True)
    browser.frames(2)
    assert browser.evaluate("document.documentElement.scrollWidth") == 390
    browser.evaluate("document.querySelector('.cell').click()")
    browser.frames(1)
    left, right = browser.evaluate(
        "(() => { const r = document.getElementById('view').getBoundingClientRect();"
        " return [r.left, r.right]; })()"
    )
    assert left >= 0
    assert right <= 390


def test_own_names_stay_in_their_scope(page):
    """The painter is the player's: names of the two must not meet."""
    text = page.read_text()
    painter, _, own = text.rpartition("<script>")[2].partition("(() => {\n")
    assert painter.startswith('"use strict"')
    assert read_template("tasks.gallery.templates", "gallery.js") in own
