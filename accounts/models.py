"""People, the workspaces they share, and the secrets by which programs act for them."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from accounts.ids import LENGTH, new_id
from accounts.roles import Role
from accounts.scoping import Scoped


def id_field() -> models.CharField[str, str]:
    """The primary key of every table of ours."""
    return models.CharField(primary_key=True, max_length=LENGTH, default=new_id, editable=False)


class Workspace(models.Model):
    """Who works together: everything else belongs to one."""

    id = id_field()
    slug = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class User(AbstractBaseUser):
    """A person. Without a password only a sign-in link lets them in."""

    id = id_field()
    username = models.CharField(max_length=120, unique=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    workspaces = models.ManyToManyField(Workspace, through="Membership", related_name="people")

    objects: ClassVar[BaseUserManager[Self]] = BaseUserManager()

    USERNAME_FIELD = "username"

    def __str__(self) -> str:
        return self.username


class Membership(models.Model):
    """A person's role in a workspace."""

    id = id_field()
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "user"], name="one_membership_each")]
        ordering = ["created_at", "id"]


class Token(Scoped):
    """What a program shows to act in one workspace; the text itself is nowhere, only its hash.

    `user` is who made it, and null for the token that the environment names.
    `scopes` null means all that the role allows.
    """

    id = id_field()
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=120)
    hash = models.CharField(max_length=64, unique=True)
    last_four = models.CharField(max_length=4)
    role = models.CharField(max_length=8, choices=Role.choices)
    scopes = models.TextField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)


class SignInLink(models.Model):
    """A link that signs a person in once; only its hash is kept."""

    id = id_field()
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    hash = models.CharField(max_length=64, unique=True)
    next = models.CharField(max_length=200, default="/")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()


class Credential(Scoped):
    """A secret for a provider, encrypted, and bound to the host it may be sent to."""

    id = id_field()
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    provider = models.CharField(max_length=64)
    base_url = models.CharField(max_length=500, default="", blank=True)
    secret = models.BinaryField()
    last_four = models.CharField(max_length=4)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="credential_name_once")]


class IdempotentRequest(Scoped):
    """An answer that is given again to the same request under the same Idempotency-Key.

    `result` is the id of what the first request made.
    """

    id = id_field()
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    route = models.CharField(max_length=200)
    key = models.CharField(max_length=255)
    body_hash = models.CharField(max_length=64)
    result = models.CharField(max_length=LENGTH)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "route", "key"], name="idempotency_key_once")
        ]
