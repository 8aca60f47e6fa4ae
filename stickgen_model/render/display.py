"""Display list: what lies where in every frame of a film, before a pixel is touched.

Whatever draws (pixels, SVG) draws this. Letters of shapes: F frames of the film, N actors,
K = N * pieces.NUM_PIECES pieces, S = N * shadows.SHADOWS_EACH shadows. Pixels: x to the right, y
down, the middle of the first pixel is (0.5, 0.5). Faces: B strokes of P points.

From back to front: page and ground, shadows, pieces in their order (after the disc of a head its
inside and its face), caption.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from stickgen_model.render.camera_plan import camera_views
from stickgen_model.render.captions import caption_numbers, plain_text
from stickgen_model.render.depth import scene_depth
from stickgen_model.render.face_strokes import face_strokes
from stickgen_model.render.faces import face_track
from stickgen_model.render.pieces import (
    HEAD_PIECE,
    NECK_PIECE,
    NUM_PIECES,
    PIECE_RADII,
    piece_colours,
    piece_ends,
)
from stickgen_model.render.projection import View, cut_near
from stickgen_model.render.resample import film_times, values_at
from stickgen_model.render.shadows import shadow_ellipses
from stickgen_model.render.usual_camera import chosen_plan

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stickgen_model.animation import Animation
    from stickgen_model.render.config import RenderConfig

    Floats = NDArray[np.float64]
    Singles = NDArray[np.float32]

__all__ = ["DisplayList", "display_list"]

_SMALLEST_FACE: Final = (3.0, 5.0)
"""Radius of a head, pixels: below the first no face is drawn, from the second on all of it."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class DisplayList:
    """A film as arrays.

    Attributes:
        config: What was asked for: size, look, colours.
        times: Seconds of the frames in the scene, shape (F,).
        views: Viewpoints, shape (F, 7).
        horizon: Row of the level horizon, pixels, may be outside the picture, shape (F,).
        ends: Ends of the pieces, (x, y), pixels, shape (F, K, 2, 2).
        radii: Radii at the ends, pixels; both 0 where a piece is not drawn, shape (F, K, 2).
        order: Numbers of pieces from the furthest to the nearest, shape (F, K).
        colours: RGB of the pieces, shape (K, 3).
        outlines: Width of the line around the heads, pixels, shape (F, N).
        face_points: Strokes of faces, (x, y), pixels, shape (F, N, B, P, 2).
        face_covers: 0 = hidden .. 1, shape (F, N, B).
        face_widths: Of the lines, pixels, shape (F, N, B). They have the colour of the head.
        face_closed: Whether a stroke is a filled outline, shape (B,).
        shadows: Centre (x, y) and half axes (aside, down), pixels, shape (F, S, 4).
        shadow_covers: Cover of the middle of a shadow, 0..1, shape (F, S).
        captions: Texts, one line each, no controls.
        caption_numbers: Which of them is shown, -1 = none, shape (F,).
    """

    config: RenderConfig
    times: Floats
    views: Floats
    horizon: Singles
    ends: Singles
    radii: Singles
    order: NDArray[np.int16]
    colours: NDArray[np.uint8]
    outlines: Singles
    face_points: Singles
    face_covers: Singles
    face_widths: Singles
    face_closed: NDArray[np.bool_]
    shadows: Singles
    shadow_covers: Singles
    captions: tuple[str, ...]
    caption_numbers: NDArray[np.int32]

    @property
    def num_frames(self) -> int:
        """Frames of the film."""
        return len(self.times)

    @property
    def num_actors(self) -> int:
        """People in the scene."""
        return int(self.outlines.shape[1])


def display_list(
    animation: Animation, config: RenderConfig, *, times: NDArray[np.floating] | None = None
) -> DisplayList:
    """Lay a scene out.

    Args:
        animation: The scene.
        config: Size, frame rate, look, camera.
        times: Seconds of the frames, shape (F,); None = all of the film.
    """
    at = film_times(animation, config.fps) if times is None else np.asarray(times, np.float64)
    joints = values_at(animation.joints, at, animation.fps)
    depth = scene_depth(animation)
    deep = values_at(depth, at, animation.fps)
    points = np.concatenate([joints, deep[..., None]], axis=-1).transpose(1, 0, 2, 3)
    # who composites a scene moves it about: the camera must not
    still = config.look_spec.transparent
    plan = chosen_plan(animation, depth, config.camera, aspect=config.aspect, still=still)
    views = camera_views(animation, depth, plan, at, config.aspect)
    view = View(views, width=config.width, height=config.height)
    ends, radii, ahead = _pieces(view, points, thickness=config.thickness * config.look_spec.line)
    shadows, covers = shadow_ellipses(view, points)
    heads = radii[:, HEAD_PIECE::NUM_PIECES, 0]
    faces = _faces(animation, depth, view, (at, ends[:, HEAD_PIECE::NUM_PIECES, 0], heads))
    count = len(at)
    return DisplayList(
        config=config,
        times=at,
        views=views,
        horizon=view.horizon().astype(np.float32),
        ends=ends.astype(np.float32),
        radii=radii.astype(np.float32),
        order=np.argsort(-ahead, axis=1, kind="stable").astype(np.int16),
        colours=piece_colours(config.look_spec, config.colours, animation.num_actors),
        outlines=(heads * _outline_share(config)).astype(np.float32),
        face_points=faces.points.astype(np.float32),
        face_covers=(faces.covers * config.faces).astype(np.float32),
        face_widths=faces.widths.astype(np.float32),
        face_closed=faces.closed,
        shadows=shadows.reshape(count, -1, 4).astype(np.float32),
        shadow_covers=_shadow_covers(covers.reshape(count, -1), config),
        captions=tuple(plain_text(caption.text) for caption in animation.captions),
        caption_numbers=caption_numbers(animation.captions if config.captions else (), at),
    )


def _pieces(view: View, points: Floats, *, thickness: float) -> tuple[Floats, Floats, Floats]:
    """Ends and radii of the pieces, pixels, and how far away they are drawn, H.

    Args:
        view: Cameras.
        points: Joints, H, shape (F, N, 10, 3).
        thickness: Factor of the radii of limbs.

    Returns:
        Shapes (F, K, 2, 2), (F, K, 2), (F, K).
    """
    frames, actors = points.shape[:2]
    seen = view.see(piece_ends(points))
    ahead = seen[..., 2].mean(axis=-1)
    # the head hides the end of its own neck
    nearer = np.minimum(ahead[..., HEAD_PIECE], ahead[..., NECK_PIECE])
    ahead[..., HEAD_PIECE] = nearer - 1e-4
    cut, drawn = cut_near(seen)
    widths = PIECE_RADII * thickness
    widths[HEAD_PIECE] = PIECE_RADII[HEAD_PIECE]
    radii = np.where(drawn[..., None], view.sizes(widths, cut), 0.0)
    pieces = (frames, actors * NUM_PIECES)
    ends = view.pixels(cut).reshape(*pieces, 2, 2)
    return ends, radii.reshape(*pieces, 2), ahead.reshape(pieces)


def _outline_share(config: RenderConfig) -> float:
    """Width of the line around a head, in its radii."""
    share = config.look_spec.outline * config.thickness / float(PIECE_RADII[HEAD_PIECE, 0])
    return min(share, 0.5)


def _shadow_covers(covers: Floats, config: RenderConfig) -> Singles:
    strength = config.look_spec.shadow_cover if config.shadow else 0.0
    return (strength * covers).astype(np.float32)


class _Faces(NamedTuple):
    """Parts of a display list."""

    points: Floats
    covers: Floats
    widths: Floats
    closed: NDArray[np.bool_]


def _faces(
    animation: Animation,
    depth: NDArray[np.float32],
    view: View,
    places: tuple[Floats, Floats, Floats],
) -> _Faces:
    """Faces in pixels.

    Args:
        animation: The scene.
        depth: Of it, H, shape (N, T, 10).
        view: Cameras.
        places: Seconds of the frames, shape (F,); middles of the heads, pixels, shape (F, N, 2);
            their radii, shape (F, N).
    """
    times, middles, radii = places
    strokes = face_strokes(face_track(animation, times, depth=depth), view.axes)
    low, high = _SMALLEST_FACE
    large = np.clip((radii - low) / (high - low), 0.0, 1.0)
    scaled = strokes.points.transpose(1, 0, 2, 3, 4) * np.array([1.0, -1.0])
    return _Faces(
        points=middles[:, :, None, None] + radii[..., None, None, None] * scaled,
        covers=strokes.cover.transpose(1, 0, 2) * large[..., None],
        widths=radii[..., None] * strokes.widths,
        closed=strokes.closed,
    )
