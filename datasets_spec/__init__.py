"""What a clip is: skeleton, vocabularies, schemas, source specs and gate rules. No I/O."""

__all__: list[str] = []
