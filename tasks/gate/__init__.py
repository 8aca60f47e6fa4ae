"""Data gates between the stages."""

__all__: list[str] = []
