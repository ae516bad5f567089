"""What pydantic found wrong, said in both languages, never repeating the value that was given."""

from collections.abc import Mapping, Sequence
from typing import Any

from geoservice.errors import GeoServiceError

MOST = 20
_LONGEST_NAME = 80

# pydantic's error types (https://docs.pydantic.dev/latest/errors/validation_errors/) to Chinese.
_ZH = {
    "missing": "缺少此项",
    "extra_forbidden": "没有这个参数",
    "json_invalid": "不是有效的 JSON",
    "int_parsing": "须为整数",
    "int_type": "须为整数",
    "int_from_float": "须为整数",
    "int_parsing_size": "整数过大",
    "float_parsing": "须为数字",
    "float_type": "须为数字",
    "decimal_parsing": "须为数字",
    "decimal_type": "须为数字",
    "decimal_max_digits": "最多 {max_digits} 位数字",
    "decimal_max_places": "最多 {decimal_places} 位小数",
    "decimal_whole_digits": "整数部分最多 {whole_digits} 位",
    "finite_number": "须为有限的数字",
    "bool_parsing": "须为 true 或 false",
    "bool_type": "须为 true 或 false",
    "greater_than": "须大于 {gt}",
    "greater_than_equal": "须大于或等于 {ge}",
    "less_than": "须小于 {lt}",
    "less_than_equal": "须小于或等于 {le}",
    "multiple_of": "须为 {multiple_of} 的倍数",
    "literal_error": "须为 {expected} 之一",
    "enum": "须为 {expected} 之一",
    "string_type": "须为文字",
    "string_unicode": "不是有效的 Unicode 文字",
    "string_too_short": "至少 {min_length} 个字符",
    "string_too_long": "最多 {max_length} 个字符",
    "string_pattern_mismatch": "须符合格式 {pattern}",
    "too_short": "至少 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "list_type": "须为列表",
    "dict_type": "须为对象",
    "model_attributes_type": "须为 JSON 对象",
    "model_type": "须为 JSON 对象",
    "datetime_parsing": "须为带时区的日期时间，如 2026-11-23T08:00:00+08:00",
    "datetime_from_date_parsing": "须为带时区的日期时间，如 2026-11-23T08:00:00+08:00",
    "datetime_type": "须为带时区的日期时间，如 2026-11-23T08:00:00+08:00",
    "timezone_aware": "日期时间须带时区，如 2026-11-23T08:00:00+08:00",
    "date_parsing": "须为日期，如 2026-11-23",
    "date_from_datetime_parsing": "须为日期，如 2026-11-23",
    "date_type": "须为日期，如 2026-11-23",
    "uuid_parsing": "须为 UUID",
}


def complaints(errors: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return ``where``, ``why`` and ``why_zh`` of the first ``MOST`` validation errors."""
    return [_complaint(error) for error in errors[:MOST]]


def _complaint(error: Mapping[str, Any]) -> dict[str, str]:
    why, why_zh = _reasons(error)
    return {"where": _where(error["loc"]), "why": why, "why_zh": why_zh}


def _reasons(error: Mapping[str, Any]) -> tuple[str, str]:
    context = error.get("ctx") or {}
    cause = context.get("error")
    if isinstance(cause, GeoServiceError):
        return cause.message, cause.zh
    why = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        why = "There is no such parameter"
    template = _ZH.get(error["type"])
    return why, template.format_map(context) if template else f"数值不正确：{why}"


def _where(location: Sequence[str | int]) -> str:
    """Name the field: ``lon``, ``items.0.name``; the part of the request when it is all of that."""
    part, *rest = location
    is_offset = part == "body" and len(rest) == 1 and isinstance(rest[0], int)  # in broken JSON
    name = str(part) if is_offset or not rest else ".".join(map(str, rest))
    return "".join(c if c.isprintable() else "?" for c in name)[:_LONGEST_NAME]
