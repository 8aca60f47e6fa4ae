"""Speed and memory of the data path, to be run by hand; not part of the package."""

__all__: list[str] = []
