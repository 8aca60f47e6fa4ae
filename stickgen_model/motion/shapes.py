"""Check documented array shapes at public boundaries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["check_shape"]


def check_shape(array: NDArray[Any], pattern: str, *, name: str) -> None:
    """Compare an array's shape with a pattern such as "T J 3": numbers must match, letters agree.

    Args:
        array: Any array.
        pattern: One word a dimension; a number is fixed, equal letters mean equal sizes.
        name: What to call the array in the error.

    Raises:
        ValueError: If the number of dimensions or a size differs.
    """
    words = pattern.split()
    sizes: dict[str, int] = {}
    ok = len(words) == array.ndim
    if ok:
        for word, size in zip(words, array.shape, strict=True):
            want = int(word) if word.isdigit() else sizes.setdefault(word, size)
            ok = ok and want == size
    if not ok:
        msg = f"{name}: expected shape ({pattern}), got {array.shape}"
        raise ValueError(msg)
