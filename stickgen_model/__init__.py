"""Motion mathematics and, on top of it, the model; importing it loads no torch."""

__all__: list[str] = []
