"""Markup and style of the report."""

__all__: list[str] = []
