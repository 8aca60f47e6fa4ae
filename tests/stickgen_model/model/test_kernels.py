"""The fast steps against the plain formulas, forward and backward."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional as F  # noqa: N812

from stickgen_model.model import kernels
from stickgen_model.model.kernels import add_dropped, gated_silu, rms_norm, rotate
from stickgen_model.model.layers import rotary_table


def random(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64).requires_grad_()


def tables(tokens, half):
    angle = torch.linspace(0, 3, tokens * half, dtype=torch.float64).view(tokens, half)
    return angle.cos(), angle.sin()


def plainly(monkeypatch, function, *inputs):
    with monkeypatch.context() as patch:
        patch.setattr(kernels, "_fewer_passes", lambda _: False)
        return function(*inputs)


CASES = {
    "rms_norm": (lambda x, w: rms_norm(x, w, 1e-6), ((2, 3, 8), (8,))),
    "gated_silu": (gated_silu, ((2, 3, 8), (2, 3, 8))),
    "rotate": (lambda x: rotate(x, *tables(3, 4)), ((2, 2, 3, 8),)),
    "rotate strided": (lambda x: rotate(x.transpose(1, 2), *tables(3, 4)), ((2, 3, 2, 8),)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_step_and_its_gradient_are_the_plain_ones(name, monkeypatch):
    function, shapes = CASES[name]
    inputs = [random(*shape, seed=number) for number, shape in enumerate(shapes)]
    got, want = function(*inputs), plainly(monkeypatch, function, *inputs)
    torch.testing.assert_close(got, want, rtol=1e-12, atol=1e-12)
    toward = torch.randn_like(want)
    found, wanted = (torch.autograd.grad(y, inputs, toward) for y in (got, want))
    torch.testing.assert_close(found, wanted, rtol=1e-10, atol=1e-12)
    assert torch.autograd.gradcheck(function, inputs)


def test_gradients_of_any_layout_are_taken():
    x, weight = random(2, 3, 8), random(8, seed=1)
    toward = torch.randn(2, 8, 3, dtype=torch.float64).transpose(1, 2)
    y = rms_norm(x, weight, 1e-6)
    found = torch.autograd.grad(y, (x, weight), toward, retain_graph=True)
    wanted = torch.autograd.grad(y, (x, weight), toward.contiguous())
    torch.testing.assert_close(found, wanted)


@given(st.floats(0.001, 0.95), st.integers(0, 1000))
def test_dropping_keeps_the_mean_and_scales_what_stays(share, seed):
    torch.manual_seed(seed)
    count = 40_000
    out = add_dropped(torch.ones(count), torch.full((count,), 2.0), share) - 1.0
    stays = out != 0.0
    assert (1.0 - stays.double().mean()) == pytest.approx(share, abs=5 * (0.25 / count) ** 0.5)
    torch.testing.assert_close(
        out[stays], torch.full_like(out[stays], 2.0 / (1.0 - share)), rtol=1e-3, atol=0.0
    )


def test_neighbours_are_dropped_independently():
    torch.manual_seed(1)
    gone = (add_dropped(torch.zeros(400_000), torch.ones(400_000), 0.3) == 0.0).double()
    for step in range(1, 9):
        both = (gone[step:] * gone[:-step]).mean().item()
        assert both == pytest.approx(0.09, abs=0.003), step
    for place in range(4):  # four numbers come out of one draw
        assert gone[place::4].mean().item() == pytest.approx(0.3, abs=0.01)


def test_what_is_dropped_has_no_gradient_and_follows_the_seed():
    x, branch = torch.zeros(3, 5, 7), torch.ones(3, 5, 7, requires_grad=True)
    outs = []
    for _ in range(2):
        torch.manual_seed(3)
        outs.append(add_dropped(x, branch, 0.5))
    assert torch.equal(*outs)
    (grad,) = torch.autograd.grad(outs[0].sum(), branch)
    torch.testing.assert_close(grad, outs[0].detach())
    assert 0 < (grad == 0).sum() < grad.numel()


def test_nothing_is_dropped_at_zero():
    x, branch = random(2, 3), random(2, 3, seed=1)
    assert torch.equal(add_dropped(x, branch, 0.0), x + branch)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
def test_dtypes_stay(dtype):
    x = torch.randn(2, 3, 8)
    branch = torch.randn(2, 3, 8).to(dtype)
    assert add_dropped(x, branch, 0.1).dtype == torch.float32
    assert gated_silu(branch, branch).dtype == dtype
    cos, sin = (t.to(dtype) for t in rotary_table(3, 8, like=x))
    assert rotate(branch[:, None], cos, sin).dtype == dtype


def test_large_and_tiny_numbers_are_normed():
    for size in (1e-12, 1e12):
        x = size * torch.randn(1, 4, 16)
        want = F.rms_norm(x.double(), (16,), None, 1e-6)
        torch.testing.assert_close(
            rms_norm(x, torch.ones(16), 1e-6).double(), want, rtol=1e-5, atol=1e-30
        )
