"""Small raw folders in every source's on-disk form, from motion of our own."""

__all__: list[str] = []
