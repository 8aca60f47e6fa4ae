"""The dataset folder: Parquet, card, preview, manifest."""

__all__: list[str] = []
