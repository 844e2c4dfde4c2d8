"""What `doctor` looks at."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from django.conf import settings

from accounts.model_access import operators_credentials
from accounts.models import Credential, User
from accounts.secrets import WrongKey, unseal
from builder.palette import plugins
from server.checks import database_answers, database_is_newer, migrations_missing
from server.data_dir import DataDirectoryInUse, lock
from wireloom.errors import WireloomError
from wireloom.llm.models import Models
from wireloom.net.egress import EgressPolicy
from wireloom.net.errors import InvalidSetting
from wireloom.sandbox.sandbox import KERNEL_LOCKS, locks_that_hold

type State = Literal["ok", "note", "bad"]

ENOUGH_ROOM_MIB = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing and how it stands: `bad` stops the server or a run, `note` is good to know."""

    name: str
    state: State
    message: str


def examine() -> Iterator[Finding]:
    """Everything, in the order in which a start would need it."""
    yield Finding("python", "ok", f"{sys.version.split()[0]} in {sys.prefix}")
    yield from _data_dir()
    database = list(_database())
    yield from database
    if all(finding.state != "bad" for finding in database):
        yield from _people()
    yield _front_end()
    yield from _models()
    yield from _plugins()
    yield _code()
    yield _address()


def _data_dir() -> Iterator[Finding]:
    path = settings.WIRELOOM.data_dir
    free = shutil.disk_usage(path).free // 2**20
    yield Finding("data", "ok" if free >= ENOUGH_ROOM_MIB else "bad", f"{path}, {free:,} MiB free")
    if settings.WIRELOOM.database_url is not None:
        return  # any number of servers may share it
    try:
        lock(path).close()
    except DataDirectoryInUse:
        yield Finding("server", "note", "one is running on this data")
    else:
        yield Finding("server", "note", "none is running on this data")


def _database() -> Iterator[Finding]:
    kind = "Postgres" if settings.WIRELOOM.database_url else "SQLite"
    try:
        database_answers()
    except Exception as error:  # noqa: BLE001 - each driver has its own errors, and all mean the same here
        yield Finding("database", "bad", f"{kind} does not answer ({type(error).__name__})")
        return
    if migrations_missing():
        yield Finding("database", "bad", f"{kind} answers, but is not up to date: run 'manage.py migrate'")
    elif database_is_newer():
        yield Finding("database", "bad", f"{kind} was written by a newer version of Wireloom")
    else:
        yield Finding("database", "ok", f"{kind} answers and is up to date")


def _people() -> Iterator[Finding]:
    people = list(User.objects.all())
    with_password = sum(person.has_usable_password() for person in people)
    yield Finding(
        "people", "ok" if with_password else "note", f"{len(people)}, {with_password} of them with a password"
    )
    sealed = Credential.objects.unscoped().first()
    if sealed is None:
        return
    try:
        unseal(sealed.secret)
    except WrongKey as error:
        yield Finding("secret key", "bad", str(error))
    else:
        yield Finding("secret key", "ok", "opens the stored credentials")


def _front_end() -> Finding:
    manifest = Path(settings.STATIC_ROOT) / ".vite" / "manifest.json"
    if manifest.exists():
        return Finding("front end", "ok", "built")
    return Finding("front end", "note", "not built: run 'make setup'")


def _models() -> Iterator[Finding]:
    try:
        credentials = operators_credentials()
    except InvalidSetting as error:
        yield Finding("models", "bad", error.message)
        return

    async def available() -> list[str]:
        options = settings.WIRELOOM
        models = Models(
            policy=EgressPolicy(options.egress_allow), lane=options.lane, local_model=options.local_model
        )
        try:
            return [choice.id for choice in await models.available(credentials)]
        finally:
            await models.aclose()

    found = asyncio.run(available())
    if found:
        yield Finding("models", "ok", f"{len(found)} can be chosen, first {found[0]}")
    else:
        yield Finding(
            "models", "bad", "none: set a provider's key, start an Ollama, or install the local model"
        )


def _plugins() -> Iterator[Finding]:
    found = plugins()
    for one in found.brought:
        brought = [kind.name for kind in one.types] + [tool.name for tool in one.tools]
        yield Finding(
            "plugin", "ok", f"{one.distribution} {one.version} brings {', '.join(brought) or 'nothing'}"
        )
    for fault in found.faults:
        yield Finding("plugin", "bad", f"{fault.distribution} could not be loaded: {fault.reason}")


def _code() -> Finding:
    if not settings.WIRELOOM.allow_code:
        return Finding("code", "ok", "off: nodes with code do not run")
    try:
        held = asyncio.run(locks_that_hold())
    except WireloomError as error:
        return Finding("code", "bad", f"on, but it cannot run here: {error.message}")
    missing = sorted(KERNEL_LOCKS - set(held))
    if missing:
        message = f"on, held by Python alone: this kernel has no lock on {' and '.join(missing)}. Let nobody in whom you do not trust"
        return Finding("code", "note", message)
    network = "" if "network" in held else "; no network of its own, sockets are refused"
    return Finding("code", "ok", f"on, in a process without files, sockets or other processes{network}")


def _address() -> Finding:
    options = settings.WIRELOOM
    names = ", ".join(settings.ALLOWED_HOSTS)
    return Finding("address", "ok", f"{options.host}:{options.port}, answers to {names}")
