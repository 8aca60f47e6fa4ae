"""Named measures of a clip and their total."""

__all__: list[str] = []
