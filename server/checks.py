"""What must hold of the settings and of the database before the server serves, and while it does."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from server.environment import BadEnvironment, StartRefused
from wireloom.nodes import catalogue


def require_known_limits() -> None:
    """Raise BadEnvironment for a limit of a node type that there is not; one of a plugin's is left to the plugin."""
    known = catalogue()
    for name in settings.WIRELOOM.limits:
        if "." not in name and name not in known:
            raise BadEnvironment(f"WIRELOOM_LIMITS names {name!r}, but there is no such type of node.")


def database_answers() -> None:
    """Raise if the database does not answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def require_database() -> None:
    """Raise StartRefused if the database does not answer, or is damaged."""
    try:
        database_answers()
        MigrationExecutor(connection)
    except DatabaseError as error:
        reason = str(error.__cause__ or error).strip().splitlines()[0]
        raise StartRefused(f"The database cannot be used: {reason}. Nothing was changed.") from None


def migrations_missing() -> bool:
    """Whether the database lacks a table or column that this code needs."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def database_is_newer() -> bool:
    """Whether a newer version of this code has written the database."""
    executor = MigrationExecutor(connection)
    known = set(executor.loader.graph.nodes) | set(executor.loader.replacements)
    ours = {app for app, _ in known}
    return any(key not in known and key[0] in ours for key in executor.loader.applied_migrations)
