"""Gaussian clips, whose ideal denoiser is a formula."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pytest
import torch

from stickgen_model.diffusion.schedule import make_schedule


@dataclass
class Gaussian:
    """Clips of `frames` x `dim` numbers from N(mean, cov); the mean may move with conditions."""

    mean: torch.Tensor
    cov: torch.Tensor
    frames: int
    dim: int

    def denoiser(self, schedule_name, shifts=None):
        """E[x0 | x_t]; a condition c of shape (B, 1) moves the mean by shifts[c] * value."""
        schedule = make_schedule(schedule_name)
        values, vectors = torch.linalg.eigh(self.cov)

        def denoise(x, t, conditions):
            alpha, sigma = schedule.alpha(t.double())[:, None], schedule.sigma(t.double())[:, None]
            mean = self.mean.expand(len(x), -1)
            for name, shift in (shifts or {}).items():
                mean = mean + shift * conditions[name].double()
            off = x.double().reshape(len(x), -1) - alpha * mean
            gain = alpha * values / (alpha.square() * values + sigma.square())
            return (mean + ((off @ vectors) * gain) @ vectors.T).reshape(x.shape).float()

        return denoise

    def given(self, known, values):
        """Mean and covariance of the unknown numbers, given the known ones."""
        gain = torch.linalg.solve(self.cov[known][:, known], self.cov[known][:, ~known]).T
        mean = self.mean[~known] + gain @ (values[known] - self.mean[known])
        return mean, self.cov[~known][:, ~known] - gain @ self.cov[known][:, ~known]

    def draw(self, seed):
        noise = torch.randn(
            len(self.mean), generator=torch.Generator().manual_seed(seed), dtype=torch.float64
        )
        return self.mean + torch.linalg.cholesky(self.cov) @ noise


@pytest.fixture(scope="session")
def smooth():
    """12 frames of 4 numbers that change slowly: neighbours are strongly tied."""
    return make_gaussian(frames=12, dim=4, reach=3.0)


@pytest.fixture(scope="session")
def small():
    """3 frames of 2 numbers."""
    return make_gaussian(frames=3, dim=2, reach=1.0)


def make_gaussian(*, frames, dim, reach):
    apart = torch.arange(frames).double()
    over_time = torch.exp(-0.5 * ((apart[:, None] - apart) / reach) ** 2) + 0.05 * torch.eye(frames)
    between = 0.5 * torch.eye(dim).double() + 0.5
    mean = torch.sin(torch.arange(frames * dim).double() / math.e)
    return Gaussian(mean, torch.kron(over_time, between), frames, dim)
