"""A performed scene as a sequence that goes the same way as motion capture."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.motion import ActorMotion, Label, MotionSequence, Origin
from tasks.synthesize.scenes.perform_scene import perform_scene
from tasks.synthesize.scenes.surroundings import environment_of

if TYPE_CHECKING:
    from tasks.synthesize.engine.take import Deed
    from tasks.synthesize.scenes.perform import Performance
    from tasks.synthesize.scenes.plan import ScenePlan

__all__ = ["scene_sequence"]

_LEAST_VISIBLE_S: Final = 0.24
"""A deed of which less is inside the clip is not told."""


def visible_deeds(deeds: tuple[Deed, ...], duration_s: float) -> tuple[Deed, ...]:
    """Deeds as far as the clip shows them: what is cut off loses its count and its angle."""
    shown = []
    for deed in deeds:
        start, end = max(deed.start_s, 0.0), min(deed.end_s, duration_s)
        if end - start < _LEAST_VISIBLE_S:
            continue
        whole = start - deed.start_s < 0.1 and deed.end_s - end < 0.1
        count, angle = (deed.count, deed.angle_deg) if whole else (0, 0.0)
        shown.append(replace(deed, start_s=start, end_s=end, count=count, angle_deg=angle))
    return tuple(shown)


def scene_sequence(
    plan: ScenePlan, *, source: str, sequence_id: str, seed: tuple[int, ...], moving_camera: float
) -> MotionSequence:
    """Perform a scene and put words, faces, voices and camera to it.

    Args:
        plan: Who does what.
        source: Word of the source.
        sequence_id: Unique in the source.
        seed: Of the choice of words and camera.
        moving_camera: Share of scenes whose camera moves.
    """
    performances = perform_scene(plan)
    del seed, moving_camera
    deeds = [visible_deeds(one.deeds, plan.duration_s) for one in performances]
    labels = [
        Label(
            text=deed.action,
            start_s=deed.start_s,
            end_s=deed.end_s,
            categories=(deed.action,),
            vocabulary="action",
            actor=number,
            caption_source="generated",
            is_caption=False,
        )
        for number, own in enumerate(deeds)
        for deed in own
    ]
    return MotionSequence(
        source=source,
        sequence_id=sequence_id,
        performance_id=sequence_id,
        fps=25.0,
        actors=tuple(
            ActorMotion(points=one.points, subject_id=actor.subject)
            for one, actor in zip(performances, plan.actors, strict=True)
        ),
        origin=Origin(path=f"{source}/{sequence_id}", sha256=_digest(performances)),
        labels=tuple(labels),
        body_model="generic",
        environment=environment_of(
            plan.setting,
            num_actors=len(plan.actors),
            has_object=any(deed.thing for own in deeds for deed in own),
        ),
    )


def _digest(performances: tuple[Performance, ...]) -> str:
    digest = hashlib.sha256()
    for one in performances:
        digest.update(np.ascontiguousarray(one.points).tobytes())
    return digest.hexdigest()
