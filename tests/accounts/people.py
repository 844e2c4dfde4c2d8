"""Alice owns a workspace, Bob another; Vera may only look at Alice's. Each has a client."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from accounts.actors import Actor
from accounts.models import Membership, User, Workspace
from accounts.roles import Role
from accounts.services import make_workspace
from accounts.tokens import make_token

PASSWORD = "correct horse battery"
API = "/api/v1"


@dataclass
class Person:
    """Somebody, with a session and a token."""

    user: User
    workspace: Workspace
    role: Role
    session: Client
    token: str

    @property
    def actor(self) -> Actor:
        return Actor(self.workspace, self.role, self.user)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Ask the API with the token."""
        return self._ask(Client(), method, path, body, {"Authorization": f"Bearer {self.token}", **headers})

    def ask_as_person(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Ask the API in the session."""
        return self._ask(self.session, method, path, body, headers)

    def _ask(self, client: Client, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        data = b"" if body is None else json.dumps(body).encode()
        return client.generic(method, API + path, data, content_type="application/json", headers=headers)


def person(name: str, workspace: Workspace | None = None, role: Role = Role.OWNER) -> Person:
    """A new person, in a workspace of their own or as a member of `workspace`."""
    user = User(username=name)
    user.set_password(PASSWORD)
    user.save()
    if workspace is None:
        workspace = make_workspace(f"{name}'s", user)
    else:
        Membership.objects.create(workspace=workspace, user=user, role=role)
    session = Client()
    session.force_login(user, backend="accounts.sign_in.Password")
    _, text = make_token(Actor(workspace, role, user), name="tests", role=role, scopes=None, expires_at=None)
    return Person(user, workspace, role, session, text)


@pytest.fixture
def alice(db: None) -> Person:
    return person("alice")


@pytest.fixture
def bob(db: None) -> Person:
    return person("bob")


@pytest.fixture
def vera(alice: Person) -> Person:
    return person("vera", alice.workspace, Role.VIEWER)


@pytest.fixture(autouse=True, scope="session")
def _cheap_passwords() -> None:
    """Hashing a password takes long on purpose; tests do it often."""
    from django.contrib.auth.hashers import ScryptPasswordHasher

    ScryptPasswordHasher.work_factor = 2**4
