"""Near-duplicates, splits, the fine-tuning set."""

__all__: list[str] = []
