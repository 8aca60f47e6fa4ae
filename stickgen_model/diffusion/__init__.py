"""Noise, samplers, guidance and imputation around any denoiser that predicts the clean clip."""

__all__: list[str] = []
