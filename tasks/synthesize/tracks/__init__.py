"""Faces, voices and camera."""

__all__: list[str] = []
