"""The wheel alone is a whole service: built, installed aside, started, asked for its page."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def scratch() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="geoservice-wheel-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def wheel(scratch: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(scratch)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (made,) = scratch.glob("*.whl")
    return made


def test_wheel_carries_its_data_and_the_licences_of_what_it_carries(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    data = "geoservice/_data/"
    for top, prefix in (("geoservice", ""), ("sql", data), ("layers", data), ("web", data)):
        listed = subprocess.run(
            ["git", "ls-files", top], cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout.split()
        assert {f"{prefix}{name}" for name in listed} - names == set()
    libraries = "geoservice/_data/web/node_modules"
    for name in (
        "ol/dist/ol.js",
        "ol/LICENSE.md",
        "proj4/dist/proj4.js",
        "leaflet/dist/leaflet.js",
    ):
        assert f"{libraries}/{name}" in names
    assert f"{libraries}/swagger-ui-dist/swagger-ui-bundle.js" in names
    assert [n for n in names if not n.startswith(("geoservice/", "geoservice-"))] == []


def test_service_installed_from_the_wheel_serves_its_page(wheel: Path, scratch: Path) -> None:
    site = scratch / "site"
    install = ["install", "-q", "--no-deps", "--no-index", "--no-compile", "--target", str(site)]
    subprocess.run([sys.executable, "-m", "pip", *install, str(wheel)], check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "PYTHONPATH": str(site),
        "GEOSERVICE_HOME": str(scratch / "state"),
        "GEOSERVICE_PORT": str(port),
        "GEOSERVICE_DEMO": "0",
    }
    environment.pop("GEOSERVICE_DATABASE_URL", None)
    where = "import geoservice.resources as r; print(r.folder('sql'))"
    found = subprocess.run(
        [sys.executable, "-c", where], env=environment, cwd=scratch, check=True,
        capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    assert found == str(site / "geoservice" / "_data" / "sql")
    with subprocess.Popen(
        [sys.executable, "-m", "geoservice", "serve"],
        env=environment, cwd=scratch, stdout=subprocess.PIPE, text=True,
    ) as service:  # fmt: skip
        try:
            assert service.stdout is not None
            assert any("the map is served at" in line for line in service.stdout)
            for path, expected in (
                ("/", "<html"),
                ("/web/app.css", "{"),
                ("/ogc/collections", '"collections"'),
            ):
                answer = urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10)
                with answer:
                    assert expected in answer.read().decode("utf-8")
        finally:
            service.send_signal(signal.SIGTERM)
            service.communicate(timeout=30)
    assert service.returncode == 0
    assert not (scratch / "state" / "postgres" / "postmaster.pid").exists()
