"""What is asked of a picture or a film."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError
from stickgen_model.render.looks import LOOKS, Look

if TYPE_CHECKING:
    from pathlib import Path

    from stickgen_model.render.camera_plan import CameraPlan

__all__ = ["COLOURS", "FPS_RANGE", "SIDE_RANGE", "RenderConfig"]

COLOURS: Final = ("side", "actor", "plain")
SIDE_RANGE: Final = (16, 4096)
"""Pixels, width and height."""
FPS_RANGE: Final = (1.0, 120.0)
_THICKNESS: Final = (0.1, 5.0)
_LONGEST_NAME: Final = 60
_ASPECT: Final = 10.0


@dataclass(frozen=True, kw_only=True, slots=True)
class RenderConfig:
    """How a scene is shown.

    Attributes:
        width: Pixels.
        height: Pixels.
        fps: Frames a second; 25 to 60 is usual. Poses between those of the scene are interpolated.
        look: One of `looks.LOOKS`.
        colours: By side of the body, by actor, or plain.
        captions: Show the captions of the scene.
        faces: Draw eyes, brows and mouths.
        ground: Draw the ground up to the horizon; never in the transparent look.
        shadow: Draw shadows on the ground.
        camera: What the camera does: a plan, or a text as of `camera_plan.camera_plan`, which is
            checked with the scene; None = it stands still and holds everybody, or goes with them
            where they walk far (`usual_camera`).
        thickness: Factor of the thickness of limbs.
        font: TrueType file for captions; None = the one that comes with Pillow, which has Latin
            letters only and shows a box for others.
    """

    width: int = 512
    height: int = 512
    fps: float = 30.0
    look: str = "ink"
    colours: str = "side"
    captions: bool = True
    faces: bool = True
    ground: bool = True
    shadow: bool = True
    camera: CameraPlan | str | None = None
    thickness: float = 1.0
    font: Path | None = None

    def __post_init__(self) -> None:
        """Collect all faults and raise once."""
        faults = [
            f"{name}: expected {want}, got {got}"
            for ok, name, want, got in self._checks()
            if not ok
        ]
        if faults:
            msg = "picture: " + "; ".join(faults)
            raise ConfigError(msg)

    def _checks(self) -> list[tuple[bool, str, str, str]]:
        low, high = SIDE_RANGE
        sides = f"a whole number {low}..{high}"
        return [
            *(
                (_is_side(side), name, sides, repr(side))
                for name, side in (("width", self.width), ("height", self.height))
            ),
            (
                self._is_picture(),
                "width by height",
                f"1:{_ASPECT:g} to {_ASPECT:g}:1",
                self._size(),
            ),
            (_within(self.fps, FPS_RANGE), "fps", "{:g}..{:g}".format(*FPS_RANGE), repr(self.fps)),
            (self.look in LOOKS, "look", f"one of {', '.join(LOOKS)}", _short(self.look)),
            (
                self.colours in COLOURS,
                "colours",
                f"one of {', '.join(COLOURS)}",
                _short(self.colours),
            ),
            (
                _within(self.thickness, _THICKNESS),
                "thickness",
                "{:g}..{:g}".format(*_THICKNESS),
                repr(self.thickness),
            ),
        ]

    def _is_picture(self) -> bool:
        sides = (self.width, self.height)
        # a side that is no number is told by itself
        return not all(map(_is_side, sides)) or max(sides) <= _ASPECT * min(sides)

    def _size(self) -> str:
        return f"{self.width}x{self.height}"

    @property
    def look_spec(self) -> Look:
        """Colours and strokes of the look."""
        return LOOKS[self.look]

    @property
    def aspect(self) -> float:
        """Width by height."""
        return self.width / self.height


def _is_side(value: object) -> bool:
    return isinstance(value, int) and SIDE_RANGE[0] <= value <= SIDE_RANGE[1]


def _within(value: float, bounds: tuple[float, float]) -> bool:
    return (
        isinstance(value, int | float) and math.isfinite(value) and bounds[0] <= value <= bounds[1]
    )


def _short(word: object) -> str:
    return repr(word)[:_LONGEST_NAME]
