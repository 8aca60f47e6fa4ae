"""Files of the preview page."""

__all__: list[str] = []
