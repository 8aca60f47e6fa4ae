"""Which version of a registered model is in use, and which were before."""

__all__: list[str] = []
