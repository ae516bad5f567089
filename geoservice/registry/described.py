"""A register as a form needs it: labels, fields, kinds, codes (pure)."""

from typing import Any

from geoservice.registry.fields import Field, Register

# Filled by the service, not by a form.
_NOT_ASKED = ("is_demo",)


def described(register: Register, *, may_edit: bool) -> dict[str, Any]:
    """Return what a client needs to show and check a record before it is sent."""
    return {
        "name": register.name,
        "zh": register.label.zh,
        "en": register.label.en,
        "geometry": register.shape,
        "needs_geometry": register.needs_shape and register.shape is not None,
        "may_edit": may_edit,
        "fields": [_field(it) for it in register.fields if it.name not in _NOT_ASKED],
    }


def _field(it: Field) -> dict[str, Any]:
    limits = {
        "pattern": it.column.pattern,
        "least": it.column.least,
        "below": it.column.below,
    }
    return {
        "name": it.name,
        "zh": it.label.zh,
        "en": it.label.en,
        "kind": it.kind,
        "is_required": it.is_required,
        "is_nullable": it.is_nullable,
        "codes": {code: {"zh": label.zh, "en": label.en} for code, label in it.codes.items()},
        **{name: value for name, value in limits.items() if value is not None},
    }
