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


def parts_of(text: str, form: str) -> tuple[str, str, str | None]:
    """Return the two or three parts of a need, as in ``CODE:QUANTITY[:UNIT]``.

    Raises
    ------
    InputError
        There are fewer or more; ``form`` says what would be right.
    """
    parts = text.split(":")
    if len(parts) not in {2, 3}:
        raise InputError(f"{text}: {form} is needed", zh=f"{text}：须为 {form}", where="needs")
    return parts[0], parts[1], parts[2] if len(parts) == 3 else None
