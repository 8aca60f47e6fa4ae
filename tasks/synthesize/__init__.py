"""Motion that nobody recorded: a procedural engine, its scenes, and stories told by a model."""

__all__: list[str] = []
