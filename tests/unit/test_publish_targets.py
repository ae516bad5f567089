"""Where a job of the web may publish to: no path, no socket."""

from pathlib import Path

import pytest

from geoservice.errors import InputError
from geoservice.exports.jobs.targets import address_of, own_folder


def test_the_web_names_no_path_and_no_socket(tmp_path: Path) -> None:
    assert own_folder(tmp_path, "city") == str(tmp_path / "published" / "city")
    for bad in ("../x", "/etc", "a/b", "", "."):
        with pytest.raises(InputError):
            own_folder(tmp_path, bad)
    said = {"port": 5432, "database": "g/is", "user": "a@b", "sslmode": "require"}
    assert address_of(host="10.0.0.1", **said) == (  # type: ignore[arg-type]  # a test's own
        "postgresql://a%40b@10.0.0.1:5432/g%2Fis?sslmode=require"
    )
    for bad in ("/var/run/postgresql", "@x", "a b", "%2Ftmp", "x,/tmp"):
        with pytest.raises(InputError):
            address_of(host=bad, **said)  # type: ignore[arg-type]  # a test's own
