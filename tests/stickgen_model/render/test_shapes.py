"""Covers of capsules, ellipses and strokes, against their areas in closed form."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from stickgen_model.render.capsules import (
    Capsules,
    capsule_bands,
    capsule_depths,
    capsule_factors,
    ellipse_bands,
    ellipse_covers,
    ellipse_factors,
)
from stickgen_model.render.strokes import Strokes, stroke_bands, stroke_depths

SIZE = {"width": 96, "height": 80}
places = st.floats(20.0, 60.0)


def laid(bands, cover, shape=(80, 96)):
    """The covers of bands in one picture; pixels of two bands must agree."""
    picture = np.full(shape, -1.0)
    for row, start, values in zip(bands.row, bands.start, cover, strict=True):
        assert start >= 0
        assert start + bands.length <= shape[1]
        part = picture[row, start : start + bands.length]
        assert np.abs(part - values)[part >= 0.0].max(initial=0.0) < 1e-3
        part[:] = values
    return np.maximum(picture, 0.0)


def capsule_picture(ends, radii, shape=(80, 96)):
    capsules = Capsules(ends=np.array([ends], dtype=float), radii=np.array([radii], dtype=float))
    bands = capsule_bands(capsules, beyond=0.5, width=shape[1], height=shape[0])
    depth = capsule_depths(capsule_factors(capsules, bands, scale=1.0, shift=0.5), bands.length)
    return laid(bands, np.clip(depth, 0.0, 1.0), shape)


@given(x=places, y=places, u=places, v=places, radius=st.floats(2.0, 9.0))
def test_a_capsule_covers_its_area_around_its_middle(x, y, u, v, radius):
    # a border that fades evenly over a pixel adds the integral of its curve: 1/12 a round end
    area = 2.0 * radius * math.hypot(u - x, v - y) + math.pi * (radius**2 + 1.0 / 12.0)
    shifts = [(i / 4.0, j / 4.0) for i in range(4) for j in range(4)]
    pictures = [
        capsule_picture(((x + i, y + j), (u + i, v + j)), (radius, radius)) for i, j in shifts
    ]
    # how the grid of pixels lies to a border matters in one picture, not over all ways to lie
    assert np.mean([one.sum() for one in pictures]) == pytest.approx(area, rel=0.002)
    assert [one.sum() for one in pictures] == pytest.approx([area] * 16, rel=0.03)
    rows, columns = np.indices(pictures[0].shape) + 0.5
    middles = [
        ((one * columns).sum() / one.sum() - i, (one * rows).sum() / one.sum() - j)
        for (i, j), one in zip(shifts, pictures, strict=True)
    ]
    assert np.mean(middles, axis=0) == pytest.approx(((x + u) / 2, (y + v) / 2), abs=0.01)


@given(x=places, y=places, u=places, v=places, radius=st.floats(0.6, 9.0))
def test_no_pixel_of_a_capsule_is_forgotten(x, y, u, v, radius):
    picture = capsule_picture(((x, y), (u, v)), (radius, radius))
    rows, columns = np.indices(picture.shape) + 0.5
    along = np.array([u - x, v - y])
    length2 = float(along @ along)
    share = ((columns - x) * along[0] + (rows - y) * along[1]) / (length2 or 1.0)
    share = np.clip(share, 0.0, 1.0) if length2 > 1e-9 else np.zeros_like(share)
    away = np.hypot(columns - x - share * along[0], rows - y - share * along[1])
    assert np.abs(picture - np.clip(radius + 0.5 - away, 0.0, 1.0)).max() < 2e-3


def test_a_tapered_capsule_has_the_area_of_its_outline():
    picture = capsule_picture(((15.0, 20.0), (75.0, 50.0)), (8.0, 4.0))
    length = math.hypot(60.0, 30.0)
    ends = (-8.0, length + 4.0)

    def half_width(at):
        radius = 8.0 - 4.0 * (at - ends[0]) / (ends[1] - ends[0])
        beyond = max(-at, at - length, 0.0)
        return math.sqrt(max(radius**2 - beyond**2, 0.0))

    area = 2.0 * quad(half_width, *ends, points=(0.0, length))[0]
    assert picture.sum() == pytest.approx(area, rel=0.005)
    # nearly two half discs and the trapezium between them
    assert area == pytest.approx(40.0 * math.pi + length * 12.0, rel=0.02)


@pytest.mark.parametrize("ends", [((-30.0, 40.0), (-9.0, 40.0)), ((40.0, 300.0), (50.0, 200.0))])
def test_what_is_outside_needs_no_pixels(ends):
    assert capsule_picture(ends, (4.0, 4.0)).sum() == 0.0
    assert capsule_picture(((20.0, 20.0), (50.0, 50.0)), (0.0, 0.0)).sum() == 0.0


def test_at_an_edge_half_of_a_disc_is_left():
    for middle in ((0.0, 40.0), (96.0, 40.0), (48.0, 0.0), (48.0, 80.0)):
        picture = capsule_picture((middle, middle), (10.0, 10.0))
        assert picture.sum() == pytest.approx(50.0 * math.pi, rel=0.02)


@given(x=places, y=places, a=st.floats(2.0, 18.0), b=st.floats(2.0, 18.0))
def test_a_soft_ellipse_holds_a_third_of_its_area(x, y, a, b):
    ellipses = np.array([[x, y, a, b]])
    bands = ellipse_bands(ellipses, **SIZE)
    factors = ellipse_factors(ellipses, bands, strength=np.array([0.7]))
    cover = ellipse_covers(*factors, bands.length)
    # the integral of (1 - r^2)^2 over the unit disc is pi / 3
    assert laid(bands, cover).sum() == pytest.approx(0.7 * math.pi * a * b / 3.0, rel=0.06)


def stroke_picture(points, closed, half):
    strokes = Strokes(
        points=np.array([points], dtype=float),
        closed=np.array([closed]),
        halves=np.array([half]),
    )
    bands = stroke_bands(strokes, beyond=0.5, **SIZE)
    return laid(bands, np.clip(stroke_depths(strokes, bands) + 0.5, 0.0, 1.0))


@given(x=places, y=places, radius=st.floats(3.0, 15.0), turn=st.floats(0.0, 6.0))
def test_a_closed_stroke_is_filled(x, y, radius, turn):
    angles = turn + 2.0 * np.pi * np.arange(9) / 9
    points = np.stack([x + radius * np.cos(angles), y + radius * np.sin(angles)], axis=1)
    half = 1.3
    side = 2.0 * radius * math.sin(math.pi / 9)
    # Steiner: area, edge and corners of a convex shape widened by `half`
    area = 4.5 * radius**2 * math.sin(2.0 * math.pi / 9) + 9 * side * half + math.pi * half**2
    assert stroke_picture(points, True, half).sum() == pytest.approx(area, rel=0.03)


def test_an_open_stroke_is_a_line():
    points = np.stack([np.linspace(20.0, 60.0, 7), np.linspace(30.0, 45.0, 7)], axis=1)
    line = capsule_picture((points[0], points[-1]), (2.0, 2.0))
    assert np.abs(stroke_picture(points, False, 2.0) - line).max() < 2e-3


def test_a_crescent_is_not_filled_across():
    angles = np.linspace(0.0, np.pi, 8)
    outer = np.stack([48.0 + 20.0 * np.cos(angles), 20.0 + 24.0 * np.sin(angles)], axis=1)
    inner = np.stack([48.0 + 20.0 * np.cos(angles), 20.0 + 14.0 * np.sin(angles)], axis=1)[::-1]
    picture = stroke_picture(np.concatenate([outer, inner]), True, 0.5)
    assert picture[39, 48] == 1.0
    assert picture[25, 48] == 0.0
