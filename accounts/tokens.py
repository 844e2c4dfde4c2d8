"""Making, finding and ending tokens."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Membership, Token, User, Workspace
from accounts.roles import Role

#: How often `last_used_at` is written for one token, seconds.
USE_NOTED_EVERY_S = 60.0

#: How long a token that was found is believed without a look, seconds: what another process may see late.
BELIEVED_S = 1.0
MOST_BELIEVED = 4096

_noted: dict[str, float] = {}
_believed: dict[str, tuple[float, Actor]] = {}


def hashed(secret: str) -> str:
    """What is kept of a secret with 256 bits of chance: nothing slower than SHA-256 is needed."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def make_token(
    actor: Actor, *, name: str, role: Role, scopes: Sequence[str] | None, expires_at: datetime | None
) -> tuple[Token, str]:
    """A token of the actor's own, and its text, which is never seen again."""
    text = f"wl_{secrets.token_urlsafe(32)}"
    token = Token(
        workspace=actor.workspace,
        user=actor.user,
        name=name,
        hash=hashed(text),
        last_four=text[-4:],
        role=role,
        scopes=None if scopes is None else json.dumps(sorted(set(scopes))),
        expires_at=expires_at,
    )
    token.save(force_insert=True)
    return token, text


def revoke(token: Token) -> None:
    """End `token` now."""
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    _believed.pop(token.hash, None)


def forget_tokens_of(user: User) -> None:
    """Look the tokens of `user` up anew when next shown: what they may was changed."""
    for digest, (_, actor) in list(_believed.items()):
        if actor.user == user:
            _believed.pop(digest, None)


def keep_environment_token(workspace: Workspace, text: str | None) -> None:
    """Let exactly `text` be the environment's token: an owner's, in `workspace`."""
    _believed.clear()
    others = Token.objects.unscoped().filter(user=None, revoked_at=None)
    if text is None:
        others.update(revoked_at=timezone.now())
        return
    others.exclude(hash=hashed(text)).update(revoked_at=timezone.now())
    Token.objects.unscoped().update_or_create(
        hash=hashed(text),
        defaults={
            "workspace": workspace, "user": None, "name": "WIRELOOM_API_TOKEN", "last_four": text[-4:],
            "role": Role.OWNER, "scopes": None, "expires_at": None, "revoked_at": None,
        },
    )  # fmt: skip


def actor_of(text: str) -> Actor | None:
    """Who shows the token `text`, or None if it is unknown, expired or revoked."""
    digest = hashed(text)
    until, actor = _believed.get(digest, (0.0, None))
    if until < time.monotonic():
        actor = _looked_up(digest)
        if actor is None:
            return None
        if len(_believed) >= MOST_BELIEVED:
            _believed.clear()
        _believed[digest] = time.monotonic() + BELIEVED_S, actor
    return actor if actor is not None and actor.token is not None and is_live(actor.token) else None


def _looked_up(digest: str) -> Actor | None:
    token = Token.objects.unscoped().select_related("workspace", "user").filter(hash=digest).first()
    role = None if token is None else _role(token)
    if token is None or role is None or not is_live(token):
        return None
    _note_use(token)
    scopes = None if token.scopes is None else frozenset(json.loads(token.scopes))
    return Actor(workspace=token.workspace, role=role, user=token.user, token=token, scopes=scopes)


def is_live(token: Token) -> bool:
    """Whether `token` was neither revoked nor has expired."""
    return token.revoked_at is None and (token.expires_at is None or token.expires_at > timezone.now())


def _role(token: Token) -> Role | None:
    """A token never may more than the person who made it, whatever became of them since."""
    if token.user is None:
        return Role(token.role)
    membership = Membership.objects.filter(
        workspace=token.workspace_id, user=token.user_id, user__is_active=True
    ).first()
    return None if membership is None else Role.weaker(Role(token.role), Role(membership.role))


def _note_use(token: Token) -> None:
    now = time.monotonic()
    if now - _noted.get(token.id, -USE_NOTED_EVERY_S) >= USE_NOTED_EVERY_S:
        _noted[token.id] = now
        Token.objects.unscoped().filter(pk=token.pk).update(last_used_at=timezone.now())
