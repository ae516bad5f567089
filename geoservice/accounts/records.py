"""What the account tables hold, as rows."""

from dataclasses import dataclass
from datetime import datetime

ROLES = ("viewer", "keeper", "planner", "dispatcher", "publisher", "admin", "auditor")
# Made by the set-up link, has no password, ends when the first administrator exists.
SETUP_NAME = "setup"
# Holds every role of the demonstration, has no password: only one-time links sign in as it.
DEMO_NAME = "demo"


@dataclass(frozen=True)
class Identity:
    """Who a session or token stands for: one of the two ids is None."""

    account_id: int | None
    token_id: int | None
    name: str
    roles: list[str]
    towns: list[str] | None

    @property
    def is_partner(self) -> bool:
        """Whether it is a partner's token: only these have no role (the table checks it)."""
        return self.token_id is not None and not self.roles


@dataclass(frozen=True)
class Grant:
    """What a partner may read of a layer; ``fields`` None: what a viewer sees, ``towns``: all."""

    layer: str
    fields: list[str] | None
    towns: list[str] | None
    secrecies: list[str]


@dataclass(frozen=True)
class StoredGrant(Grant):
    """One grant as an administrator sees it."""

    id: int
    partner: str
    granted_by: str
    granted_at: datetime
    revoked_by: str | None
    revoked_at: datetime | None


@dataclass(frozen=True)
class PasswordRow:
    """What a sign-in by password is checked against."""

    id: int
    password_hash: str | None
    is_open: bool


@dataclass(frozen=True)
class Account:
    """One account as an administrator sees it."""

    id: int
    name: str
    roles: list[str]
    towns: list[str] | None
    is_demo: bool
    has_password: bool
    disabled_at: datetime | None
    locked_until: datetime | None
    created_by: str
    created_at: datetime


@dataclass(frozen=True)
class Token:
    """One API token as an administrator sees it; its secret is kept nowhere.

    ``partner`` is the code of the one whose token it is: it has no role, and what is granted.
    """

    id: int
    name: str
    roles: list[str]
    towns: list[str] | None
    partner: str | None
    expires_at: datetime | None
    revoked_at: datetime | None
    created_by: str
    created_at: datetime


@dataclass(frozen=True)
class DistrictCard:
    """The district as the page's heading needs it; ``bbox`` is west, south, east, north."""

    name: str
    code: str
    is_demo: bool
    time_zone: str
    bbox: list[float]
