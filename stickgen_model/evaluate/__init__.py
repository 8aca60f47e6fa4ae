"""Measures of generated motion and the networks that judge it, independent of the generator."""

__all__: list[str] = []
