"""CAP 1.2 as XML: read, and written (pure). Entities, DTDs and what they reach for are refused."""

import xml.etree.ElementTree as ET  # writes only; what comes in is read by defusedxml
from collections.abc import Iterable
from typing import Any, get_args, get_origin

import defusedxml
from defusedxml import ElementTree as Safe
from pydantic import BaseModel, ValidationError

from geoservice.alerts.message import Message
from geoservice.complaints import complaints
from geoservice.errors import FileError, InputError

MEDIA_TYPE = "application/cap+xml"
NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
_MOST_DEPTH = 8


def read_cap(body: bytes) -> tuple[Message, tuple[str, ...]]:
    """Return the message of a document, and what of it is not kept.

    Raises
    ------
    FileError
        It is no XML, holds a DTD or entities, or is no CAP 1.2 alert.
    InputError
        An element is missing, unknown, or has a value it cannot have; ``where`` names it.
    """
    root = _root(body)
    notes = tuple("the signature is not kept" for child in root if child.tag == _SIGNATURE)
    return message_of(_content(root, Message, "alert")), notes


def message_of(content: dict[str, Any]) -> Message:
    """Return the message of its JSON form.

    Raises
    ------
    InputError
        A member is missing, unknown, or has a value it cannot have; ``where`` names it.
    """
    try:
        return Message.model_validate(content, by_alias=True, by_name=False)
    except ValidationError as error:
        listed = [{**one, "loc": ("body", "alert", *one["loc"])} for one in error.errors()]
        first = complaints(listed)[0]
        raise InputError(
            f"{first['where']}: {first['why']}",
            zh=f"{first['where']}：{first['why_zh']}",
            where=first["where"],
        ) from error


def write_cap(message: Message) -> bytes:
    """Return the message as an XML document in UTF-8, elements in the order of the standard."""
    root = _written("alert", message)
    root.set("xmlns", NAMESPACE)
    text: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode()


def _root(body: bytes) -> ET.Element:
    try:
        root: ET.Element = Safe.fromstring(body, forbid_dtd=True)
    except defusedxml.DefusedXmlException as error:
        raise FileError(
            "a document with a DTD or entities is not taken", zh="不接受含 DTD 或实体的文档",
            where="alert",
        ) from error  # fmt: skip
    except (ET.ParseError, ValueError, LookupError) as error:
        raise FileError("not well-formed XML", zh="不是格式良好的 XML", where="alert") from error
    if root.tag != f"{{{NAMESPACE}}}alert":
        raise FileError(
            f"the root element is not alert of {NAMESPACE}", zh=f"根元素不是 {NAMESPACE} 的 alert",
            where="alert",
        )  # fmt: skip
    return root


def _content(element: ET.Element, model: type[BaseModel], where: str) -> dict[str, Any]:
    """Return an element's children by name, as the model of the element takes them."""
    fields = {str(field.alias): field for field in model.model_fields.values()}
    found: dict[str, Any] = {}
    for child in element:
        if child.tag == _SIGNATURE and model is Message:
            continue
        name = child.tag.removeprefix(f"{{{NAMESPACE}}}")
        here = f"{where}.{name}"[:200]
        if name not in fields:
            raise InputError("there is no such element here", zh="此处没有这个元素", where=here)
        inner, is_many = _kind(fields[name].annotation)
        value = _content(child, inner, here) if inner else _words(child, here)
        if value == "" and not fields[name].is_required():
            continue  # an empty element that need not be there says nothing
        if is_many:
            found.setdefault(name, []).append(value)
        elif name in found:
            raise InputError("the element is there twice", zh="元素重复", where=here)
        else:
            found[name] = value
    return found


def _words(element: ET.Element, where: str) -> str:
    if len(element):
        raise InputError("text is needed, not elements", zh="须为文字，而不是元素", where=where)
    return (element.text or "").strip()


def _kind(hint: Any) -> tuple[type[BaseModel] | None, bool]:
    """Return the model within a field's type, if it has one, and whether it may be repeated."""
    is_many = get_origin(hint) is tuple
    inner = get_args(hint)[0] if is_many else hint
    is_model = isinstance(inner, type) and issubclass(inner, BaseModel)
    return (inner if is_model else None), is_many


def _written(name: str, part: BaseModel) -> ET.Element:
    element = ET.Element(name)
    for field_name, field in type(part).model_fields.items():
        value = getattr(part, field_name)
        values: Iterable[Any] = value if isinstance(value, tuple) else [value]
        for one in values:
            if isinstance(one, BaseModel):
                element.append(_written(str(field.alias), one))
            elif one is not None:
                ET.SubElement(element, str(field.alias)).text = one
    return element
