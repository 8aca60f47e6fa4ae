"""MLflow and Prefect reporting."""

__all__: list[str] = []
