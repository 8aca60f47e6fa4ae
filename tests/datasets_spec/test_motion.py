from __future__ import annotations

import numpy as np
import pytest

from datasets_spec.motion import ActorMotion, MotionSequence, Origin, Shot

POINTS = np.zeros((5, 15, 3), dtype=np.float32)


def sequence(**fields) -> MotionSequence:
    actor = ActorMotion(points=POINTS, subject_id="s", **fields.pop("actor", {}))
    return MotionSequence(
        source="x",
        sequence_id="x/1",
        performance_id="1",
        fps=25.0,
        actors=(actor,),
        origin=Origin(path="x", sha256="0"),
        **fields,
    )


def test_faces_of_known_ids_are_taken() -> None:
    made = sequence(
        actor={
            "expression": np.array([0, 5, 1, 2, 3], dtype=np.uint8),
            "speech": np.array([255, 0, 3, 1, 255], dtype=np.uint8),
        }
    )
    assert made.actors[0].speech is not None


@pytest.mark.parametrize(
    "actor",
    [
        {"expression": np.full(5, 6, dtype=np.uint8)},
        {"expression": np.full(5, 255, dtype=np.uint8)},
        {"speech": np.full(5, 4, dtype=np.uint8)},
        {"speech": np.zeros(4, dtype=np.uint8)},
        {"expression": np.zeros(5, dtype=np.int64)},
    ],
)
def test_other_ids_lengths_and_types_are_refused(actor) -> None:
    with pytest.raises(ValueError, match=r"x/1: .* expected uint8 ids"):
        sequence(actor=actor)


def test_a_scene_number_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="scene number"):
        sequence(environment={"warmth": 1.0})


@pytest.mark.parametrize(
    "fields",
    [
        {"move": "dutch", "start_s": 0.0, "end_s": 1.0},
        {"move": "pan", "start_s": 0.0, "end_s": 1.0, "easing": "bounce"},
        {"move": "pan", "start_s": 1.0, "end_s": 1.0},
    ],
)
def test_a_shot_that_makes_no_sense_is_refused(fields) -> None:
    with pytest.raises(ValueError, match="expected"):
        Shot(**fields)
