"""First expired, first out: the worked vector of the domain notes, and what is never offered."""

from datetime import date
from decimal import Decimal

from geoservice.registry.fefo import Draw, Lot, draw, in_order, is_expired

TODAY = date(2025, 6, 1)
FIRST = Lot("L2", Decimal(25), date(2026, 1, 1))
SECOND = Lot("L1", Decimal(40), date(2027, 1, 1))


def test_worked_vector() -> None:
    found = draw([SECOND, FIRST], Decimal(30), TODAY)
    assert found.draws == (Draw("L2", Decimal(25)), Draw("L1", Decimal(5)))
    assert found.short == 0


def test_an_expired_lot_is_never_offered() -> None:
    gone = Lot("L0", Decimal(100), date(2025, 5, 31))
    assert draw([gone], Decimal(1), TODAY).draws == ()
    assert draw([gone, FIRST], Decimal(30), TODAY).short == 5


def test_the_last_day_still_counts() -> None:
    assert not is_expired(TODAY, TODAY)
    assert not is_expired(None, TODAY)
    assert is_expired(date(2025, 5, 31), TODAY)


def test_what_keeps_for_ever_comes_last_then_by_code() -> None:
    for_ever = Lot("A", Decimal(1), None)
    twin = Lot("L0", Decimal(1), FIRST.expires_on)
    empty = Lot("E", Decimal(0), TODAY)
    assert [it.code for it in in_order([for_ever, empty, FIRST, twin], TODAY)] == ["L0", "L2", "A"]


def test_what_is_missing_is_said() -> None:
    assert draw([FIRST, SECOND], Decimal(100), TODAY).short == 35
    assert draw([], Decimal(3), TODAY).short == 3
    assert draw([FIRST], Decimal(0), TODAY).draws == ()
