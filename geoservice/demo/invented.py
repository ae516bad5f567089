"""What every invented record says of itself: a code, that it is 演示, and by whom it was made."""

from datetime import date, timedelta
from typing import Any

from geoservice.demo.ground import Ground

SURVEYED_ON = date(2026, 3, 2)
OLD_SURVEY_ON = SURVEYED_ON - timedelta(days=700)  # stale under every rule of a year
NO_PHONE = "000-0000-{:04d}"


def invented(  # each says one thing of the record
    ground: Ground,
    letters: str,
    number: int,
    *,
    zh: str,
    en: str,
    town_code: str | None = None,
    surveyed_on: date = SURVEYED_ON,
) -> dict[str, Any]:
    """Return the common fields of an invented record: ``演示…`` by name, marked as such."""
    return {
        "code": f"DEMO-{letters}-{number:03d}",
        "name": f"演示{zh}",
        "name_en": f"Demonstration {en}",
        "org": "演示主管单位",
        "town_code": town_code,
        "source_doc": ground.source_doc,
        "surveyed_on": surveyed_on,
        "is_demo": True,
    }
