"""Captions that are true to the motion."""

__all__: list[str] = []
