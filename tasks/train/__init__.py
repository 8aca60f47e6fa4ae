"""Training a model on a dataset folder."""

__all__: list[str] = []
