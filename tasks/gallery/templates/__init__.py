"""Files of the gallery page."""

__all__: list[str] = []
