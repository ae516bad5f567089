"""The environment, read once, as a frozen value."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from geoservice.errors import SetupError

_PACKAGE = Path(__file__).resolve().parent
_MAX_PORT = 65535


@dataclass(frozen=True)
class Settings:
    """Every setting there is; names and defaults as the README lists them."""

    home: Path
    database_url: str | None
    host: str
    port: int
    public_url: str
    demo: bool
    workers: int
    uploads_per_hour: int = 10
    upload_within_s: int = 60
    # Minutes that an order's reservation lasts unless it is confirmed.
    order_hold_min: int = 30
    # Minutes from one dispatch book to the next; 0: none is written by itself.
    book_min: int = 30

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Return the settings that ``GEOSERVICE_...`` variables give.

        Raises
        ------
        SetupError
            A value is not what its setting takes.
        """
        host = environ.get("GEOSERVICE_HOST") or "127.0.0.1"
        port = _number(environ, "GEOSERVICE_PORT", default=8000, most=_MAX_PORT)
        listening = address(host, port)
        return cls(
            home=Path(environ.get("GEOSERVICE_HOME") or _default_home()).expanduser().absolute(),
            database_url=environ.get("GEOSERVICE_DATABASE_URL") or None,
            host=host,
            port=port,
            public_url=_public_url(environ.get("GEOSERVICE_PUBLIC_URL") or listening),
            demo=_flag(environ, "GEOSERVICE_DEMO", default=True),
            workers=_number(environ, "GEOSERVICE_WORKERS", default=1, most=64),
            uploads_per_hour=_number(
                environ, "GEOSERVICE_UPLOADS_PER_HOUR", default=10, most=100_000
            ),
            upload_within_s=_number(environ, "GEOSERVICE_UPLOAD_WITHIN_S", default=60, most=3600),
            order_hold_min=_number(environ, "GEOSERVICE_ORDER_HOLD_MIN", default=30, most=10_080),
            book_min=_number(environ, "GEOSERVICE_BOOK_MIN", default=30, most=10_080, least=0),
        )


def address(host: str, port: int) -> str:
    """Return where a browser finds a host; the colons of IPv6 stand in brackets (RFC 3986)."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _default_home() -> Path:
    """Keep a checkout's state beside it, an installed wheel's in the user's state folder."""
    if (_PACKAGE.parent / "pyproject.toml").is_file():
        return _PACKAGE.parent / "var"
    return Path.home() / ".local" / "state" / "geoservice"


def _public_url(text: str) -> str:
    """Return the address as browsers write it in `Origin`, with which it is compared."""
    try:
        parts = urlsplit(text.rstrip("/"))
        usual = {"http": 80, "https": 443}[parts.scheme]
        port, host = parts.port, parts.hostname
    except (KeyError, ValueError):
        host = None
    if not host or parts.path or parts.query or parts.fragment or parts.username is not None:
        raise SetupError(
            f"GEOSERVICE_PUBLIC_URL={text!r}: http:// or https:// and a host are needed, "
            "with a port where it is not the usual one, and no path",
            zh=f"GEOSERVICE_PUBLIC_URL={text!r}：须为 http:// 或 https:// 加主机名，"
            "端口不是默认值时加端口，不带路径",
            where="GEOSERVICE_PUBLIC_URL",
        )
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}" + ("" if port in {None, usual} else f":{port}")


def _number(
    environ: Mapping[str, str], name: str, *, default: int, most: int, least: int = 1
) -> int:
    text = environ.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise SetupError(
            f"{name}={text!r}: a whole number from {least} to {most} is needed",
            zh=f"{name}={text!r}：须为 {least} 到 {most} 的整数",
            where=name,
        )
    return int(text)


def _flag(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = environ.get(name) or ("1" if default else "0")
    if text not in {"0", "1"}:
        raise SetupError(
            f"{name}={text!r}: 0 or 1 is needed", zh=f"{name}={text!r}：须为 0 或 1", where=name
        )
    return text == "1"
