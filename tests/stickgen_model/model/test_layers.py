"""The layers against closed forms in float64, and torch's own attention."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from stickgen_model.model.layers import (
    RMSNorm,
    SelfAttention,
    SwiGLU,
    TransformerEncoder,
    level_sinusoid,
    rotary_table,
    rotate,
)

LIKE = torch.zeros(())


def test_rms_norm_is_its_formula():
    norm = RMSNorm(8)
    with torch.no_grad():
        norm.weight.copy_(torch.linspace(-1, 2, 8))
    x = 5.0 * torch.randn(2, 3, 8, generator=torch.Generator().manual_seed(0))
    a = x.double().numpy()
    want = a / np.sqrt((a**2).mean(-1, keepdims=True) + 1e-6) * np.linspace(-1, 2, 8)
    np.testing.assert_allclose(norm(x).detach().numpy(), want, rtol=1e-5, atol=1e-6)
    assert norm(torch.zeros(1, 1, 8)).abs().max() == 0
    assert norm(x.bfloat16()).dtype == torch.bfloat16


def test_swiglu_is_its_formula():
    torch.manual_seed(0)
    layer = SwiGLU(6, 24)
    assert sum(p.numel() for p in layer.parameters()) == 3 * 6 * 24
    x = torch.randn(2, 3, 6)
    gate, up, out = (
        m.weight.detach().double().numpy()
        for m in (layer.gate_proj, layer.up_proj, layer.output_proj)
    )
    a = x.double().numpy()
    inner = a @ gate.T
    want = (inner / (1 + np.exp(-inner)) * (a @ up.T)) @ out.T
    np.testing.assert_allclose(layer(x).detach().numpy(), want, rtol=1e-4, atol=1e-6)


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 100))
def test_rotary_products_depend_on_the_distance_only(m, n, shift):
    torch.manual_seed(1)
    q, k = torch.randn(2, 1, 1, 1, 32, dtype=torch.float64)
    cos, sin = (t.double() for t in rotary_table(301, 32, like=LIKE))

    def product(i, j):
        return (
            rotate(q, cos[i : i + 1], sin[i : i + 1]) * rotate(k, cos[j : j + 1], sin[j : j + 1])
        ).sum()

    # the table is float32: angles of up to 300 rad are known to about 1e-5
    assert product(m, n).item() == pytest.approx(product(m + shift, n + shift).item(), abs=2e-3)
    turned = rotate(q, cos[m : m + 1], sin[m : m + 1])
    assert turned.norm().item() == pytest.approx(q.norm().item(), rel=1e-6)


def test_rotary_angles_are_the_papers():
    cos, sin = rotary_table(5, 4, like=LIKE)
    angle = np.arange(5)[:, None] * np.array([1.0, 10_000 ** (-2 / 4)])
    np.testing.assert_allclose(cos.numpy(), np.cos(angle), atol=1e-6)
    np.testing.assert_allclose(sin.numpy(), np.sin(angle), atol=1e-6)


def _reference(width, heads, ours):
    theirs = nn.MultiheadAttention(width, heads, batch_first=True)
    with torch.no_grad():
        parts = (ours.q_proj, ours.k_proj, ours.v_proj)
        theirs.in_proj_weight.copy_(torch.cat([p.weight for p in parts]))
        theirs.in_proj_bias.copy_(torch.cat([p.bias for p in parts]))
        theirs.out_proj.load_state_dict(ours.out_proj.state_dict())
    return theirs


def test_attention_is_torchs_where_nothing_is_turned():
    torch.manual_seed(2)
    ours = SelfAttention(32, 4)
    x = torch.randn(2, 7, 32)
    mask = torch.ones(2, 7, dtype=torch.bool)
    mask[0, 4:] = False
    still = (torch.ones(7, 4), torch.zeros(7, 4))
    got = ours(x, still, mask_B11S=mask[:, None, None])
    want, _ = _reference(32, 4, ours)(x, x, x, key_padding_mask=~mask)
    torch.testing.assert_close(got, want, rtol=1e-4, atol=1e-5)


def test_attention_scores_are_those_of_turned_queries_and_keys():
    torch.manual_seed(3)
    ours = SelfAttention(8, 1)
    x = torch.randn(1, 5, 8)
    q, k, v = (p(x)[0].detach().numpy() for p in (ours.q_proj, ours.k_proj, ours.v_proj))
    angle = np.arange(5)[:, None] * 10_000 ** (-np.arange(4) / 4)
    turn = np.exp(1j * angle)
    q_c, k_c = ((a[:, :4] + 1j * a[:, 4:]) * turn for a in (q, k))
    score = (q_c @ k_c.conj().T).real / math.sqrt(8)
    weight = np.exp(score) / np.exp(score).sum(-1, keepdims=True)
    want = ours.out_proj(torch.tensor(weight @ v, dtype=torch.float32)[None])
    torch.testing.assert_close(ours(x, rotary_table(5, 8, like=LIKE)), want, rtol=1e-4, atol=1e-5)


def test_the_encoder_knows_order_and_only_by_its_rotations():
    torch.manual_seed(4)
    encoder = TransformerEncoder(16, 2, num_layers=2, dropout=0.0).eval()
    x, order = torch.randn(1, 6, 16), torch.tensor([3, 1, 5, 0, 4, 2])
    assert (encoder(x[:, order]) - encoder(x)[:, order]).abs().max() > 1e-3
    layer = encoder.layers[0]
    still = (torch.ones(6, 4), torch.zeros(6, 4))
    torch.testing.assert_close(layer(x[:, order], still, None), layer(x, still, None)[:, order])


def test_checkpointing_changes_no_gradient():
    torch.manual_seed(5)
    encoder = TransformerEncoder(16, 2, num_layers=2, dropout=0.1).train()
    x = torch.randn(2, 5, 16)
    gradients = []
    for again in (False, True):
        encoder.gradient_checkpointing = again
        encoder.zero_grad()
        torch.manual_seed(6)
        encoder(x).square().sum().backward()
        gradients.append([p.grad.clone() for p in encoder.parameters()])
    for one, other in zip(*gradients, strict=True):
        assert torch.equal(one, other)


def test_levels_are_told_apart():
    table = level_sinusoid(torch.linspace(0, 1, 51), 64)
    assert table.shape == (51, 64)
    assert torch.cdist(table, table).add(torch.eye(51) * 9).min() > 0.5
    np.testing.assert_allclose(table.square().sum(-1).numpy(), 32.0, rtol=1e-5)
