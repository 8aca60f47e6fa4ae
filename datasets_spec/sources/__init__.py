"""One SourceSpec a dataset: licence, frame rate, axes, units, joint map, action map."""

__all__: list[str] = []
