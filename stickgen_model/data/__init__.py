"""Clips of a dataset folder as batches for training."""

__all__: list[str] = []
