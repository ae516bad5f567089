"""Forms with one file: how they are described, what they hold, the file put down for a reader."""

import json
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData, UploadFile

from geoservice.errors import FileError, InputError

B = TypeVar("B", bound=BaseModel)


def form_of(required: Sequence[str], properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return how OpenAPI describes a form with these fields and a ``file``, which is required."""
    schema = {
        "type": "object",
        "required": [*required, "file"],
        "properties": {**properties, "file": {"type": "string", "format": "binary"}},
    }
    content = {"multipart/form-data": {"schema": schema}}
    return {"requestBody": {"required": True, "content": content}}


def file_in(form: FormData) -> UploadFile:
    """Return the file of a form.

    Raises
    ------
    FileError
        There is none.
    """
    upload = form.get("file")
    if not isinstance(upload, UploadFile):
        raise FileError("`file` is needed", zh="须有 file", where="file")
    return upload


def said_in(form: FormData, model: type[B], *, aside: Collection[str] = ("file",)) -> B:
    """Return what a form says as a model that has ``columns`` as JSON; empty fields say nothing.

    Raises
    ------
    RequestValidationError
        A field is not as the model has it.
    InputError
        ``columns`` is no JSON.
    """
    given: dict[str, Any] = {
        name: value for name, value in form.multi_items() if name not in aside and value != ""
    }
    try:
        given["columns"] = json.loads(str(given.get("columns", "{}")))
        return model.model_validate(given)
    except ValidationError as error:
        wrongs = [{**it, "loc": ("body", *it["loc"])} for it in error.errors()]
        raise RequestValidationError(wrongs) from error
    except ValueError as error:
        raise InputError("columns: not JSON", zh="columns：不是 JSON", where="columns") from error


@contextmanager
def put_down(upload: UploadFile, *, folder: Path | None = None) -> Iterator[Path]:
    """Lend the path of a file sent, below ``folder`` or the system's own; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=".geoservice-sent-", dir=folder) as place:
        path = Path(place) / "sent"
        with path.open("wb") as out:
            shutil.copyfileobj(upload.file, out)
        yield path
