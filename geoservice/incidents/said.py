"""What a command line says, checked by the model that checks a request."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from geoservice.complaints import complaints
from geoservice.errors import InputError, RecordError

Model = TypeVar("Model", bound=BaseModel)


def checked(model: type[Model], **said: Any) -> Model:
    """Return what was said as the model of a request's body.

    Raises
    ------
    RecordError
        Something is wrong; every fault is named with its field.
    """
    try:
        return model(**said)
    except ValidationError as error:
        wrongs = [
            InputError(it["why"], zh=it["why_zh"], where=it["where"])
            for it in complaints([{**one, "loc": ("body", *one["loc"])} for one in error.errors()])
        ]
        raise RecordError(wrongs) from error
