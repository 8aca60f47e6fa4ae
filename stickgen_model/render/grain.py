"""The grain of chalk: how much of it stays on the board, pixel by pixel, always the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.ndimage import gaussian_filter

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stickgen_model.render.config import RenderConfig

__all__ = ["Grain"]

_SEED: Final = 20_240_229
_SIZE: Final = 0.0011
"""Of a grain, by the height of the picture."""
_SHARPNESS: Final = 1.0


class Grain:
    """The board of one picture size.

    Attributes:
        shares: Share of the chalk that stays, 0..1, pixels row by row, shape (H * W,).
    """

    def __init__(self, config: RenderConfig) -> None:
        """Grain of a size and a look."""
        rng = np.random.default_rng(_SEED)
        noise = rng.standard_normal((config.height, config.width), dtype=np.float32)
        size = _SIZE * min(config.height, config.width)
        if size > 0.3:
            noise = gaussian_filter(noise, size, mode="wrap")
        noise *= np.float32(_SHARPNESS / max(float(noise.std()), 1e-6))
        kept = np.clip(0.6 + 0.4 * noise, 0.0, 1.0)
        shares = 1.0 - config.look_spec.grain * (1.0 - kept)
        self.shares: NDArray[np.float32] = shares.astype(np.float32).reshape(-1)
