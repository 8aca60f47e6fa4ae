"""The networks that judge generators, trained on a dataset's own training clips."""

__all__: list[str] = []
