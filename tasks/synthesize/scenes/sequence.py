"""A performed scene as a sequence that goes the same way as motion capture."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.motion import ActorMotion, Label, MotionSequence, Origin
from datasets_spec.vocabulary import SPEECH_KINDS
from tasks.synthesize.engine.take import Deed
from tasks.synthesize.scenes.perform import ENGINE_FPS
from tasks.synthesize.scenes.perform_scene import perform_scene
from tasks.synthesize.tracks.expression import expression_track
from tasks.synthesize.tracks.shots import scene_shots
from tasks.synthesize.tracks.speech import speech_track
from tasks.synthesize.tracks.surroundings import scene_numbers
from tasks.synthesize.words.scene_captions import Role, SceneCaptions, describe_scene

if TYPE_CHECKING:
    from datasets_spec.shot import Shot
    from tasks.synthesize.scenes.perform import Performance
    from tasks.synthesize.scenes.plan import ScenePlan

__all__ = ["SceneOptions", "scene_sequence", "visible_deeds"]

_LEAST_VISIBLE_S: Final = 0.24
"""A deed of which less is inside the clip is not told."""
_CUT_S: Final = 0.1
"""A deed of which more is cut off is not told with its count and its angle."""
_UNCOUNTED: Final = frozenset({"turn", "march", "walk", "run", "fight", "handshake"})
"""Their count is one of steps, blows or shakes: nobody means that by fighting somebody twice."""

Voices = tuple[tuple[float, float, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SceneOptions:
    """What goes with the motion."""

    source: str
    sequence_id: str
    """Unique in the source."""
    seed: tuple[int, ...]
    """Of the choice of words and camera."""
    moving_camera: float = 0.5
    """Chance that the camera moves, unless shots are given."""
    performance_id: str = ""
    """Empty: the sequence is a performance of its own."""
    shots: tuple[Shot, ...] | None = None
    voices: tuple[Voices, ...] = ()
    """Of each actor: lines that are said, as start, end, kind of speech."""
    style: str = ""


def visible_deeds(deeds: tuple[Deed, ...], duration_s: float) -> tuple[Deed, ...]:
    """Deeds as far as the clip shows them; what is cut off loses its count and its angle."""
    shown = []
    for deed in deeds:
        start, end = max(deed.start_s, 0.0), min(deed.end_s, duration_s)
        if end - start < min(_LEAST_VISIBLE_S, deed.end_s - deed.start_s):
            continue
        whole = start - deed.start_s < _CUT_S and deed.end_s - end < _CUT_S
        count = deed.count if whole and deed.action not in _UNCOUNTED else 0
        angle = deed.angle_deg if whole else 0.0
        shown.append(replace(deed, start_s=start, end_s=end, count=count, angle_deg=angle))
    return tuple(shown)


def scene_sequence(plan: ScenePlan, options: SceneOptions) -> MotionSequence:
    """Perform a scene and put words, faces, voices and camera to it.

    Args:
        plan: Who does what.
        options: Names, chance and wishes.

    Raises:
        ValueError: If the scene cannot be played.
    """
    performances = perform_scene(plan)
    deeds = [_told(one.deeds, plan.duration_s) for one in performances]
    rng = np.random.default_rng((*options.seed, 7006))
    roles = [
        Role(deeds=own, manner=actor.manner, noun=actor.noun)
        for own, actor in zip(deeds, plan.actors, strict=True)
    ]
    captions = describe_scene(roles, plan.setting, rng=rng, meetings=plan.meetings)
    shots = options.shots
    if shots is None:
        shots = scene_shots(deeds, plan.duration_s, rng, static_share=1.0 - options.moving_camera)
    single = len(plan.actors) == 1
    return MotionSequence(
        source=options.source,
        sequence_id=options.sequence_id,
        performance_id=options.performance_id or options.sequence_id,
        fps=ENGINE_FPS,
        actors=tuple(_actor(plan, performances, deeds, options, k) for k in range(len(roles))),
        origin=Origin(path=f"{options.source}/{options.sequence_id}", sha256=_digest(performances)),
        labels=_labels(deeds, captions) + _resting(performances, deeds),
        style=plan.actors[0].manner.style if single else "",
        body_model="generic",
        symmetric=not any(deed.side or deed.direction in _SIDED for own in deeds for deed in own),
        shots=shots,
        environment=scene_numbers(
            plan.setting,
            num_actors=len(plan.actors),
            has_object=any(deed.thing for own in deeds for deed in own),
            yaw=plan.actors[0].placement.yaw,
        ),
    )


_SIDED: Final = frozenset({"left", "right"})


def _told(deeds: tuple[Deed, ...], duration_s: float) -> tuple[Deed, ...]:
    """Visible deeds; who does nothing stands, and that is what is told."""
    shown = visible_deeds(deeds, duration_s)
    return shown or (Deed(action="idle", start_s=0.0, end_s=duration_s),)


def _actor(
    plan: ScenePlan,
    performances: tuple[Performance, ...],
    deeds: list[tuple[Deed, ...]],
    options: SceneOptions,
    number: int,
) -> ActorMotion:
    points, actor = performances[number].points, plan.actors[number]
    duration_s = (len(points) - 1) / ENGINE_FPS
    rng = np.random.default_rng((*options.seed, 7007, number))
    speech = speech_track(deeds[number], duration_s, rng)
    for start, end, kind in options.voices[number] if options.voices else ():
        first, last = round(start * ENGINE_FPS), round(end * ENGINE_FPS)
        speech[first:last] = SPEECH_KINDS.index(kind)
    return ActorMotion(
        points=points,
        subject_id=actor.subject,
        expression=expression_track(deeds[number], actor.manner, duration_s),
        speech=speech,
    )


def _labels(deeds: list[tuple[Deed, ...]], captions: SceneCaptions) -> tuple[Label, ...]:
    """Whole-clip captions of the scene and of each actor, and one part a deed."""
    several = len(deeds) > 1
    labels = [_caption(text) for text in captions.scene if several]
    for number, (own, told) in enumerate(zip(deeds, captions.actors, strict=True)):
        labels += [_caption(text, actor=number) for text in told.whole]
        labels += [
            Label(
                text=text,
                start_s=deed.start_s,
                end_s=deed.end_s,
                categories=(deed.action,),
                vocabulary="action",
                actor=number,
                caption_source="generated",
                is_caption=False,
                part=True,
            )
            for deed, text in zip(own, told.parts, strict=True)
        ]
    return tuple(labels)


def _resting(
    performances: tuple[Performance, ...], deeds: list[tuple[Deed, ...]]
) -> tuple[Label, ...]:
    """Actions of the frames in which nobody does anything worth telling."""
    return tuple(
        Label(
            text="",
            start_s=rest.start_s,
            end_s=rest.end_s,
            categories=(rest.action,),
            vocabulary="action",
            actor=number,
            caption_source="generated",
            is_caption=False,
        )
        for number, (one, own) in enumerate(zip(performances, deeds, strict=True))
        # without any deed the whole clip is told as standing
        for rest in (one.rests if one.deeds and own else ())
    )


def _caption(text: str, *, actor: int | None = None) -> Label:
    """A caption of the whole; actions come from the parts, so its words are not matched."""
    return Label(text=text, actor=actor, vocabulary="action", caption_source="generated")


def _digest(performances: tuple[Performance, ...]) -> str:
    digest = hashlib.sha256()
    for one in performances:
        digest.update(np.ascontiguousarray(one.points).tobytes())
    return digest.hexdigest()
