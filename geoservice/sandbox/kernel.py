"""What Linux offers a process that wants to lose its rights, asked of it directly.

Landlock (5.13) takes files away, seccomp (3.5) calls, a network namespace every network. None of
them needs a program that may not be installed, nor root. Numbers and layouts are the kernel's:
landlock(7), seccomp(2), capset(2), `include/uapi/linux/{landlock,seccomp,filter}.h`.
"""

import ctypes
import os
import platform
import struct
from collections.abc import Iterable
from pathlib import Path

_LIBC = ctypes.CDLL(None, use_errno=True)

_NO_NEW_PRIVS, _SET_SECCOMP, _FILTER = 38, 22, 2
_CLONE_NEWNS, _CLONE_NEWIPC, _CLONE_NEWUSER, _CLONE_NEWNET = (
    0x20000, 0x8000000, 0x10000000, 0x40000000,
)  # fmt: skip
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_READ = 0b1101  # EXECUTE, READ_FILE, READ_DIR
_OF_FILES = 0b111 | 1 << 14 | 1 << 15  # what a rule for a single file may say
_RIGHTS_BY_VERSION = (13, 14, 15, 15, 16)  # how many rights version 1, 2, ... knows

# AUDIT_ARCH of the machine, then the calls that are refused: sockets, other programs, other
# processes, mounts, keys, and ways around this list.
_CALLS: dict[str, tuple[int, tuple[int, ...]]] = {
    "x86_64": (0xC000003E, (
        41, 42, 43, 44, 46, 49, 50, 53, 288, 307,              # socket ... sendmmsg
        57, 58, 59, 322, 62, 200, 234, 101, 310, 311, 424, 434, 438,
        109, 112, 155, 161, 165, 166, 167, 272, 308, 428, 429, 430, 431, 432, 442,
        248, 249, 250, 175, 313, 246, 298, 321, 323, 304, 425, 426, 427, 435,
    )),
    "aarch64": (0xC00000B7, (
        198, 199, 200, 201, 202, 203, 206, 211, 242, 269,
        221, 281, 129, 130, 131, 117, 270, 271, 424, 434, 438,
        154, 157, 39, 40, 41, 51, 97, 268, 428, 429, 430, 431, 432, 442,
        217, 218, 219, 105, 273, 104, 241, 280, 282, 265, 425, 426, 427, 435,
    )),
}  # fmt: skip
_KILL, _ALLOW, _REFUSE = 0x80000000, 0x7FFF0000, 0x00050001  # the last: EPERM
_REFUSE_CLONE3 = 0x00050026  # ENOSYS: the C library then takes clone(2) for its threads
_CLONE = {"x86_64": 56, "aarch64": 220}
_CLONE_THREAD = 0x10000
_LOAD, _EQUALS, _AT_LEAST, _HAS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06


def forgo_privileges() -> bool:
    """Give up every capability, and gaining any by starting a program."""
    if _LIBC.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    header, none = struct.pack("Ii", 0x20080522, 0), bytes(24)
    return bool(_LIBC.capset(header, none) == 0)


def leave_network() -> bool:
    """Move to a network with nothing in it; a process of an ordinary user takes its own users."""
    user, group = os.getuid(), os.getgid()
    if _LIBC.unshare(_CLONE_NEWUSER | _CLONE_NEWNET | _CLONE_NEWIPC | _CLONE_NEWNS) != 0:
        return bool(_LIBC.unshare(_CLONE_NEWNET | _CLONE_NEWIPC | _CLONE_NEWNS) == 0)
    try:
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    except OSError:
        return True  # without a name in it: its own files stay its own
    return True


def keep_files(*, read: Iterable[Path], write: Path) -> bool:
    """Keep these files and folders only: ``read`` to be read, ``write`` to be written in too."""
    version = _LIBC.syscall(_CREATE_RULESET, None, 0, 1)
    if version < 1:
        return False
    rights = (1 << _RIGHTS_BY_VERSION[min(version, len(_RIGHTS_BY_VERSION)) - 1]) - 1
    # From version 4 on TCP, from 6 on abstract sockets and signals: none is allowed.
    members = [rights, 3 if version >= 4 else 0, 3 if version >= 6 else 0]
    attributes = struct.pack("QQQ", *members)[: 24 if version >= 6 else 16 if version >= 4 else 8]
    ruleset = _LIBC.syscall(_CREATE_RULESET, attributes, len(attributes), 0)
    if ruleset < 0:
        return False
    allowed = [(path, _READ) for path in read] + [(write, rights & ~0b1)]
    fine = all(_allow(ruleset, path, some & rights) for path, some in allowed if path.exists())
    fine = fine and _LIBC.syscall(_RESTRICT_SELF, ruleset, 0) == 0
    os.close(ruleset)
    return fine


def _allow(ruleset: int, path: Path, rights: int) -> bool:
    file = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rights = rights if path.is_dir() else rights & _OF_FILES
        rule = struct.pack("=Qi", rights, file)
        return bool(_LIBC.syscall(_ADD_RULE, ruleset, 1, rule, 0) == 0)
    finally:
        os.close(file)


def close_calls() -> bool:
    """Refuse the calls by which a process reaches others; they fail with EPERM from now on."""
    known = _CALLS.get(platform.machine())
    if known is None:
        return False
    architecture, refused = known
    program = [_step(_LOAD, 4), _step(_EQUALS, architecture, yes=1), _step(_RETURN, _KILL)]
    program += [_step(_LOAD, 0), _step(_EQUALS, 435, no=1), _step(_RETURN, _REFUSE_CLONE3)]
    # Threads of its own, but no process: what outlives it could not be ended.
    program += [_step(_EQUALS, _CLONE[platform.machine()], no=4), _step(_LOAD, 16)]
    program += [_step(_HAS, _CLONE_THREAD, no=1), _step(_RETURN, _ALLOW), _step(_RETURN, _REFUSE)]
    program += [_step(_AT_LEAST, 0x40000000, yes=len(refused) + 1)]  # another way to number them
    program += [_step(_EQUALS, call, yes=len(refused) - n) for n, call in enumerate(refused)]
    program += [_step(_RETURN, _ALLOW), _step(_RETURN, _REFUSE)]
    text = ctypes.create_string_buffer(b"".join(program))
    pointer = struct.pack("HxxxxxxP", len(program), ctypes.addressof(text))
    return bool(_LIBC.prctl(_SET_SECCOMP, _FILTER, pointer, 0, 0) == 0)


def _step(code: int, value: int, *, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("HBBI", code, yes, no, value)
