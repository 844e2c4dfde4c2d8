"""The bodies that accounts take and give."""

from __future__ import annotations

import json
from typing import Any

from rest_framework import serializers

from accounts.actors import Actor
from accounts.models import Membership, Token, Workspace
from accounts.roles import Role
from accounts.web.access import TOKEN_SCOPES
from accounts.web.fields import Fields


class Time(serializers.DateTimeField):
    """ISO 8601 in UTC."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_null=True, **kwargs)


class WorkspaceAnswer(Fields):
    """A workspace, and the caller's role in it."""

    id = serializers.CharField()
    slug = serializers.CharField()
    name = serializers.CharField()
    role = serializers.ChoiceField(Role.choices)


class PersonAnswer(Fields):
    """A person."""

    id = serializers.CharField()
    username = serializers.CharField()
    has_password = serializers.BooleanField()


class MeAnswer(Fields):
    """Who calls."""

    user = PersonAnswer(allow_null=True)
    workspace = WorkspaceAnswer()
    workspaces = WorkspaceAnswer(many=True)
    role = serializers.ChoiceField(Role.choices)
    scopes = serializers.ListField(child=serializers.CharField(), allow_null=True)


class MemberAnswer(Fields):
    """A member of a workspace."""

    id = serializers.CharField()
    username = serializers.CharField()
    role = serializers.ChoiceField(Role.choices)
    has_password = serializers.BooleanField()
    link_expires_at = Time(
        help_text="Until when a sign-in link that nobody has used yet lets them in; null where there is none."
    )


class NewMember(Fields):
    """A person to invite; an address of theirs will do for a name."""

    name = serializers.RegexField(r"^[\w.@+' -]+$", max_length=120)
    role = serializers.ChoiceField(Role.choices)


class RoleChange(Fields):
    """The role to give."""

    role = serializers.ChoiceField(Role.choices)


class LinkAnswer(Fields):
    """A link that signs a member in once. It is shown this once."""

    link = serializers.CharField()
    link_expires_at = Time()


class NewMemberAnswer(MemberAnswer):
    """A member as they are invited: the link is null for who has a way in already."""

    link = serializers.CharField(allow_null=True)


class NewWorkspace(Fields):
    """A workspace to make."""

    name = serializers.CharField(max_length=120)


class NewPassword(Fields):
    """A password to set; `current` is needed where there is one."""

    password = serializers.CharField(max_length=256, trim_whitespace=False)
    current = serializers.CharField(max_length=256, trim_whitespace=False, required=False)


class NameAndPassword(Fields):
    """What a person signs in with."""

    username = serializers.CharField(max_length=120)
    password = serializers.CharField(max_length=256, trim_whitespace=False)


class NewToken(Fields):
    """A token to make; without `scopes` it may all that its role may."""

    name = serializers.CharField(max_length=120)
    role = serializers.ChoiceField(Role.choices, default=Role.EDITOR)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(TOKEN_SCOPES), allow_null=True, default=None, allow_empty=False
    )
    expires_at = serializers.DateTimeField(allow_null=True, default=None)


class TokenAnswer(Fields):
    """A token, without its text."""

    id = serializers.CharField()
    name = serializers.CharField()
    role = serializers.ChoiceField(Role.choices)
    scopes = serializers.ListField(child=serializers.CharField(), allow_null=True)
    last_four = serializers.CharField()
    created_at = Time()
    expires_at = Time()
    last_used_at = Time()


class NewTokenAnswer(TokenAnswer):
    """A token as it is shown once, with its text."""

    token = serializers.CharField()


class NewCredential(Fields):
    """A credential to keep."""

    name = serializers.RegexField(r"^[^\s/][^/]*$", max_length=120)
    provider = serializers.RegexField(r"^[a-z0-9][a-z0-9_.-]*$", max_length=64)
    secret = serializers.CharField(max_length=4096)
    base_url = serializers.CharField(
        max_length=500, required=False, allow_null=True, allow_blank=True, default=""
    )


class CredentialChange(Fields):
    """What of a credential to change."""

    name = serializers.RegexField(r"^[^\s/][^/]*$", max_length=120, required=False)
    secret = serializers.CharField(max_length=4096, required=False)
    base_url = serializers.CharField(max_length=500, required=False, allow_null=True, allow_blank=True)


class CredentialAnswer(Fields):
    """A credential, without its secret."""

    id = serializers.CharField()
    name = serializers.CharField()
    provider = serializers.CharField()
    base_url = serializers.CharField(allow_null=True)
    host = serializers.CharField(allow_null=True)
    last_four = serializers.CharField()
    created_at = Time()
    updated_at = Time()


class TestAnswer(Fields):
    """What became of a try."""

    ok = serializers.BooleanField()
    error = serializers.DictField(allow_null=True)


def workspace_answer(membership: Membership) -> dict[str, Any]:
    """A workspace as its member sees it."""
    return {
        "id": membership.workspace_id,
        "slug": membership.workspace.slug,
        "name": membership.workspace.name,
        "role": membership.role,
    }


def workspace_of(actor: Actor) -> dict[str, Any]:
    """The workspace that the actor is in."""
    workspace: Workspace = actor.workspace
    return {"id": workspace.id, "slug": workspace.slug, "name": workspace.name, "role": actor.role.value}


def token_answer(token: Token) -> dict[str, Any]:
    """A token, without its text."""
    return {
        "id": token.id,
        "name": token.name,
        "role": token.role,
        "scopes": None if token.scopes is None else json.loads(token.scopes),
        "last_four": token.last_four,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "last_used_at": token.last_used_at,
    }
