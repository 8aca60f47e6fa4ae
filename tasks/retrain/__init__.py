"""Retraining: what it is asked for, and which of its stages are done."""

__all__: list[str] = []
