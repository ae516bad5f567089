"""Where a request comes from: this machine, one of our own pages, or elsewhere."""

from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from starlette.requests import Request

from geoservice.auth import is_https, settings_of


def is_from_here(request: Request) -> bool:
    """Return whether the request comes from this machine."""
    try:
        address = ip_address(request.client.host if request.client else "")
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback


def is_own_machine(request: Request) -> bool:
    """Return whether this machine asks, and not by a proxy of its own for somebody else.

    Behind a proxy everybody may come from here; then the service has another public address.
    """
    host = urlsplit(settings_of(request).public_url).hostname or ""
    return host in {"127.0.0.1", "localhost", "::1"} and is_from_here(request)


def is_same_origin(request: Request) -> bool | None:
    """Return whether one of our own pages asks; None when the client does not say (no browser)."""
    origin = request.headers.get("origin")
    if origin is not None:
        return origin in _own_origins(request)
    site = request.headers.get("sec-fetch-site")
    return None if site is None else site == "same-origin"


def _own_origins(request: Request) -> set[str]:
    """Where our pages are: the public address, and for this machine (or without TLS) the host."""
    settings = settings_of(request)
    public = urlsplit(settings.public_url)
    own = {f"{public.scheme}://{public.netloc}"}
    if is_from_here(request) or not is_https(settings):
        own.add(f"http://{request.headers.get('host', '')}")
    return own
