"""The page of an evaluation: whole, self-contained, and true to it."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from datasets_spec.errors import ConfigError
from stickgen_model.evaluate.evaluation import Measured
from stickgen_model.evaluate.examples import Example
from stickgen_model.evaluate.metrics import METRICS
from tasks.report.charts import metric_chart, robustness_chart
from tasks.report.numbers import MetricLine, metric_lines, ordered_rows
from tasks.report.page import render_report, write_report
from tasks.report.page_data import example_columns, examples_data
from tests.tasks.report.factory import HOSTILE, ROWS, make_evaluation, many_rows, measured


@pytest.fixture(scope="module")
def data(examples):
    return examples_data(make_evaluation(), examples)


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.addresses, self.inline, self.tags, self.text = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.addresses += [v for k, v in attrs if k in {"src", "href", "action", "srcset"}]
        self.inline += [k for k, _ in attrs if k.startswith("on") or k == "style"]

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture(scope="module")
def page(examples):
    return render_report(make_evaluation(), examples)


def test_it_is_one_file_that_asks_nobody(page):
    read = Page(page)
    assert page.isascii()
    assert all(address.startswith("#") for address in read.addresses)
    assert all(f'id="{address[1:]}"' in page for address in read.addresses)
    assert read.inline == []
    assert read.tags.count("script") == 2
    assert "img" not in read.tags
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    policy = html.unescape(policy)
    for kind in ("script", "style"):
        (inline,) = re.findall(rf"<{kind}>(.*?)</{kind}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")


def test_every_value_every_interval_and_every_definition_is_in_it(page):
    words = " ".join(" ".join(Page(page).text).split())
    for line in metric_lines(make_evaluation()):
        assert line.spec.title in words
        assert line.spec.definition in words
        for value in line.values:
            assert value is None or f"{value.mean:.{line.digits}f}" in words
    assert "2.36 to 2.46" in words
    for judge in make_evaluation().judges:
        assert judge.digest in words
    assert "a preson wlaks" in words


def test_hostile_words_stay_words_and_thirty_rows_fit(examples):
    evaluation = make_evaluation(hostile=True, rows=many_rows(30))
    text = render_report(evaluation, [*examples, Example(prompt=HOSTILE, action=HOSTILE)])
    read = Page(text)
    assert "img" not in read.tags
    assert "b" in read.tags  # our own
    assert "\x1b" not in text
    assert "&#8238;" not in text
    assert "\\u202e" not in text
    assert "<img src=x onerror=alert(1)>" in " ".join(read.text)
    assert text.count('scope="col"') >= 30


def test_the_same_evaluation_gives_the_same_bytes(page, examples, tmp_path):
    path = tmp_path / "report.html"
    path.write_text("before")
    write_report(make_evaluation(), examples, path)
    assert path.read_bytes() == page.encode("ascii")
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]


def test_columns_are_in_order_and_a_model_with_gaps_is_not_compared(data, examples):
    evaluation = make_evaluation()
    assert example_columns(evaluation, examples) == [
        "model", "champion", "real", "noise", "nearest text",
    ]  # fmt: skip
    assert [c["kind"] for c in data["columns"]] == [
        "model", "reference", "real", "reference", "reference",
    ]  # fmt: skip
    assert [c["folded"] for c in data["columns"]] == [False, False, False, True, True]
    assert data["cells"][1][1] is None
    assert data["prompts"][1]["text"] == "(no words)"
    assert data["prompts"][2]["text"] == "</script><b>&"
    whole = examples_data(evaluation, examples[:1])
    assert [c["kind"] for c in whole["columns"][:2]] == ["model", "model"]


def test_the_motion_is_that_of_the_examples(data, examples):
    scene = data["cells"][0][0]["scene"]
    raw, count = base64.b64decode(scene["motion"]), scene["frames"]
    roots = np.frombuffer(raw[: 12 * count], "<f4").reshape(count, 1, 3)
    near = np.frombuffer(raw[12 * count :], "<i2").reshape(count, 10, 3)
    joints = (roots + near * scene["step"])[..., :2]
    np.testing.assert_allclose(joints, examples[0].clips["model"], atol=1e-4)


def test_a_page_without_examples_suites_and_references_is_a_page():
    least = make_evaluation(rows=ROWS[:1], suites=False, judges=())
    text = render_report(least, [])
    assert 'aria-label="Examples" hidden' in text
    assert 'id="robustness"' not in text


def test_too_much_motion_is_refused():
    clip = np.zeros((1001, 10, 2), np.float32)
    examples = [Example(prompt="x", action="", clips={"model": clip})] * 400
    with pytest.raises(ConfigError, match="at most 400,000 frames"):
        examples_data(make_evaluation(), examples)


@pytest.mark.parametrize(
    "means",
    [
        (0.0, 0.0, 0.0),
        (1.0, 1.0, 1.0),
        (-0.2, 0.1, 0.3),
        (2.4, 0.01, 310.0),
        (1e-9, 0.0, 1e9),
        (-5.0, -5.0, -5.0),
        (0.5, None, None),
    ],
)
def test_a_chart_puts_larger_values_further_right(means):
    values = tuple(None if m is None else measured(m) for m in means)
    rows = ordered_rows(make_evaluation(rows=ROWS[:3]))
    line = MetricLine(spec=METRICS[0], values=values, digits=3)
    drawing = ET.fromstring(metric_chart(line, rows))
    dots = [float(dot.get("cx")) for dot in drawing.iter("circle")]
    shown = [m for m in means if m is not None]
    assert len(dots) == len(shown)
    width = float(drawing.get("viewBox").split()[2])
    assert all(0.0 < x < width for x in dots)
    for n, x in enumerate(dots):
        for k, other in enumerate(dots):
            assert (x <= other + 1e-6) or shown[n] >= shown[k]
    ticks = [float(t.text.replace(",", "")) for t in drawing.iter("text") if t.get("class") == "x"]
    assert ticks == sorted(ticks)
    assert len(ticks) == len(set(ticks)) >= 1


def test_bars_are_as_long_as_their_ratios():
    evaluation = make_evaluation()
    drawing = ET.fromstring(robustness_chart(evaluation))
    bars = [p.get("d") for p in drawing.iter("path") if p.get("class").startswith("bar-of")]
    ends = [re.fullmatch(r"M([\d.]+) [\d.]+H([\d.]+)", bar).groups() for bar in bars]
    lengths = np.array([float(end) - float(start) for start, end in ends])
    ratios = [*(suite.ratio.mean for suite in evaluation.suites), evaluation.robustness.mean]
    np.testing.assert_allclose(lengths / lengths[0], np.array(ratios) / ratios[0], atol=0.005)
    hostile = replace(evaluation.suites[0], name="<b>&", ratio=Measured(
        mean=1.0, low=1.0, high=1.0, repeats=1))  # fmt: skip
    ET.fromstring(robustness_chart(replace(evaluation, suites=(hostile,))))


def test_the_data_of_the_page_is_what_was_put_in(page, data):
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert json.loads(found.group(1)) == json.loads(json.dumps(data))
