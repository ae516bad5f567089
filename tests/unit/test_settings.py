"""The environment as settings."""

import pytest

from geoservice.errors import SetupError
from geoservice.settings import Settings


def public_url(**given: str) -> str:
    return Settings.from_environment({f"GEOSERVICE_{k}": v for k, v in given.items()}).public_url


def test_the_listening_address_is_the_public_one() -> None:
    assert public_url() == "http://127.0.0.1:8000"
    assert public_url(HOST="::1", PORT="8001") == "http://[::1]:8001"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://map.example/", "https://map.example"),
        ("HTTPS://Map.Example:443", "https://map.example"),
        ("http://10.0.0.5:8080", "http://10.0.0.5:8080"),
        ("https://[2001:DB8::1]:444", "https://[2001:db8::1]:444"),
    ],
)
def test_public_address_is_written_as_browsers_write_an_origin(given: str, kept: str) -> None:
    assert public_url(PUBLIC_URL=given) == kept


@pytest.mark.parametrize(
    "given",
    ["map.example", "ftp://x", "https://", "https://x/map", "https://x?y", "http://x:y",
     "https://a:b@x", "http://[::1"],
)  # fmt: skip
def test_public_address_that_cannot_be_one_is_refused(given: str) -> None:
    with pytest.raises(SetupError, match="GEOSERVICE_PUBLIC_URL="):
        public_url(PUBLIC_URL=given)
