"""What the camera does in a scene: shots with cuts between them, and the viewpoints they give.

A plan is a list of shots (`datasets_spec.shot.Shot`): each runs from its first to its last key
frame by its easing. Where a shot begins or ends the picture cuts; where none is, the camera stands
still and holds everybody. Of shots that overlap the later in the list rules.

Plans as text: `static 2s; orbit 3s 180deg; zoom 1s @1` (`stickgen_model.render.camera_text`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.errors import ConfigError
from datasets_spec.shot import Shot
from datasets_spec.vocabulary import CAMERA_MOVES
from stickgen_model.render.camera_moves import Stage, shot_views
from stickgen_model.render.camera_text import parse_shots
from stickgen_model.render.stored_camera import stored_views

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stickgen_model.animation import Animation

    Floats = NDArray[np.float64]

__all__ = ["CAMERAS", "STORED", "CameraPlan", "camera_plan", "camera_views"]

STORED: Final = "stored"
CAMERAS: Final = (*CAMERA_MOVES, STORED)
"""What `camera_plan` makes of one word."""
_SHOWN: Final = 60
_GRID_FPS: Final = 25.0
"""A shot is framed at least so finely."""
_LARGEST: Final = {"pan": 20.0, "crane": 20.0, "track": 10.0, "orbit": 40.0 * math.pi}
_FACTORS: Final = (0.1, 10.0)
_ASPECTS: Final = (0.1, 10.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class CameraPlan:
    """What the camera does.

    Attributes:
        shots: In any order; where none is, the camera stands still.
        stored: Use the camera of the scene itself in place of shots.
    """

    shots: tuple[Shot, ...] = ()
    stored: bool = False

    def __post_init__(self) -> None:
        """Refuse what no camera can do.

        Raises:
            ConfigError: With all faults at once.
        """
        faults = [fault for shot in self.shots for fault in _faults(shot)]
        if self.stored and self.shots:
            faults.append("camera: expected shots or the stored camera, got both")
        if faults:
            msg = "; ".join(faults)
            raise ConfigError(msg)

    @property
    def cuts(self) -> tuple[float, ...]:
        """Seconds at which the picture may jump, ascending."""
        edges = {edge for shot in self.shots for edge in (shot.start_s, shot.end_s)}
        return tuple(sorted(edges))


def _faults(shot: Shot) -> list[str]:
    faults = []
    numbers = (shot.start_s, shot.end_s, shot.amount)
    if not all(math.isfinite(number) for number in numbers) or shot.start_s < 0.0:
        faults.append(f"shot {shot.move}: expected finite numbers from second 0 on, got {numbers}")
    elif shot.amount and shot.move in {"zoom", "dolly"}:
        if not _FACTORS[0] <= shot.amount <= _FACTORS[1]:
            faults.append(
                f"shot {shot.move}: expected an enlargement of {_FACTORS[0]:g}..{_FACTORS[1]:g}, "
                f"got {shot.amount:g}"
            )
    elif abs(shot.amount) > _LARGEST.get(shot.move, math.inf):
        most = _LARGEST[shot.move]
        faults.append(f"shot {shot.move}: expected at most {most:g}, got {shot.amount:g}")
    if shot.move == "track" and shot.amount < 0.0:
        faults.append(f"shot track: expected a lag of 0 s or more, got {shot.amount:g}")
    if shot.follow is not None and shot.follow < 0:
        faults.append(f"shot {shot.move}: expected an actor from 0 on, got {shot.follow}")
    return faults


def camera_plan(
    name: str, seconds: float, *, follow: int | None = None, amount: float = 0.0
) -> CameraPlan:
    """The plan of a word or of a text.

    Args:
        name: A word of `CAMERAS`, for all of a scene, or several shots as of `camera_text`.
        seconds: Length of the scene, above 0.
        follow: Actor whom the camera keeps; None = all. In a text: where a shot names nobody.
        amount: How much, by move as of `Shot`; 0 = usual. A text names its own.

    Raises:
        ConfigError: If a word is unknown or a number is out of its range.
    """
    if not (math.isfinite(seconds) and seconds > 0.0):
        msg = f"camera: expected a scene longer than 0 s, got {seconds}"
        raise ConfigError(msg)
    if ";" in name or len(name.split()) > 1:
        if amount:
            msg = f"camera: expected amounts in the text of the shots, got {amount:g} besides"
            raise ConfigError(msg)
        shots = parse_shots(name, seconds)
        return CameraPlan(
            shots=tuple(replace(s, follow=follow if s.follow is None else s.follow) for s in shots)
        )
    word = name.strip().lower()
    if word not in CAMERAS:
        msg = (
            f"camera: expected one of {', '.join(CAMERAS)}, or shots like 'static 2s; orbit 3s'; "
            f"got {name[:_SHOWN]!r}"
        )
        raise ConfigError(msg)
    if word == STORED:
        return CameraPlan(stored=True)
    shot = Shot(move=word, start_s=0.0, end_s=seconds, follow=follow, amount=amount)
    return CameraPlan(shots=(shot,))


def camera_views(
    animation: Animation,
    depth: NDArray[np.floating],
    plan: CameraPlan,
    times: NDArray[np.floating],
    aspect: float,
) -> Floats:
    """Where the camera is: all joints of whom it follows lie in the picture, never on its edge.

    A viewpoint depends on its time alone, not on which other times are asked for.

    Args:
        animation: The scene.
        depth: As of `scene_depth`, H, shape (N, T, 10).
        plan: What the camera does.
        times: Seconds, in any order, shape (F,).
        aspect: Width by height of the picture.

    Returns:
        Position, target and field of view (between upper and lower edge), shape (F, 7).

    Raises:
        ConfigError: If the plan follows an actor who is not there, or asks for a stored camera
            where none is, or the picture is no picture.
    """
    _check(animation, plan, aspect)
    points = np.concatenate([animation.joints, depth[..., None]], axis=-1, dtype=np.float64)
    points = points.transpose(1, 0, 2, 3)
    at = np.asarray(times, dtype=np.float64)
    if plan.stored and animation.camera is not None:
        track = np.asarray(animation.camera, dtype=np.float64)
        return stored_views(track, points, frames=at * animation.fps, aspect=aspect)
    views = np.empty((len(at), 7))
    stretches = _stretches(plan.shots, max(animation.seconds, float(at.max(initial=0.0))))
    # what lies before the first or after the last belongs to them
    owner = np.searchsorted([start for (start, _), _ in stretches], at, side="right") - 1
    owner = np.clip(owner, 0, len(stretches) - 1)
    for number, ((start, stop), shot) in enumerate(stretches):
        inside = owner == number
        if not inside.any():
            continue
        grid = _grid(start, stop, fps=animation.fps)
        stage = Stage(
            times=grid,
            points=_between(points, grid * animation.fps),
            followed=_followed(shot, animation.num_actors),
        )
        views[inside] = shot_views(shot, stage, at[inside], aspect=aspect)
    return views


def _followed(shot: Shot, num_actors: int) -> NDArray[np.bool_]:
    return np.array([shot.follow in (None, actor) for actor in range(num_actors)])


def _check(animation: Animation, plan: CameraPlan, aspect: float) -> None:
    faults = [
        f"shot {shot.move}: expected an actor 0..{animation.num_actors - 1}, got {shot.follow}"
        for shot in plan.shots
        if shot.follow is not None and shot.follow >= animation.num_actors
    ]
    if plan.stored and animation.camera is None:
        faults.append(
            "camera: expected a scene that has its own camera, got one without; use one of "
            + ", ".join(CAMERA_MOVES)
        )
    if not _ASPECTS[0] <= aspect <= _ASPECTS[1]:
        faults.append(
            f"camera: expected width by height of {_ASPECTS[0]:g}..{_ASPECTS[1]:g}, got {aspect}"
        )
    if faults:
        msg = "; ".join(faults)
        raise ConfigError(msg)


def _stretches(shots: Sequence[Shot], end: float) -> list[tuple[tuple[float, float], Shot]]:
    """Who rules when: spans from 0 to the end, each of one shot; in gaps the camera stands."""
    inner = {edge for shot in shots for edge in (shot.start_s, shot.end_s)}
    edges = sorted({0.0, end} | {edge for edge in inner if 0.0 < edge < end})
    found: list[tuple[tuple[float, float], Shot]] = []
    for start, stop in pairwise(edges):
        ruling = [shot for shot in shots if shot.start_s <= start and shot.end_s >= stop]
        shot = ruling[-1] if ruling else Shot(move="static", start_s=start, end_s=stop)
        goes_on = bool(found) and found[-1][1] is shot
        first = found.pop()[0][0] if goes_on else start
        found.append(((first, stop), shot))
    return found


def _grid(start: float, stop: float, *, fps: float) -> Floats:
    """Times at which a shot is framed, its first and last included."""
    count = math.ceil((stop - start) * max(fps, _GRID_FPS))
    return np.linspace(start, stop, max(count, 1) + 1)


def _between(points: Floats, frames: Floats) -> Floats:
    """Points between frames, shape (T, ...), at frame numbers that need not be whole."""
    at = np.clip(frames, 0.0, len(points) - 1.0)
    low = np.floor(at).astype(np.intp)
    share = (at - low).reshape(-1, *[1] * (points.ndim - 1))
    high = np.minimum(low + 1, len(points) - 1)
    return np.asarray(points[low] * (1.0 - share) + points[high] * share)
