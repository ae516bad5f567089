"""Three specials, two probes, one withdrawal: what a mine and each of its headings lack (pure)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from geoservice.texts import Text

Probe = Literal["geophysics", "drilling"]
_PROBES: tuple[tuple[Probe, str], ...] = (("geophysics", "物探"), ("drilling", "钻探"))
_JUDGED = ("driving", None)  # a heading that is probed but not on record is taken as driven


@dataclass(frozen=True)
class Rule:
    """What is asked for; the numbers of technicians are by type of mine, the rest for all."""

    technicians: dict[str, int]
    team_headcount: int
    rigs: int
    probe_days: int


@dataclass(frozen=True)
class Control:
    """Technicians, team and rigs of a mine, all its records together; ``records`` may be 0."""

    records: int
    technicians: int
    team_headcount: int
    rigs: int


@dataclass(frozen=True)
class ProbeRow:
    """One record of probes, of a heading on record or of one by its words."""

    heading_id: int | None
    heading: str
    geophysics_on: date | None
    drilling_on: date | None
    result: str | None


@dataclass(frozen=True)
class HeadingRow:
    """A heading on record; ``state`` None: only its probes are."""

    id: int | None
    code: str
    name: str
    state: str | None


@dataclass(frozen=True)
class Withdrawal:
    """That people left; ``resumed_on`` None: they have not come back."""

    code: str
    withdrawn_on: date
    resumed_on: date | None
    place: str | None


@dataclass(frozen=True)
class Missing:
    """Something that is lacking."""

    code: str
    text: Text


@dataclass(frozen=True)
class Heading:
    """One heading: its last probes, and what it lacks; not judged unless it is driven."""

    code: str
    name: str
    state: str | None
    geophysics_on: date | None
    drilling_on: date | None
    result: str | None
    is_judged: bool
    missing: tuple[Missing, ...]

    @property
    def is_compliant(self) -> bool | None:
        """Whether nothing is lacking; None where it is not driven."""
        return not self.missing if self.is_judged else None


@dataclass(frozen=True)
class Compliance:
    """A mine on a day."""

    on: date
    hydro_type: str | None
    control: Control
    technicians_needed: int
    missing: tuple[Missing, ...]
    headings: tuple[Heading, ...]

    @property
    def is_compliant(self) -> bool:
        """Whether neither the mine nor any heading lacks anything."""
        return not self.missing and all(it.is_compliant is not False for it in self.headings)


@dataclass(frozen=True)
class Records:
    """What is on record of a mine."""

    hydro_type: str | None
    control: Control
    headings: Sequence[HeadingRow]
    probes: Sequence[ProbeRow]
    withdrawals: Sequence[Withdrawal]


def judge(records: Records, rule: Rule, *, on: date) -> Compliance:
    """Return what a mine and its headings lack on a day.

    A mine whose type is not known needs as many technicians as the most difficult one.
    """
    needed = rule.technicians.get(records.hydro_type or "", max(rule.technicians.values()))
    headings = tuple(
        _heading(it, records, rule, on) for it in (*records.headings, *_unlisted(records))
    )
    is_driven = any(it.is_judged for it in headings)
    missing = (*_specials(records, rule, needed), *_open(records, on, is_driven=is_driven))
    return Compliance(on, records.hydro_type, records.control, needed, missing, headings)


def told(it: Compliance) -> dict[str, Any]:
    """Return a judgement as JSON values."""
    return {
        "on": it.on, "is_compliant": it.is_compliant, "hydro_type": it.hydro_type,
        "technicians": it.control.technicians, "technicians_needed": it.technicians_needed,
        "team_headcount": it.control.team_headcount, "rigs": it.control.rigs,
        "missing": _told(it.missing),
        "headings": [
            {
                **{name: value for name, value in vars(one).items() if name != "missing"},
                "is_compliant": one.is_compliant, "missing": _told(one.missing),
            }
            for one in it.headings
        ],
    }  # fmt: skip


def _told(missing: Sequence[Missing]) -> list[dict[str, str]]:
    return [{"code": it.code, "zh": it.text.zh, "en": it.text.en} for it in missing]


def _unlisted(records: Records) -> Iterator[HeadingRow]:
    """Give headings that only their probes name."""
    known = {name for it in records.headings for name in (it.code, it.name)}
    for name in dict.fromkeys(it.heading for it in records.probes if it.heading_id is None):
        if name not in known:
            yield HeadingRow(None, name, name, None)


def _specials(records: Records, rule: Rule, needed: int) -> Iterator[Missing]:
    have = records.control
    if records.hydro_type not in rule.technicians:
        yield Missing(
            "HYDRO_TYPE", Text("水文地质类型未登记", "the hydrogeological type is unknown")
        )
    if not have.records:
        yield Missing("WATER_CONTROL", Text("没有防治水机构记录", "no water control is on record"))
        return
    for code, is_there, is_needed, zh, en in (
        ("TECHNICIANS", have.technicians, needed, "专业技术人员", "technicians"),
        ("TEAM", have.team_headcount, rule.team_headcount, "专门队伍人员", "people in the team"),
        ("RIGS", have.rigs, rule.rigs, "专用设备（台）", "rigs"),
    ):
        if is_there < is_needed:
            yield Missing(
                code,
                Text(f"{zh} {is_there}，应有 {is_needed}", f"{is_there} {en}, {is_needed} needed"),
            )


def _open(records: Records, on: date, *, is_driven: bool) -> Iterator[Missing]:
    for it in records.withdrawals:
        if is_driven and it.withdrawn_on <= on and (it.resumed_on is None or it.resumed_on > on):
            place = f"（{it.place}）" if it.place else ""
            yield Missing(
                "WITHDRAWN",
                Text(
                    f"{it.withdrawn_on} 已撤人{place}尚未恢复，仍有在掘工作面",
                    f"people left on {it.withdrawn_on} and have not come back, yet headings are "
                    "driven",
                ),
            )


def _heading(row: HeadingRow, records: Records, rule: Rule, on: date) -> Heading:
    probes = [it for it in records.probes if _is_of(it, row)]
    last = {
        "geophysics": max(
            (d for it in probes if (d := it.geophysics_on) and d <= on), default=None
        ),
        "drilling": max((d for it in probes if (d := it.drilling_on) and d <= on), default=None),
    }
    newest = max(probes, key=_day, default=None)
    is_judged = row.state in _JUDGED
    missing: tuple[Missing, ...] = ()
    if is_judged:
        missing = (
            *_probes(last, rule, on), *_withdrawal(newest, records.withdrawals),
        )  # fmt: skip
    return Heading(
        row.code, row.name, row.state, last["geophysics"], last["drilling"],
        newest.result if newest else None, is_judged, missing,
    )  # fmt: skip


def _is_of(probe: ProbeRow, row: HeadingRow) -> bool:
    if probe.heading_id is not None:
        return probe.heading_id == row.id
    return probe.heading in (row.code, row.name)


def _day(probe: ProbeRow) -> date:
    return max((d for d in (probe.geophysics_on, probe.drilling_on) if d), default=date.min)


def _probes(last: dict[str, date | None], rule: Rule, on: date) -> Iterator[Missing]:
    for probe, zh in _PROBES:
        day = last[probe]
        if day is None:
            yield Missing(probe.upper(), Text(f"缺{zh}", f"no {probe}"))
        elif on - day > timedelta(days=rule.probe_days):
            yield Missing(
                f"{probe.upper()}_OLD",
                Text(
                    f"{zh}于 {day}，已超过 {rule.probe_days} 天",
                    f"{probe} of {day}: more than {rule.probe_days} days ago",
                ),
            )


def _withdrawal(newest: ProbeRow | None, withdrawals: Sequence[Withdrawal]) -> Iterator[Missing]:
    """Give that water was met and nobody left."""
    if newest is None or newest.result != "water":
        return
    day = _day(newest)
    if not any(it.withdrawn_on >= day for it in withdrawals):
        yield Missing(
            "WITHDRAWAL",
            Text(
                f"{day} 探测见水，没有撤人记录", f"water was met on {day}, no withdrawal on record"
            ),
        )
