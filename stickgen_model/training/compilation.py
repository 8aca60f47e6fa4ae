"""A model as a compiled program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from datasets_spec.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import nn

__all__ = ["compiled"]


def compiled(model: nn.Module, device: torch.device) -> Callable[..., Any]:
    """The model, compiled at its first call; one program for all lengths of clips.

    Raises:
        ConfigError: If a CPU is to compute and there is no C++ compiler.
    """
    if device.type == "cpu":
        # here, since the import takes seconds
        from torch._inductor import exc  # noqa: PLC0415
        from torch._inductor.cpp_builder import get_cpp_compiler  # noqa: PLC0415

        try:
            get_cpp_compiler()
        except exc.InvalidCxxCompiler as error:
            msg = f"compile: expected a C++ compiler, {error}; install g++, or leave compile off"
            raise ConfigError(msg) from error
    whole: Callable[..., Any] = torch.compile(model, dynamic=True)
    return whole
