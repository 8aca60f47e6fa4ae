"""A model as MLflow serves it."""

__all__: list[str] = []
