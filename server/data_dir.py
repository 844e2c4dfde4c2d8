"""The data directory: made private, its secret key kept, its lock held by one server."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import tempfile
from pathlib import Path
from typing import IO

from server.environment import BadEnvironment, StartRefused

#: File systems on which SQLite's locks cannot be trusted.
NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ceph", "glusterfs", "lustre", "fuse.sshfs", "9p"}
)


class DataDirectoryInUse(StartRefused):
    """Another server holds this data."""


def make_private(path: Path) -> None:
    """Make the directory, readable by its owner alone."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o700)
    except OSError as error:
        raise BadEnvironment(f"WIRELOOM_DATA_DIR {str(path)!r} cannot be used: {error.strerror}.") from None


def kept_secret_key(path: Path) -> str:
    """The secret key kept in the directory, made at the first start."""
    key = path / "secret_key"
    if not key.exists():
        _make_key(key)
    return _kept(key)


def _make_key(key: Path) -> None:
    """Put a new key at `key`, whole or not at all, unless another process is first."""
    descriptor, draft = tempfile.mkstemp(dir=key.parent)  # readable by its owner alone
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    with contextlib.suppress(FileExistsError):
        os.link(draft, key)
    Path(draft).unlink()


def _kept(key: Path) -> str:
    try:
        value = key.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        value = ""
    if len(value) < 32:
        raise BadEnvironment(
            "The secret_key file in WIRELOOM_DATA_DIR is unreadable or damaged; restore it, or credentials stay locked."
        )
    return value


def lock(path: Path) -> IO[str]:
    """Hold the directory until the file that this returns is closed.

    Raises DataDirectoryInUse when another process holds it.
    """
    file = (path / "lock").open("a", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise DataDirectoryInUse(
            f"Another server is running on the data in {str(path)!r}; stop it or set WIRELOOM_DATA_DIR."
        ) from None
    return file


def refuse_network_file_system(path: Path, mounts: str) -> None:
    """Raise BadEnvironment if `path` lies on a shared folder, by the text of /proc/mounts."""
    points = [line.split()[1:3] for line in mounts.splitlines()]
    holding = [(point, kind) for point, kind in points if path.is_relative_to(point)]
    _, kind = max(holding, key=lambda entry: len(entry[0]), default=("/", ""))
    if kind in NETWORK_FILE_SYSTEMS:
        raise BadEnvironment(
            f"WIRELOOM_DATA_DIR {str(path)!r} is a shared folder ({kind}), which breaks SQLite's locks; "
            "choose a local one, or set WIRELOOM_DATABASE_URL."
        )
