"""CAP 1.2: what is taken, what is refused and where, and that it comes back as it went out."""

import re
import xml.etree.ElementTree as ET  # reads what we wrote
from typing import Any

import pytest
import shapely

from geoservice.alerts.cap import NAMESPACE, message_of, read_cap, write_cap
from geoservice.alerts.message import Message
from geoservice.alerts.shapes import codes_of, shape_of, within
from geoservice.errors import FileError, GeometryError, InputError

SQUARE = "36.30,113.20 36.30,113.30 36.40,113.30 36.40,113.20 36.30,113.20"
AREA = {"areaDesc": "潞城区北部", "polygon": [SQUARE], "circle": ["36.35,113.22 0"],
        "geocode": [{"valueName": "GB/T 2260", "value": "140406"}]}  # fmt: skip
INFO = {
    "language": "zh-CN", "category": ["Met", "Geo"], "event": "暴雨", "responseType": ["Prepare"],
    "urgency": "Expected", "severity": "Severe", "certainty": "Likely",
    "onset": "2026-07-01T08:00:00+08:00", "expires": "2026-07-01T20:00:00-00:00",
    "headline": "暴雨橙色预警 & <山洪>", "description": "第一行\n“第二行”", "instruction": "转移",
    "parameter": [{"valueName": "level", "value": ""}], "area": [AREA],
    "resource": [{"resourceDesc": "图", "mimeType": "image/png", "size": "12"}],
}  # fmt: skip
ALERT = {"identifier": "CZ-1", "sender": "qx@changzhi", "sent": "2026-07-01T07:30:00+08:00",
         "status": "Actual", "msgType": "Alert", "scope": "Public", "info": [INFO]}  # fmt: skip


def _changed(path: str, value: Any) -> dict[str, Any]:
    """Return the alert with one member set (None: taken out): `info.area.polygon`."""
    *way, last = path.split(".")
    info, area = dict(INFO), dict(AREA)
    alert: dict[str, Any] = {**ALERT, "info": [{**info, "area": [area]}]}
    target = alert
    for name in way:
        target = target[name][0]
    target.update({last: value})
    if value is None:
        del target[last]
    return alert


def _xml(text: str) -> bytes:
    return text.encode()


def test_a_message_comes_back_as_it_went_out() -> None:
    message = message_of(ALERT)
    document = write_cap(message)
    assert read_cap(document) == (message, ())
    assert message_of(message.as_json()) == message
    assert write_cap(read_cap(document)[0]) == document
    assert "暴雨橙色预警 &amp; &lt;山洪&gt;".encode() in document


# The element sequences of the standard, section 3.2: name and how often, at least and at most.
_RULES = {
    "alert": "identifier sender sent status msgType source? scope restriction? addresses? code* "
    "note? references? incidents? info*",
    "info": "language? category+ event responseType* urgency severity certainty audience? "
    "eventCode* effective? onset? expires? senderName? headline? description? instruction? web? "
    "contact? parameter* resource* area*",
    "resource": "resourceDesc mimeType size? uri? derefUri? digest?",
    "area": "areaDesc polygon* circle* geocode* altitude? ceiling?",
    "eventCode": "valueName value", "parameter": "valueName value", "geocode": "valueName value",
}  # fmt: skip


def _check_structure(element: ET.Element) -> None:
    name = element.tag.removeprefix(f"{{{NAMESPACE}}}")
    assert element.tag.startswith(f"{{{NAMESPACE}}}")
    assert element.attrib == {}
    if name not in _RULES:
        assert len(element) == 0
        return
    children = " ".join(child.tag.split("}")[1] for child in element)
    rules = re.sub(r"(\w+)([?*+]?)", r"(?:\1(?: |$))\2", _RULES[name]).replace(" (", "(")
    assert re.fullmatch(rules, children), (name, children)
    for child in element:
        _check_structure(child)


def test_what_we_write_has_the_structure_of_the_standard() -> None:
    _check_structure(ET.fromstring(write_cap(message_of(ALERT))))  # noqa: S314  # our own
    bare = {**ALERT, "info": []}
    _check_structure(ET.fromstring(write_cap(message_of(bare))))  # noqa: S314


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("identifier", None, "alert.identifier"),
        ("identifier", "a b", "alert.identifier"),
        ("sender", "a,b", "alert.sender"),
        ("sent", "2026-07-01T07:30:00Z", "alert.sent"),
        ("sent", "2026-07-01T07:30:00.5+08:00", "alert.sent"),
        ("sent", "2026-13-01T07:30:00+08:00", "alert.sent"),
        ("status", "Real", "alert.status"),
        ("msgType", "Update", "alert"),
        ("scope", "Restricted", "alert"),
        ("scope", "Private", "alert"),
        ("references", "a,b", "alert"),
        ("references", "a,b,yesterday", "alert"),
        ("more", "1", "alert.more"),
        ("info.severity", "High", "alert.info.0.severity"),
        ("info.category", [], "alert.info.0.category"),
        ("info.category", ["Weather"], "alert.info.0.category.0"),
        ("info.event", None, "alert.info.0.event"),
        ("info.expires", "2026-07-01 20:00", "alert.info.0.expires"),
        ("info.headline", "a\x00b", "alert.info.0.headline"),
        ("info.area.areaDesc", None, "alert.info.0.area.0.areaDesc"),
        ("info.area.polygon", [SQUARE.rsplit(" ", 1)[0]], "alert.info.0.area.0.polygon.0"),
        ("info.area.polygon", ["1,1 2,2 1,1"], "alert.info.0.area.0.polygon.0"),
        ("info.area.polygon", ["113,36 113,37 114,37 113,36"], "alert.info.0.area.0.polygon.0"),
        ("info.area.circle", ["36,113"], "alert.info.0.area.0.circle.0"),
        ("info.area.circle", ["36,113 -1"], "alert.info.0.area.0.circle.0"),
        ("info.area.circle", ["113,36 1"], "alert.info.0.area.0.circle.0"),
        ("info.area.ceiling", "100", "alert.info.0.area.0"),
    ],
)
def test_the_element_at_fault_is_named(path: str, value: Any, where: str) -> None:
    with pytest.raises(InputError) as caught:
        message_of(_changed(path, value))
    assert caught.value.where == where
    assert caught.value.zh != caught.value.message


def test_xml_of_another_kind_is_refused() -> None:
    document = write_cap(message_of(ALERT)).decode()
    entity = '<!DOCTYPE alert [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    bomb = '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><alert>&b;</alert>'
    for text in (document.replace("<alert", f"{entity}<alert", 1), bomb,
                 document.replace("cap:1.2", "cap:1.1"), "<alert/>", "{}", "", document[:-3],
                 document.replace("<event>", "&nosuch;<event>")):  # fmt: skip
        with pytest.raises(FileError):
            read_cap(_xml(text))


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("<scope>", "<colour>red</colour><scope>", "alert.colour"),
        ("<scope>", "<scope>Public</scope><scope>", "alert.scope"),
        ("<scope>Public", "<scope><b/>Public", "alert.scope"),
        ("<event>暴雨", "<event>", "alert.info.0.event"),
        ("<severity>Severe</severity>", "", "alert.info.0.severity"),
    ],
)
def test_an_element_of_a_document_is_named(old: str, new: str, where: str) -> None:
    document = write_cap(message_of(ALERT)).decode()
    with pytest.raises(InputError) as caught:
        read_cap(_xml(document.replace(old, new, 1)))
    assert caught.value.where == where


def test_a_signature_and_empty_elements_are_passed_over_and_the_former_is_told() -> None:
    signature = '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><a/></Signature></alert>'
    document = write_cap(message_of(ALERT)).decode()
    document = document.replace("<scope>", "<source/><scope>").replace("</alert>", signature)
    assert read_cap(_xml(document)) == (message_of(ALERT), ("the signature is not kept",))


def test_latitude_comes_first_and_areas_go_before_points() -> None:
    shape = shape_of(message_of(ALERT))
    assert shape is not None
    assert shape.bounds == (113.2, 36.3, 113.3, 36.4)
    point = shape_of(message_of(_changed("info.area.polygon", [])))
    assert point == shapely.set_srid(shapely.Point(113.22, 36.35), 4490)
    bare = _changed("info.area", [])
    assert shape_of(message_of(bare)) is None
    assert codes_of(message_of(bare)) == []


def test_a_circle_is_never_short() -> None:
    alert = _changed("info.area.circle", ["36.35,113.22 10"])
    alert["info"][0]["area"][0]["polygon"] = []
    disc = shape_of(message_of(alert))
    assert disc is not None
    # 10 km north is 10 / 110.95 degrees of latitude here, give or take the padding of 0.12 %.
    assert 10 / 110.95 - 2e-4 < disc.bounds[3] - 36.35 < 10 / 110.95 * 1.0015 + 2e-4


def test_a_polygon_that_crosses_itself_is_refused_by_name() -> None:
    bow = "36.3,113.2 36.4,113.3 36.4,113.2 36.3,113.3 36.3,113.2"
    with pytest.raises(GeometryError, match="Self-intersection") as caught:
        shape_of(message_of(_changed("info.area.polygon", [SQUARE, bow])))
    assert caught.value.where == "alert.info.0.area.0.polygon.1"


def test_only_what_lies_here_is_kept_of_a_shape() -> None:
    box = shapely.set_srid(shapely.box(113.25, 36, 114, 37), 4490)
    part = within(shape_of(message_of(ALERT)), box)
    assert part is not None
    assert part.bounds == (113.25, 36.3, 113.3, 36.4)
    assert within(shapely.Point(1, 1), box) is None
    assert within(None, box) is None


def test_codes_of_any_length_name_district_and_town() -> None:
    codes = [{"valueName": "x", "value": v} for v in
             ("140406", "140406000000", "140406100", "140406101000", "湘", "1")]  # fmt: skip
    message = message_of(_changed("info.area.geocode", codes))
    assert codes_of(message) == ["140406", "140406100", "140406101"]


def test_the_offset_of_a_time_does_not_make_another_message() -> None:
    there: Message = message_of(ALERT)
    here = message_of(_changed("sent", "2026-06-30T23:30:00+00:00"))
    assert there.key == here.key
    update = message_of({**ALERT, "msgType": "Update", "identifier": "CZ-2",
                         "references": "qx@changzhi,CZ-1,2026-06-30T23:30:00+00:00"})  # fmt: skip
    assert update.referred() == (there.key,)
