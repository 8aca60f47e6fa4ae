"""The report in a browser: figures play, nothing overflows, nobody is asked."""

from __future__ import annotations

import pytest

from tasks.report.page import render_report
from tests.browser import CHROMIUM, open_browser
from tests.tasks.report.factory import make_evaluation, many_rows

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here"),
]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def browser(tmp_path, examples):
    page = tmp_path / "report.html"
    evaluation = make_evaluation(hostile=True, rows=many_rows(30))
    page.write_text(render_report(evaluation, examples), encoding="ascii")
    profile = tmp_path / "profile"
    profile.mkdir()
    with open_browser(profile) as browser:
        browser.open(page.as_uri())
        yield browser
        assert browser.faults == []
        assert browser.requests == [page.as_uri()]


def test_it_plays_and_pauses_and_shows_what_was_folded(browser):
    shown = "[...document.querySelectorAll('.row')[0].querySelectorAll('.cell')]"
    assert browser.evaluate(f"{shown}.filter((cell) => !cell.hidden).length") == 3
    browser.evaluate("document.querySelector('#side').scrollIntoView()")
    browser.wait("document.querySelector('.cell canvas').width > 100")
    browser.frames(3)
    picture = "document.querySelector('.cell canvas').toDataURL()"
    first = browser.evaluate(picture)
    browser.wait(f"{picture} !== {first!r}")
    browser.click("#play")
    assert browser.evaluate("document.getElementById('play').textContent") == "Play"
    still = browser.evaluate(picture)
    browser.frames(4)
    assert browser.evaluate(picture) == still
    browser.click("#chips button:nth-child(4)")
    assert browser.evaluate(f"{shown}.filter((cell) => !cell.hidden).length") == 4
    browser.click(".cell canvas")
    assert browser.evaluate("document.getElementById('view').open")


@pytest.mark.parametrize("width", [360, 720, 1600])
def test_nothing_is_wider_than_the_window(browser, width):
    browser.resize(width, 800)
    browser.frames(2)
    assert browser.evaluate(OVERFLOW) == 0
    browser.evaluate(
        "document.querySelectorAll('details').forEach((part) => { part.open = true; })"
    )
    browser.frames(2)
    assert browser.evaluate(OVERFLOW) == 0
