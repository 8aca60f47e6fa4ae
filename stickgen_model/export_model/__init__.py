"""Trained models in other formats and precisions, and generation with them."""

__all__: list[str] = []
