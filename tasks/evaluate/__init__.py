"""Measuring a model: held-out prompts, reference rows, robustness, intervals."""

__all__: list[str] = []
