"""A compiled model answers as the plain one, and says what it lacks."""

from __future__ import annotations

import shutil

import pytest
import torch
from torch import nn
from torch._inductor import config as inductor_config

from datasets_spec.errors import ConfigError
from stickgen_model.model.layers import TransformerEncoder
from stickgen_model.training.compilation import compiled

CPU = torch.device("cpu")


def test_a_missing_compiler_is_told():
    none = inductor_config.patch({"cpp.cxx": ("no-such-compiler",)})
    with none, pytest.raises(ConfigError, match=r"expected a C\+\+ compiler.*leave compile off"):
        compiled(nn.Linear(2, 2), CPU)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.skipif(shutil.which("g++") is None, reason="needs a C++ compiler")
def test_compiled_layers_answer_as_plain_ones():
    torch.manual_seed(0)
    encoder = TransformerEncoder(16, 2, num_layers=1, dropout=0.0)
    fast = compiled(encoder, CPU)
    for tokens in (5, 9):
        x = torch.randn(2, tokens, 16)
        want, got = encoder(x), fast(x)
        torch.testing.assert_close(got, want, rtol=1e-4, atol=1e-5)
        wanted, found = (
            torch.autograd.grad(y.square().sum(), list(encoder.parameters())) for y in (want, got)
        )
        torch.testing.assert_close(found, wanted, rtol=1e-3, atol=1e-4)
