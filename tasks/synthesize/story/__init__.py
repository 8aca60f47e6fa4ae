"""Stories as data, and who tells them."""

__all__: list[str] = []
