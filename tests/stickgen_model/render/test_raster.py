"""Painted shapes against what geometry says of them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stickgen_model.render.raster import paint_capsule, paint_disc, paint_rectangle

WHITE = (255.0, 255.0, 255.0)


def black(rows=96, columns=128):
    return np.zeros((rows, columns, 3), dtype=np.uint8)


def area(image):
    """Covered pixels, parts of pixels among them; the soft border adds pi / 12 to a disc."""
    return image[..., 0].sum(dtype=np.float64) / 255.0


@settings(max_examples=40, deadline=None)
@given(st.floats(30, 98), st.floats(30, 66), st.floats(2, 28))
def test_a_disc_covers_its_area_around_its_middle(x, y, radius):
    image = black()
    paint_disc(image, (x, y), radius=radius, colour=WHITE)
    # a border pixel is off by a few hundredths
    assert area(image) == pytest.approx(math.pi * radius**2, abs=0.05 * 2 * math.pi * radius)
    weight = image[..., 0].astype(np.float64)
    rows, columns = np.indices(weight.shape) + 0.5
    middle = ((columns * weight).sum() / weight.sum(), (rows * weight).sum() / weight.sum())
    assert middle == pytest.approx((x, y), abs=0.05)


@settings(max_examples=40, deadline=None)
@given(
    st.tuples(st.floats(20, 108), st.floats(20, 76)),
    st.tuples(st.floats(20, 108), st.floats(20, 76)),
    st.floats(2, 12),
)
def test_a_limb_covers_a_rectangle_and_two_half_discs(start, end, radius):
    image = black()
    paint_capsule(image, start, end, radii=(radius, radius), colour=WHITE)
    expected = 2.0 * radius * math.dist(start, end) + math.pi * radius**2
    border = 2.0 * math.dist(start, end) + 2.0 * math.pi * radius
    assert area(image) == pytest.approx(expected, abs=0.05 * border)


def test_a_limb_that_narrows_is_as_wide_as_asked_at_both_ends():
    image = black()
    paint_capsule(image, (20, 48), (100, 48), radii=(12.0, 4.0), colour=WHITE)
    widths = image[:, :, 0].sum(axis=0, dtype=np.float64) / 255.0
    assert [widths[20], widths[60], widths[99]] == pytest.approx([24.0, 16.0, 8.0], abs=0.6)


def test_thin_lines_fade_in_place_of_breaking():
    lengths = []
    for radius in (0.5, 0.25):
        image = black()
        paint_capsule(image, (20, 30), (100, 70), radii=(radius, radius), colour=WHITE)
        assert (image[:, 21:99, 0].max(axis=0) > 0).all()
        lengths.append(area(image))
    assert lengths[1] == pytest.approx(0.5 * lengths[0], rel=0.05)


def test_shapes_are_cut_at_the_border_and_left_out_beyond_it():
    whole, cut = black(96, 200), black(96, 128)
    for image in (whole, cut):
        paint_capsule(image, (100, 40), (190, 60), radii=(9.0, 5.0), colour=WHITE)
        paint_disc(image, (-300.0, 20.0), radius=40.0, colour=WHITE)
        paint_disc(image, (20.0, 1e6), radius=40.0, colour=WHITE)
    assert np.array_equal(whole[:, :128], cut)


def test_an_edge_lies_around_the_shape():
    image = black()
    paint_disc(image, (64, 48), radius=10.0, colour=(255, 0, 0))
    edged = black()
    paint_capsule(
        edged, (64, 48), (64, 48), radii=(10.0, 10.0), colour=(255, 0, 0), edge=(3.0, (0, 255, 0))
    )
    assert np.abs(edged[..., 0].astype(int) - image[..., 0]).max() <= 1
    ring = edged[..., 1].sum(dtype=np.float64) / 255.0
    assert ring == pytest.approx(math.pi * (13.0**2 - 10.0**2), rel=0.03)


def test_a_rectangle_covers_parts_of_pixels():
    image = black()
    paint_rectangle(image, (10.25, 5.5), (20.5, 8.0), colour=WHITE)
    assert area(image) == pytest.approx(10.25 * 2.5, rel=0.01)
    assert image[6, 10, 0] == pytest.approx(0.75 * 255, abs=1)
    paint_rectangle(image, (300, 5), (400, 9), colour=WHITE)
    assert not image[:, 21:].any()


def test_cover_mixes_colours():
    image = np.full((9, 9, 3), 100, dtype=np.uint8)
    paint_disc(image, (4.5, 4.5), radius=3.0, colour=(200, 0, 100, 0.5))
    assert image[4, 4].tolist() == [150, 50, 100]
    assert image[0, 0].tolist() == [100, 100, 100]
