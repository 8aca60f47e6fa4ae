"""What a page holds of a scene: plain JSON values, motion squeezed into text."""

from __future__ import annotations

import base64
import zlib
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.skeleton import NECK_RATIO
from stickgen_model.export.document import document_text
from stickgen_model.export.motion_file import motion_document
from stickgen_model.render import face_strokes
from stickgen_model.render.camera_plan import camera_views
from stickgen_model.render.depth import scene_depth
from stickgen_model.render.faces import face_track
from stickgen_model.render.figure import HEAD_RADIUS, PELVIS
from stickgen_model.render.looks import LOOKS
from stickgen_model.render.pieces import PIECE_RADII, PIECES
from stickgen_model.render.usual_camera import chosen_plan
from stickgen_model.text.plain import plain_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stickgen_model.animation import Animation
    from stickgen_model.render.config import RenderConfig
    from stickgen_model.render.faces import FaceTrack

    Floats = NDArray[np.float64]

__all__ = ["FACE_FEATURES", "figure_values", "look_values", "scene_values"]

_INT16: Final = 32767
_LEAST_STEP: Final = 1e-6
_INT8: Final = 127
_FACE_RANGE: Final = 2.0
"""Features of faces lie within it."""

FACE_FEATURES: Final = (
    "brow_height",
    "brow_tilt",
    "eye_open",
    "mouth_curve",
    "mouth_open",
    "mouth_width",
)
"""Numbers of a face, before its gaze (2) and the head's axes to its left ear and up (6)."""


_FACE_SHAPE: Final = (
    "CLOSED",
    "WIDTHS",
    "BALL",
    "LIMB",
    "EYE",
    "EYE_SIZE",
    "WIDE_EYED",
    "GAZE",
    "BROW",
    "BROW_HALF",
    "BROW_ARCH",
    "BROW_RISE",
    "BROW_TILT",
    "MOUTH_Y",
    "MOUTH_HALF",
    "SMILE",
    "LIPS",
    "ROUND",
    "FADE",
)


def scene_values(animation: Animation, config: RenderConfig) -> dict[str, Any]:
    """A scene as JSON values.

    Motion is base64: the pelvis as float32 (N, T, 3), then all joints from it as int16
    (N, T, 10, 3) in units of `step` H, little-endian; x, y and depth. Cameras: float32 (T, 7).
    Faces: int8 (N, T, 14).

    Args:
        animation: The scene.
        config: Camera and shape of the picture.
    """
    depth = scene_depth(animation)
    places = np.concatenate([animation.joints, depth[..., None]], axis=-1, dtype=np.float64)
    times = np.arange(animation.num_frames) / animation.fps
    plan = chosen_plan(animation, depth, config.camera, aspect=config.aspect)
    views = camera_views(animation, depth, plan, times, config.aspect)
    step, motion = _motion(places)
    cuts = sorted({int(np.searchsorted(times, cut)) for cut in plan.cuts})
    return {
        "title": plain_text(animation.title),
        "actors": animation.num_actors,
        "frames": animation.num_frames,
        "fps": animation.fps,
        "step": step,
        "motion": motion,
        "views": _base64(views.astype("<f4")),
        "cuts": [cut for cut in cuts if 0 < cut < animation.num_frames],
        "file": _packed(document_text(motion_document(animation)) + "\n"),
        "faces": _faces(face_track(animation, times, depth=depth)),
        "captions": [
            [round(float(c.start_s), 4), round(float(c.end_s), 4), plain_text(c.text)]
            for c in animation.captions
            if plain_text(c.text)
        ],
        "facts": {plain_text(str(k)): _plain(v) for k, v in sorted(animation.facts.items())},
    }


def _packed(text: str) -> str:
    return base64.b64encode(zlib.compress(text.encode("ascii"), 9)).decode("ascii")


def _plain(value: object) -> str | float:
    if isinstance(value, int | float) and np.isfinite(value):
        return value
    return plain_text(str(value))


def _base64(values: NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")


def _motion(places: Floats) -> tuple[float, str]:
    """Step and text of places (N, T, 10, 3): fine near each body, however far it goes."""
    roots = places[:, :, PELVIS].astype("<f4")
    near = places - roots[:, :, None]
    step = float(f"{max(float(np.abs(near).max()) / _INT16, _LEAST_STEP):.6e}")
    # the shortened step may be a little too small
    steps = np.clip(np.rint(near / step), -_INT16, _INT16).astype("<i2")
    joined = np.ascontiguousarray(roots).tobytes() + np.ascontiguousarray(steps).tobytes()
    return step, base64.b64encode(joined).decode("ascii")


def _faces(track: FaceTrack) -> str:
    features = np.stack([getattr(track, name) for name in FACE_FEATURES], axis=-1)
    numbers = np.concatenate([features, track.gaze], axis=-1) / _FACE_RANGE
    axes = track.axes[..., :2, :].reshape(*numbers.shape[:2], 6)
    joined = np.concatenate([numbers, axes], axis=-1)
    return _base64(np.rint(np.clip(joined, -1.0, 1.0) * _INT8).astype(np.int8))


def figure_values() -> dict[str, Any]:
    """What every figure is drawn of."""
    return {
        "neck": NECK_RATIO,
        "head": HEAD_RADIUS,
        "pieces": list(PIECES),
        "radii": np.round(PIECE_RADII, 5).tolist(),
        "face": _face_shape(),
    }


def _face_shape() -> dict[str, Any]:
    """The numbers of `render.face_strokes`, whose formulas the page follows for its own camera."""
    values = {name.lower(): getattr(face_strokes, f"_{name}") for name in _FACE_SHAPE}
    return {"points": face_strokes.NUM_POINTS, "range": _FACE_RANGE} | {
        name: np.round(value, 6).tolist() if isinstance(value, np.ndarray) else value
        for name, value in values.items()
    }


def look_values() -> dict[str, dict[str, Any]]:
    """The looks by name, each as JSON values of its fields."""
    return {name: asdict(look) for name, look in LOOKS.items()}
