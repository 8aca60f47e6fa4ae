"""The model as MLflow serves it."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pandas as pd
from mlflow.exceptions import MlflowException
from mlflow.models import ModelSignature
from mlflow.protos.databricks_pb2 import BAD_REQUEST, INTERNAL_ERROR
from mlflow.pyfunc import PythonModel
from mlflow.types import ColSpec, DataType, ParamSchema, ParamSpec, Schema
from mlflow.types.schema import AnyType, Array

from tasks.serve.answers import COLUMNS, Answerer
from tasks.serve.rows import RequestError, Settings

__all__ = ["CHECKPOINT_ARTIFACT", "StickGenModel", "model_signature"]

CHECKPOINT_ARTIFACT = "checkpoint"
"""Name of the artifact that holds the checkpoint, or an export."""


def model_signature() -> ModelSignature:
    """Inputs, params and answers of the served model.

    `seed` and `actors` are whole numbers of any type: where only some rows have one, a table knows
    no column of whole numbers, and MLflow would refuse them all.
    """
    asked = (
        ("seconds", DataType.double),
        ("seed", AnyType()),
        ("format", DataType.string),
        ("actors", AnyType()),
        ("action", DataType.string),
        ("style", DataType.string),
        ("expression", DataType.string),
        ("camera", DataType.string),
        ("look", DataType.string),
    )
    joints = Array(Array(Array(Array(DataType.double))))
    types = {"seed": DataType.long, "seconds": DataType.double, "fps": DataType.double}
    types["joints"] = joints
    defaults = Settings()
    return ModelSignature(
        inputs=Schema(
            [
                ColSpec(DataType.string, "prompt"),
                *(ColSpec(kind, name, required=False) for name, kind in asked),
            ]
        ),
        outputs=Schema(
            [ColSpec(types.get(n, DataType.string), n, required=False) for n in COLUMNS]
        ),
        params=ParamSchema(
            [
                ParamSpec("steps", DataType.long, defaults.steps),
                ParamSpec("guidance", DataType.double, defaults.guidance),
            ]
        ),
    )


class StickGenModel(PythonModel):  # type: ignore[misc]
    """Prompts to motion; its artifact is a checkpoint."""

    _answerer: Answerer

    def load_context(self, context: Any) -> None:
        """Open the checkpoint."""
        self._answerer = Answerer.load(Path(context.artifacts[CHECKPOINT_ARTIFACT]))

    def predict(
        self, context: Any, model_input: pd.DataFrame, params: dict[str, Any] | None = None
    ) -> pd.DataFrame:
        """Answer a table of requests; see `Answerer.answer`.

        Raises:
            MlflowException: If the request as a whole cannot be answered; a server makes 400 of it.
        """
        del context
        try:
            records = model_input.to_dict(orient="records")
            rows = [{str(name): value for name, value in row.items()} for row in records]
            answers = self._answerer.answer(rows, params)
        except RequestError as error:
            raise MlflowException(str(error), error_code=BAD_REQUEST) from None
        except Exception:
            # the log is for the operator; who asks has no use for a traceback
            logging.getLogger(__name__).exception("a request failed")
            msg = "the request could not be answered; the server's log tells why"
            raise MlflowException(msg, error_code=INTERNAL_ERROR) from None
        # of objects, or tables would make NaN of None, which is no JSON
        return pd.DataFrame(answers, columns=list(COLUMNS), dtype=object)
