"""Confine this process: run in the reader before it looks at anything."""

import resource
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from geoservice.errors import SetupError
from geoservice.sandbox import kernel
from geoservice.sandbox.limits import Limits

_PACKAGE = Path(__file__).resolve().parents[1]
# Programs, libraries and what they look up; nothing of /etc, /home, /root, /tmp, /proc or /var.
_SYSTEM = (
    "/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/localtime", "/dev/null",
    "/dev/urandom", "/sys/devices/system/cpu",
)  # fmt: skip


@dataclass(frozen=True)
class Confinement:
    """What holds the reader process here, beside its limits and the drivers that are left out.

    Parameters
    ----------
    files
        It reads programs and its own folder, nothing else (Landlock).
    network
        It stands in a network of its own, with nothing in it (namespaces).
    calls
        It opens no socket, starts no program and signals nobody (seccomp).
    privileges
        It has no capability and gains none.
    """

    files: bool
    network: bool
    calls: bool
    privileges: bool

    @property
    def level(self) -> str:
        """``full``, ``partial`` (no socket, or no file, but not both), or ``limits``."""
        without_socket = self.network or self.calls
        if self.files and without_socket:
            return "full"
        return "partial" if self.files or without_socket else "limits"

    def as_json(self) -> dict[str, object]:
        """Return itself for a report."""
        return {"level": self.level, **asdict(self)}


def confine(folder: Path, limits: Limits) -> Confinement:
    """Take from this process whatever the machine lets it lose; the limits hold in any case.

    Parameters
    ----------
    folder
        Where the file lies that is read, the one place it may write to.

    Raises
    ------
    SetupError
        A limit cannot be set: nothing is read then.
    """
    network = kernel.leave_network()  # while /proc can be written and there is one thread
    _limit(limits)
    privileges = kernel.forgo_privileges()
    files = kernel.keep_files(read=_readable(), write=folder)
    return Confinement(files, network, kernel.close_calls(), privileges)


def _readable() -> list[Path]:
    """Return the folders of Python and of this package."""
    ours = {Path(sys.prefix), Path(sys.base_prefix), _PACKAGE}
    ours |= {Path(entry) for entry in sys.path if Path(entry).name in _PACKAGES}
    return [Path(it) for it in _SYSTEM] + sorted(ours - {Path("/"), Path("/usr")})


_PACKAGES = {"site-packages", "dist-packages"}


def _limit(limits: Limits) -> None:
    wanted = {
        resource.RLIMIT_AS: limits.memory_mb * 1_000_000,
        resource.RLIMIT_CPU: limits.cpu_s,
        resource.RLIMIT_FSIZE: limits.file_mb * 1_000_000,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_CORE: 0,
    }
    try:
        for what, most in wanted.items():
            hard = resource.getrlimit(what)[1]
            most = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(what, (most, most))
    except (OSError, ValueError) as error:
        raise SetupError(
            f"the reader's limits cannot be set: {error}", zh=f"无法设置读取程序的限制：{error}"
        ) from error
