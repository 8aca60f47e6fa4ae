"""Putting a trained model into the registry."""

__all__: list[str] = []
