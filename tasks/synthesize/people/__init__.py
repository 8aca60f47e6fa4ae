"""Who moves, and in what manner."""

__all__: list[str] = []
