"""A CAP 1.2 message as a value that cannot be wrong (pure).

Names, enumerations and rules are those of "Common Alerting Protocol Version 1.2" (OASIS Standard,
2010-07-01), chapter 3. Times stay the text they are, so that a message goes out as it came in.
"""

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from geoservice.errors import InputError

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", re.ASCII)
_NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)"
_POINT = re.compile(rf"({_NUMBER}),({_NUMBER})", re.ASCII)
_CIRCLE = re.compile(rf"({_NUMBER}),({_NUMBER}) ({_NUMBER})", re.ASCII)
# XML 1.0 can hold neither; PostgreSQL no NUL.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MOST_POINTS = 10_000


def _time(text: str) -> str:
    try:
        if _TIME.fullmatch(text) and datetime.fromisoformat(text):
            return text
    except ValueError:
        pass
    raise InputError(
        "a time such as 2026-11-24T08:00:00+08:00 is needed: whole seconds, an offset, never Z",
        zh="须为 2026-11-24T08:00:00+08:00 这样的时间：精确到秒，带时区偏移，不用 Z",
    )


def _text(text: str) -> str:
    if _UNWRITABLE.search(text):
        raise InputError(
            "control characters cannot be written in XML", zh="含有 XML 不允许的控制字符"
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")  # as every XML reader does


def _polygon(text: str) -> str:
    points = [_POINT.fullmatch(part) for part in text.split()]
    if not 4 <= len(points) <= _MOST_POINTS or None in points:
        raise InputError(
            f"4 to {_MOST_POINTS} points `latitude,longitude` with spaces between are needed",
            zh=f"须为 4 到 {_MOST_POINTS} 个以空格分隔的“纬度,经度”点",
        )
    for point in points:
        _check_place(float(point[1]), float(point[3]))  # type: ignore[index]  # none is None
    if text.split()[0] != text.split()[-1]:
        raise InputError("the last point is not the first: not closed", zh="首末点不同：未闭合")
    return text


def _circle(text: str) -> str:
    parts = _CIRCLE.fullmatch(text.strip())
    if parts is None or float(parts[5]) < 0:
        raise InputError(
            "`latitude,longitude radius` is needed, the radius in kilometres, zero or more",
            zh="须为“纬度,经度 半径”，半径以公里计，不小于零",
        )
    _check_place(float(parts[1]), float(parts[3]))
    return text


def _check_place(lat: float, lon: float) -> None:
    if abs(lat) > 90 or abs(lon) > 180:
        raise InputError(
            f"{lat},{lon}: latitude comes first, within 90, then longitude, within 180",
            zh=f"{lat},{lon}：纬度在前（绝对值不超过 90），经度在后（不超过 180）",
        )


Text = Annotated[str, Field(min_length=1, max_length=100_000), AfterValidator(_text)]
Line = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_text)]
Time = Annotated[str, AfterValidator(_time)]
Token = Annotated[str, Field(pattern=r"^[^\s,<&]{1,200}$"), AfterValidator(_text)]
Decimal = Annotated[str, Field(pattern=rf"^{_NUMBER}$", max_length=40)]

Status = Literal["Actual", "Exercise", "System", "Test", "Draft"]
MsgType = Literal["Alert", "Update", "Cancel", "Ack", "Error"]
Scope = Literal["Public", "Restricted", "Private"]
Category = Literal["Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env",
                   "Transport", "Infra", "CBRNE", "Other"]  # fmt: skip
ResponseType = Literal["Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess",
                       "AllClear", "None"]  # fmt: skip
Urgency = Literal["Immediate", "Expected", "Future", "Past", "Unknown"]
Severity = Literal["Extreme", "Severe", "Moderate", "Minor", "Unknown"]
Certainty = Literal["Observed", "Likely", "Possible", "Unlikely", "Unknown"]


class _Part(BaseModel):
    """An element; its fields stand in the order of the standard, and are written in it."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        alias_generator=to_camel,
        serialize_by_alias=True,
        str_strip_whitespace=True,
    )


class Named(_Part):
    """A value with the name of its kind: eventCode, parameter, geocode."""

    value_name: Line
    value: Annotated[str, Field(max_length=10_000), AfterValidator(_text)]


class Resource(_Part):
    """Something more to look at, elsewhere or within."""

    resource_desc: Line
    mime_type: Line
    size: Annotated[str | None, Field(pattern=r"^\d{1,15}$")] = None
    uri: Line | None = None
    deref_uri: Text | None = None
    digest: Line | None = None


class Area(_Part):
    """Where; polygons and circles are latitude first, in WGS 84."""

    area_desc: Line
    polygon: Annotated[
        tuple[Annotated[str, AfterValidator(_polygon)], ...], Field(max_length=100)
    ] = ()
    circle: Annotated[
        tuple[Annotated[str, AfterValidator(_circle)], ...], Field(max_length=100)
    ] = ()
    geocode: Annotated[tuple[Named, ...], Field(max_length=1000)] = ()
    altitude: Decimal | None = None
    ceiling: Decimal | None = None

    @model_validator(mode="after")
    def _has_a_floor(self) -> "Area":
        if self.ceiling is not None and self.altitude is None:
            raise InputError("ceiling needs altitude", zh="有 ceiling 时须有 altitude")
        return self


class Info(_Part):
    """What is the matter, in one language."""

    language: Line = "en-US"
    category: Annotated[tuple[Category, ...], Field(min_length=1, max_length=12)]
    event: Line
    response_type: Annotated[tuple[ResponseType, ...], Field(max_length=9)] = ()
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    audience: Line | None = None
    event_code: Annotated[tuple[Named, ...], Field(max_length=100)] = ()
    effective: Time | None = None
    onset: Time | None = None
    expires: Time | None = None
    sender_name: Line | None = None
    headline: Line | None = None
    description: Text | None = None
    instruction: Text | None = None
    web: Line | None = None
    contact: Line | None = None
    parameter: Annotated[tuple[Named, ...], Field(max_length=1000)] = ()
    resource: Annotated[tuple[Resource, ...], Field(max_length=100)] = ()
    area: Annotated[tuple[Area, ...], Field(max_length=100)] = ()


class Message(_Part):
    """One CAP message."""

    identifier: Token
    sender: Token
    sent: Time
    status: Status
    msg_type: MsgType
    source: Line | None = None
    scope: Scope
    restriction: Line | None = None
    addresses: Line | None = None
    code: Annotated[tuple[Line, ...], Field(max_length=100)] = ()
    note: Text | None = None
    references: Text | None = None
    incidents: Line | None = None
    info: Annotated[tuple[Info, ...], Field(max_length=20)] = ()

    @model_validator(mode="after")
    def _holds_together(self) -> "Message":
        needed = {"Restricted": "restriction", "Private": "addresses"}.get(self.scope)
        if needed and getattr(self, needed) is None:
            raise InputError(f"{needed} is needed with the scope {self.scope}",
                             zh=f"scope 为 {self.scope} 时须有 {needed}")  # fmt: skip
        if self.msg_type != "Alert" and not self.references:
            raise InputError(f"references are needed with the msgType {self.msg_type}",
                             zh=f"msgType 为 {self.msg_type} 时须有 references")  # fmt: skip
        self.referred()
        return self

    @property
    def sent_at(self) -> datetime:
        """When it was sent."""
        return datetime.fromisoformat(self.sent)

    @property
    def key(self) -> str:
        """What names it among all messages of all senders."""
        return key_of(self.sender, self.identifier, self.sent_at)

    def referred(self) -> tuple[str, ...]:
        """Return the keys of the messages it refers to."""
        found = []
        for reference in (self.references or "").split():
            parts = reference.split(",")
            if len(parts) != 3:
                raise InputError(
                    "references: `sender,identifier,sent` with spaces between",
                    zh="references 须为以空格分隔的 sender,identifier,sent",
                )
            found.append(key_of(parts[0], parts[1], datetime.fromisoformat(_time(parts[2]))))
        return tuple(found)

    def as_json(self) -> dict[str, Any]:
        """Return the message as JSON has it: the names of CAP, what is absent left out."""
        return self.model_dump(mode="json", exclude_defaults=True) | {
            "info": [
                {"language": one.language, **one.model_dump(mode="json", exclude_defaults=True)}
                for one in self.info
            ]
        }


def key_of(sender: str, identifier: str, sent_at: datetime) -> str:
    """Return the name of a message: one instant is one, whatever the offset it is written with."""
    return f"{sender},{identifier},{sent_at.timestamp():.0f}"


def reference(sender: str, identifier: str, sent: str) -> str:
    """Return how another message refers to this one."""
    return f"{sender},{identifier},{sent}"
