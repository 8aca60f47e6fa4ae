"""Pictures of the figure: contact sheets and pictures that a model is conditioned on."""

__all__: list[str] = []
