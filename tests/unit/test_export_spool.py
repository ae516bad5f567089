"""Files of exports on their way: in the state folder, and gone at the next start."""

import stat
from pathlib import Path

from geoservice.exports.spool import clear, new_folder


def test_what_a_crash_left_is_gone_at_the_next_start(tmp_path: Path) -> None:
    home = tmp_path / "home"
    clear(home)  # nothing there yet
    folder = new_folder(home)
    (folder / "depots.gpkg").write_bytes(b"half")
    assert folder.parent == home / "exports"
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    clear(home)
    assert list(home.iterdir()) == []
    assert new_folder(home).is_dir()
