"""Vectors of all texts of a dataset folder, each distinct text once."""

__all__: list[str] = []
