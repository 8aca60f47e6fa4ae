"""Publishing a dataset or a model to a folder, an S3 bucket or the Hugging Face hub."""

__all__: list[str] = []
