"""Answering requests with a trained model."""

__all__: list[str] = []
