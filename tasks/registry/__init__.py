"""MLflow's registry of models: its place, its versions, and one writer at a time."""

__all__: list[str] = []
