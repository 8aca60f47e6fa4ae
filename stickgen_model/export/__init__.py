"""Scenes as files: pictures, films, pages, motion formats."""

__all__: list[str] = []
