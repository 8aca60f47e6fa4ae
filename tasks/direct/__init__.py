"""A sentence played by the procedural engine, without any trained model."""

__all__: list[str] = []
