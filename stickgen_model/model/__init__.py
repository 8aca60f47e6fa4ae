"""The transformer, its image parts, and what they weigh."""

__all__: list[str] = []
