"""Passwords: argon2id, a few at a time, and what makes one acceptable."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from geoservice.errors import BusyError, InputError

SHORTEST, LONGEST = 12, 200

# OWASP's floor: 19 MiB, two passes, one lane. A check takes about 40 ms of one core, so two run
# at once and twenty more may wait, whatever the number of clients.
HASHER = PasswordHash((Argon2Hasher(memory_cost=19 * 1024, time_cost=2, parallelism=1),))
_AT_ONCE, _WAITING = 2, 20
_running = threading.BoundedSemaphore(_AT_ONCE)
_places = threading.BoundedSemaphore(_AT_ONCE + _WAITING)

# The hash of a random password that nobody kept: an unknown name costs the same work.
DECOY = (
    "$argon2id$v=19$m=19456,t=2,p=1$Gofy0cPY9ZiStWyiDLwOIA"
    "$TM7m4cvSeylFjkZwTLBKfee6h6CzFYxjP2fNPI8Wkos"
)


def check(password: str, password_hash: str | None) -> tuple[bool, str | None]:
    """Return whether the password is right, and a new hash if the kept one is of older cost.

    Without a hash the answer is no, after the same work.

    Raises
    ------
    BusyError
        Too many checks are waiting.
    """
    with _a_turn():
        right, renewed = HASHER.verify_and_update(password, password_hash or DECOY)
    return right and password_hash is not None, renewed


def hashed(password: str, *, name: str) -> str:
    """Return the hash to keep of a new password for the account ``name``.

    Raises
    ------
    InputError
        It is too short or too long, contains the name, or is one character again and again.
    BusyError
        Too many checks are waiting.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise InputError(
            f"the password needs {SHORTEST} to {LONGEST} characters, it has {len(password)}",
            zh=f"密码须为 {SHORTEST} 到 {LONGEST} 个字符，现为 {len(password)} 个",
            where="password",
        )
    is_monotonous = len(set(password)) < SHORTEST // 3
    if name.casefold() in password.casefold() or is_monotonous or not password.isprintable():
        raise InputError(
            "the password must not contain the account's name or control characters, "
            "or repeat a few characters",
            zh="密码不能包含账户名或控制字符，也不能只由少数几个字符重复而成",
            where="password",
        )
    with _a_turn():
        return HASHER.hash(password)


@contextmanager
def _a_turn() -> Iterator[None]:
    if not _places.acquire(blocking=False):
        raise BusyError(
            "too many sign-ins at once: try again in a moment",
            zh="同时登录的人过多，请稍后再试",
        )
    try:
        with _running:
            yield
    finally:
        _places.release()
