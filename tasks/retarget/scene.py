"""One window of a sequence: its actors in one frame of reference, seen from one or more views."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.environment import environment_vector
from datasets_spec.schema import CLIP_FPS, PHYSICS_DIM
from tasks.label.parts import parts_in
from tasks.label.resolve import captions_in, frame_actions
from tasks.retarget.body import figure_joints, root_of
from tasks.retarget.camera import camera_of, dominant_move
from tasks.retarget.clip import StickClip
from tasks.retarget.face import face_tracks
from tasks.retarget.frame import clip_heading
from tasks.retarget.physics import relative_mass
from tasks.retarget.source_rate import source_measures
from tasks.retarget.view import automatic_view, pair_view, project, spread_views

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from datasets_spec.motion import MotionSequence
    from tasks.retarget.prepare import PreparedSequence, Track
    from tasks.retarget.windows import Window

__all__ = ["Scene", "clip_name", "cut_track", "make_scene", "scene_clips"]

_SLACK: Final = 1e-6


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """One window: what its actors and views share."""

    sequence: MotionSequence
    prepared: PreparedSequence
    window: Window
    number: int
    heading: NDArray[np.float64]
    origin: NDArray[np.float64]
    licence: str


def clip_name(sequence: MotionSequence, *, window: int, actor: int, view: int) -> str:
    """Id of a clip: source/sequence/window/actor/view."""
    return f"{sequence.source}/{sequence.sequence_id}/w{window:02d}/a{actor}/v{view}"


def cut_track(track: Track, window: Window) -> NDArray[np.float64]:
    """Points of a track in a window, shape (T, 15, 3), metres."""
    return track.points[window.start : window.stop]


def make_scene(
    sequence: MotionSequence,
    prepared: PreparedSequence,
    window: Window,
    *,
    number: int,
    licence: str,
) -> Scene:
    """A window with its heading (of the first actor), origin and floor."""
    first = slice(window.start, window.start + 1)
    origin = np.mean([root_of(track.points[first])[0] for track in prepared.tracks], axis=0)
    origin[1] = prepared.floor_m
    return Scene(
        sequence=sequence,
        prepared=prepared,
        window=window,
        number=number,
        heading=clip_heading(cut_track(prepared.tracks[0], window)),
        origin=origin,
        licence=licence,
    )


def _azimuths(scene: Scene, num_views: int) -> tuple[float, ...]:
    tracks = [cut_track(track, scene.window) for track in scene.prepared.tracks]
    if len(tracks) > 1:
        beside = pair_view(root_of(tracks[0]), root_of(tracks[1]), scene.heading)
        if beside is not None:
            return spread_views(beside, num_views)
    chosen = automatic_view(
        tracks[0],
        scene.heading,
        height=scene.prepared.height_m,
        fps=CLIP_FPS,
        locomotion=scene.sequence.locomotion,
    )
    return spread_views(chosen, num_views)


def scene_clips(scene: Scene, *, num_views: int) -> list[StickClip]:
    """The clips of a window: every view, and in it every actor."""
    frames = _source_frames(scene)
    measures = [
        source_measures(track.source[frames[0] : frames[1] + 1], fps=scene.prepared.fps)
        for track in scene.prepared.tracks
    ]
    words = [_words(scene, actor) for actor in range(len(measures))]
    clips = []
    for view, azimuth in enumerate(_azimuths(scene, num_views)):
        bodies = [
            project(
                (cut_track(track, scene.window) - scene.origin) / scene.prepared.height_m,
                scene.heading,
                azimuth_deg=azimuth,
            )
            for track in scene.prepared.tracks
        ]
        camera = camera_of(bodies, scene.sequence.shots, start_s=scene.window.start / CLIP_FPS)
        clips += [
            _clip(
                scene,
                body,
                actor=actor,
                view=(view, azimuth),
                camera=camera,
                words=words[actor],
                measures=measures[actor],
            )
            for actor, body in enumerate(bodies)
        ]
    return clips


def _source_frames(scene: Scene) -> tuple[int, int]:
    """First and last frame (inclusive, margins dropped) between which the window lies."""
    rate = scene.prepared.fps / CLIP_FPS
    last = scene.prepared.tracks[0].source.shape[0] - 1
    return (
        math.floor(scene.window.start * rate + _SLACK),
        min(math.ceil((scene.window.stop - 1) * rate - _SLACK), last),
    )


def _words(scene: Scene, actor: int) -> tuple[NDArray[np.uint8], tuple[str, ...], str]:
    """Actions a frame, captions, and who wrote them."""
    labels = scene.sequence.labels
    start_s, end_s = scene.window.start / CLIP_FPS, scene.window.stop / CLIP_FPS
    num_frames = scene.window.num_frames
    actions = frame_actions(
        labels, actor=actor, num_frames=num_frames, fps=float(CLIP_FPS), start_s=start_s
    )
    return actions, *captions_in(labels, actor=actor, start_s=start_s, end_s=end_s)


def _physics(scene: Scene, actor: int, azimuth: float) -> NDArray[np.float32]:
    """Velocity, acceleration, momentum (x, y) of the body centre, shape (T, 6)."""
    track, window = scene.prepared.tracks[actor], scene.window
    height = scene.prepared.height_m
    velocity, acceleration = (
        project(world[window.start : window.stop] / height, scene.heading, azimuth_deg=azimuth)
        for world in (track.velocity, track.acceleration)
    )
    out = np.empty((window.num_frames, PHYSICS_DIM), dtype=np.float32)
    out[:, 0:2] = velocity[:, :2]
    out[:, 2:4] = acceleration[:, :2]
    out[:, 4:6] = relative_mass(height) * velocity[:, :2]
    return out


def _clip(
    scene: Scene,
    body: NDArray[np.float64],
    *,
    actor: int,
    view: tuple[int, float],
    camera: NDArray[np.float32],
    words: tuple[NDArray[np.uint8], tuple[str, ...], str],
    measures: dict[str, float],
) -> StickClip:
    sequence, prepared, window = scene.sequence, scene.prepared, scene.window
    joints = figure_joints(body)
    first, last = _source_frames(scene)
    pair = len(prepared.tracks) == 2
    actions, captions, caption_source = words
    expression, speech = face_tracks(sequence, actor, window=window, fps=prepared.fps)
    start_s = window.start / CLIP_FPS

    def name(who: int) -> str:
        return clip_name(sequence, window=scene.number, actor=who, view=view[0])

    return StickClip(
        clip_id=name(actor),
        source=sequence.source,
        sequence_id=sequence.sequence_id,
        performance_id=sequence.performance_id,
        subject_id=f"{sequence.source}:{sequence.actors[actor].subject_id}",
        scene_id=f"{sequence.source}/{sequence.sequence_id}/w{scene.number:02d}/v{view[0]}",
        actor=actor,
        partner_clip_id=name(1 - actor) if pair else None,
        view_index=view[0],
        view_azimuth_deg=view[1],
        body_height_m=prepared.height_m,
        body_model=sequence.body_model,
        joints=joints[:, :, :2].astype(np.float32),
        depth=joints[:, :, 2].astype(np.float32),
        points=body.astype(np.float32),
        tracked_share=prepared.tracks[actor]
        .tracked_share[window.start : window.stop]
        .astype(np.float32),
        actions=actions,
        physics=_physics(scene, actor, view[1]),
        camera=camera,
        camera_move=dominant_move(sequence.shots, window.num_frames, start_s=start_s),
        expression=expression,
        speech=speech,
        environment=_environment(sequence),
        parts=parts_in(sequence.labels, actor=actor, start_s=start_s, num_frames=window.num_frames),
        captions=captions,
        caption_source=caption_source,
        style=sequence.style,
        symmetric=sequence.symmetric,
        licence=scene.licence,
        origin_path=sequence.origin.path,
        origin_sha256=sequence.origin.sha256,
        origin_first_frame=sequence.origin.first_frame + first,
        origin_last_frame=sequence.origin.first_frame + last,
        source_measures=dict(measures),
    )


def _environment(sequence: MotionSequence) -> NDArray[np.float32] | None:
    known = sequence.environment
    return None if known is None else environment_vector(known)
