"""How pictures look: colours and strokes by name."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LOOKS", "LOOK_NAMES", "Colour", "Look"]

Colour = tuple[int, int, int]
"""RGB, 0..255."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """Colours and strokes of a picture.

    Attributes:
        name: Word by which it is asked for.
        page: Above the horizon, and everywhere without a ground.
        left: Left limbs, where colours go by side.
        right: Right limbs.
        trunk: Trunk, neck and the outline of the head.
        plain: Everything, where colours are plain.
        actors: By actor, where colours go by actor; more actors begin again.
        head: Inside of the head.
        floor: The ground in front; it fades into `page` at the horizon.
        grid: Lines on the ground, and the horizon.
        grid_cover: How strong they are, 0..1.
        horizon_cover: How strong the horizon is, 0..1.
        shadow: Of people on the ground.
        shadow_cover: How dark the shadow of somebody who stands is, 0..1.
        text: Captions.
        text_edge: Around the letters of captions.
        page_grid: A grid on the paper itself, or None.
        line: Factor of the thickness of limbs.
        outline: Width of the line around the head, H.
        hollow: Limbs are outlines too, filled with `head`.
        glow: Reach of the light around limbs, H; 0 = none.
        grain: How much chalk is missing, 0..1.
        transparent: No page: pictures have an alpha channel.
    """

    name: str
    page: Colour
    left: Colour
    right: Colour
    trunk: Colour
    plain: Colour
    actors: tuple[Colour, ...]
    head: Colour
    floor: Colour
    grid: Colour
    grid_cover: float
    horizon_cover: float
    shadow: Colour
    shadow_cover: float
    text: Colour
    text_edge: Colour
    page_grid: Colour | None = None
    line: float = 1.0
    outline: float = 0.015
    hollow: bool = False
    glow: float = 0.0
    grain: float = 0.0
    transparent: bool = False


_DARK_INKS: Final[tuple[Colour, ...]] = (
    (31, 78, 140),
    (196, 78, 24),
    (24, 116, 82),
    (140, 40, 108),
    (122, 92, 10),
    (80, 70, 190),
    (178, 34, 52),
    (10, 112, 128),
)
_BRIGHT_INKS: Final[tuple[Colour, ...]] = (
    (64, 220, 255),
    (255, 92, 200),
    (160, 255, 96),
    (255, 196, 64),
    (178, 140, 255),
    (255, 120, 96),
    (96, 255, 208),
    (255, 255, 140),
)
_CHALKS: Final[tuple[Colour, ...]] = (
    (238, 240, 232),
    (250, 214, 120),
    (150, 205, 240),
    (245, 160, 165),
    (165, 225, 160),
    (215, 180, 240),
    (250, 185, 120),
    (140, 225, 215),
)

_INK: Final = Look(
    name="ink",
    page=(255, 255, 255),
    left=(31, 92, 168),
    right=(206, 92, 26),
    trunk=(34, 38, 46),
    plain=(28, 31, 38),
    actors=_DARK_INKS,
    head=(255, 255, 255),
    floor=(236, 234, 228),
    grid=(150, 146, 136),
    grid_cover=0.34,
    horizon_cover=0.8,
    shadow=(60, 56, 48),
    shadow_cover=0.42,
    text=(34, 38, 46),
    text_edge=(255, 255, 255),
)
_NEON: Final = Look(
    name="neon",
    page=(9, 8, 24),
    left=(48, 214, 255),
    right=(255, 70, 190),
    trunk=(238, 236, 255),
    plain=(64, 236, 255),
    actors=_BRIGHT_INKS,
    head=(17, 14, 40),
    floor=(20, 12, 46),
    grid=(150, 60, 235),
    grid_cover=0.62,
    horizon_cover=1.0,
    shadow=(0, 0, 8),
    shadow_cover=0.6,
    text=(236, 240, 255),
    text_edge=(9, 8, 24),
    line=0.85,
    glow=0.075,
)
_CHALK: Final = Look(
    name="chalk",
    page=(36, 52, 46),
    left=(150, 205, 240),
    right=(250, 205, 130),
    trunk=(238, 240, 232),
    plain=(238, 240, 232),
    actors=_CHALKS,
    head=(36, 52, 46),
    floor=(42, 60, 53),
    grid=(225, 230, 220),
    grid_cover=0.12,
    horizon_cover=0.55,
    shadow=(18, 28, 24),
    shadow_cover=0.6,
    text=(238, 240, 232),
    text_edge=(36, 52, 46),
    grain=0.7,
)
_BLUEPRINT: Final = Look(
    name="blueprint",
    page=(24, 72, 138),
    left=(255, 255, 255),
    right=(170, 206, 245),
    trunk=(255, 255, 255),
    plain=(255, 255, 255),
    actors=(
        (255, 255, 255),
        (255, 226, 138),
        (160, 240, 255),
        (255, 180, 170),
        (180, 255, 190),
        (225, 195, 255),
        (255, 205, 150),
        (190, 225, 255),
    ),
    head=(24, 72, 138),
    floor=(20, 62, 122),
    grid=(190, 216, 248),
    grid_cover=0.4,
    horizon_cover=0.9,
    shadow=(8, 34, 78),
    shadow_cover=0.55,
    text=(255, 255, 255),
    text_edge=(24, 72, 138),
    page_grid=(48, 98, 166),
    outline=0.011,
    hollow=True,
)
_TRANSPARENT: Final = Look(
    name="transparent",
    page=(255, 255, 255),
    left=(31, 92, 168),
    right=(206, 92, 26),
    trunk=(34, 38, 46),
    plain=(28, 31, 38),
    actors=_DARK_INKS,
    head=(255, 255, 255),
    floor=(255, 255, 255),
    grid=(150, 146, 136),
    grid_cover=0.0,
    horizon_cover=0.0,
    shadow=(0, 0, 0),
    shadow_cover=0.42,
    text=(34, 38, 46),
    text_edge=(255, 255, 255),
    transparent=True,
)

LOOKS: Final[Mapping[str, Look]] = MappingProxyType(
    {look.name: look for look in (_INK, _NEON, _CHALK, _BLUEPRINT, _TRANSPARENT)}
)
"""The looks by name."""

LOOK_NAMES: Final = tuple(LOOKS)
