"""What one contender gives at so many connections: wrk for web servers, pgbench for bare SQL."""

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from geoservice.cluster.programs import installed

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Pull:
    """Answers a second, and how long one takes."""

    per_s: float
    p50_ms: float
    p99_ms: float
    bytes_each: float = 0.0
    refused: int = 0


def middle(laps: Sequence[Pull]) -> Pull:
    """The median of each number; refusals are added up."""
    return Pull(
        *(median(getattr(one, name) for one in laps)
          for name in ("per_s", "p50_ms", "p99_ms", "bytes_each")),
        refused=sum(one.refused for one in laps),
    )  # fmt: skip


def missing() -> list[str]:
    """The programs that are not here, with the Debian packages that bring them."""
    found = []
    if shutil.which("wrk") is None:
        found.append("wrk (apt-get install wrk)")
    if pgbench() is None:
        found.append("pgbench (apt-get install postgresql-contrib, or the server's own package)")
    return found


def pgbench() -> str | None:
    """Where pgbench is, that of the server first."""
    beside = [one.path("pgbench") for one in installed()]
    return next((path for path in beside if Path(path).exists()), shutil.which("pgbench"))


def pull(url: str, lines: Sequence[str], *, connections: int, seconds: int) -> Pull:
    """Ask for the paths (with the ETags to send, after a tab) in turn."""
    with tempfile.NamedTemporaryFile("w", suffix=".paths") as paths:
        paths.write("\n".join(lines) + "\n")
        paths.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s"]
        done = subprocess.run(
            [*command, "-s", str(HERE / "wrk.lua"), url, "--", paths.name],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    seen = json.loads(done.stdout.splitlines()[-1])
    answers = max(seen["requests"], 1)
    return Pull(
        per_s=seen["requests"] / seen["duration_us"] * 1e6,
        p50_ms=seen["p50_us"] / 1e3,
        p99_ms=seen["p99_us"] / 1e3,
        bytes_each=seen["bytes"] / answers,
        refused=seen["refused"] + seen["broken"],
    )


def pull_sql(url: str, statements: Sequence[str], *, connections: int, seconds: int) -> Pull:
    """Run the statements in turn, plans kept, nothing compressed; p50 is the mean here."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.writelines(re.sub(r"\s+", " ", one) + ";\n" for one in statements)
        script.flush()
        command = [str(pgbench()), "-n", "-M", "prepared", f"-c{connections}", "-j1"]
        done = subprocess.run(
            [*command, f"-T{seconds}", "-f", script.name, url],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    per_s = float(re.findall(r"tps = ([\d.]+)", done.stdout)[0]) * len(statements)
    mean = float(re.findall(r"latency average = ([\d.]+)", done.stdout)[0]) / len(statements)
    return Pull(per_s, mean, float("nan"))
