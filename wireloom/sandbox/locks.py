"""The locks on the process that runs people's code. It turns them on itself, before it has seen any of that code.

Each is tried; what the system does not have is left out, and told. From the
outside in: limits (setrlimit), no network (a namespace of its own), nothing of
the file system but Python's library (Landlock, landlock(7)), no system calls
that reach beyond the process (seccomp(2)). The last one, Python's audit hook,
always holds and cannot be taken off again, but who breaks out of Python breaks
out of it; it is alone where the kernel offers nothing.

Only the standard library can be had here: the process starts without any other.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Callable, Sequence
from pathlib import Path

from wireloom.sandbox.syscalls import refusing

#: Landlock's calls have the same numbers everywhere.
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
#: How many rights over files each version of Landlock knows, 16 from the fifth on.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
_READ_FILE = 1 << 2
_READ = _READ_FILE | 1 << 3  # files and folders
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP = 1, 38, 22
_SIGKILL = 9


def lock(parent: int, memory_bytes: int, cpu_s: int) -> list[str]:
    """Turn every lock that there is on, and give their names. Ends the process if `parent` is gone already."""
    readable = _readable()
    limit(memory_bytes, cpu_s)
    held = ["limits"]
    if sys.platform == "linux":
        held += [name for name, turn_on in _kernel_locks(parent, readable) if _tried(turn_on)]
    watch(readable)
    return [*held, "audit"]


def _readable() -> tuple[str, ...]:
    """Where Python's own library lies, what it needs of the system, and the empty folder that the process is in."""
    paths = sysconfig.get_paths()
    own = {os.path.realpath(paths[name]) for name in ("stdlib", "platstdlib")}
    return (
        *sorted(own),
        str(Path.cwd()),
        "/lib",
        "/lib64",
        "/usr/lib",
        "/usr/lib64",
        "/usr/share/zoneinfo",
        "/dev/null",
    )


def limit(memory_bytes: int, cpu_s: int) -> None:
    """No more than so much memory and time on the processor, no file longer than it is, no core, no process."""
    import resource

    for what, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (most, most))


def _kernel_locks(parent: int, readable: Sequence[str]) -> list[tuple[str, Callable[[], None]]]:
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)

    def called(result: int) -> int:
        if result < 0:
            raise OSError(ctypes.get_errno(), "refused")
        return result

    def die_with_parent() -> None:
        called(libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0))
        if os.getppid() != parent:
            os._exit(1)

    def no_network() -> None:
        os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET | os.CLONE_NEWIPC)

    def no_files() -> None:
        version = called(libc.syscall(_LANDLOCK_CREATE, None, 0, 1))
        ports, scopes = (3 if version >= 4 else 0), (3 if version >= 6 else 0)
        handled = (1 << _FILE_RIGHTS.get(version, 16)) - 1
        rights = (ctypes.c_uint64 * 3)(handled, ports, scopes)
        size = 24 if version >= 6 else 16 if version >= 4 else 8
        rules = called(libc.syscall(_LANDLOCK_CREATE, rights, size, 0))
        for path in filter(os.path.exists, readable):
            folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
            allowed = _READ if Path(path).is_dir() else _READ_FILE
            rule = allowed.to_bytes(8, sys.byteorder) + folder.to_bytes(4, sys.byteorder)
            called(libc.syscall(_LANDLOCK_ADD, rules, 1, rule, 0))
            os.close(folder)
        called(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        called(libc.syscall(_LANDLOCK_RESTRICT, rules, 0))
        os.close(rules)

    def no_calls() -> None:
        program = ctypes.create_string_buffer(refusing(os.uname().machine))
        length = (len(program) - 1) // 8

        class Program(ctypes.Structure):
            _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p)]

        given = Program(length, ctypes.addressof(program))
        called(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        called(libc.prctl(_PR_SET_SECCOMP, 2, ctypes.byref(given), 0, 0))

    return [
        ("network", no_network),
        ("parent", die_with_parent),  # a new namespace would undo it
        ("files", no_files),
        ("calls", no_calls),
    ]


def _tried(turn_on: Callable[[], None]) -> bool:
    try:
        turn_on()
    except (OSError, AttributeError):
        return False
    return True


#: What the audit hook refuses, by the first part of an event's name, and by its whole name.
_REFUSED_KINDS = frozenset({"socket", "subprocess", "ctypes", "fcntl", "pty", "syslog"})
_REFUSED_EVENTS = frozenset(
    f"os.{name}"
    for name in [
        "fork",
        "forkpty",
        "exec",
        "posix_spawn",
        "spawn",
        "system",
        "kill",
        "killpg",
        "chmod",
        "chown",
        "link",
        "symlink",
        "mkdir",
        "remove",
        "rename",
        "rmdir",
        "truncate",
        "utime",
        "setxattr",
        "removexattr",
        "putenv",
        "unsetenv",
        "lockf",
        "chflags",
    ]
) | {"resource.setrlimit", "resource.prlimit", "signal.pthread_kill", "sqlite3.load_extension"}
_LOOKING = frozenset({"open", "os.listdir", "os.scandir", "os.chdir", "sqlite3.connect"})
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def watch(readable: Sequence[str]) -> None:
    """Have Python itself refuse what the kernel may not: for good, in this process."""
    kinds, events, looking, writing = _REFUSED_KINDS, _REFUSED_EVENTS, _LOOKING, _WRITING
    roots, realpath = tuple(readable), os.path.realpath

    def look(event: str, arguments: tuple[object, ...]) -> None:
        if event in events or event.partition(".")[0] in kinds:
            raise PermissionError(f"Code may not do this here: {event}.")
        if event in looking and arguments and isinstance(arguments[0], str | bytes | os.PathLike):
            path = os.fsdecode(arguments[0])
            if event == "open" and isinstance(arguments[2], int) and arguments[2] & writing:
                raise PermissionError(f"Code may write no files: {path}.")
            whole = realpath(path)
            if path != ":memory:" and not any(
                whole == root or whole.startswith(root + "/") for root in roots
            ):
                raise PermissionError(f"Code may read no files: {path}.")

    sys.addaudithook(look)
