from __future__ import annotations

import math

import numpy as np
import pytest

from datasets_spec.environment import (
    ENVIRONMENT_FEATURES,
    environment_mapping,
    environment_vector,
    feature_index,
)


def test_there_are_32_numbers_of_distinct_names() -> None:
    assert len({spec.name for spec in ENVIRONMENT_FEATURES}) == 32
    assert all(spec.low < spec.high and spec.meaning for spec in ENVIRONMENT_FEATURES)


def test_known_numbers_come_back_and_the_rest_is_unknown() -> None:
    known = {"gravity": 1.625, "ground_ice": 1.0, "wind_x": -4.0}
    vector = environment_vector({**known, "light": math.nan})
    assert vector.shape == (32,)
    assert vector[feature_index("wind_x")] == -4.0
    assert np.isnan(vector).sum() == 29
    assert environment_mapping(vector) == known


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({"warmth": 1.0}, "expected a scene number"),
        ({"friction": 2.0}, r"friction: expected 0..1.5 1, got 2"),
    ],
)
def test_what_is_no_scene_number_is_refused(known, words) -> None:
    with pytest.raises(ValueError, match=words):
        environment_vector(known)


def test_a_vector_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        environment_mapping(np.zeros(31, dtype=np.float32))
