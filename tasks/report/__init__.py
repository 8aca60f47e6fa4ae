"""What an evaluation says, shown: in the terminal, as a page, as metrics of a run and as a card."""

__all__: list[str] = []
