"""Signing in: by password, or once by a link."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import SignInLink, User
from accounts.throttle import Throttle
from accounts.tokens import hashed
from accounts.web.problems import TooMany

LINK_LIVES = timedelta(hours=24)

#: Ten wrong passwords from one address in five minutes, and a hundred for one name from anywhere.
by_address = Throttle(limit=10, window_s=300)
by_name = Throttle(limit=100, window_s=300)


def refuse_guessing(wait_s: float) -> None:
    """Raise TooMany if there is anything to wait for."""
    if wait_s > 0:
        raise TooMany("Too many wrong passwords; wait before the next try.", retry_after_s=wait_s)


class Password(BaseBackend):
    """Takes the time of one hash whether or not the person exists or has a password."""

    def authenticate(self, request: HttpRequest | None, **given: Any) -> User | None:
        """The person of `username`, if `password` is theirs."""
        username, password = given["username"], given["password"]
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None or not user.has_usable_password():
            make_password(password)
            return None
        return user if user.check_password(password) else None

    def get_user(self, user_id: str) -> User | None:
        """The person that a session names."""
        return User.objects.filter(pk=user_id, is_active=True).first()


def make_link(user: User, *, next_path: str, lives: timedelta = LINK_LIVES) -> str:
    """The secret part of a new link for `user`; links made before it end."""
    text = secrets.token_urlsafe(24)
    SignInLink.objects.filter(user=user).delete()
    SignInLink.objects.create(user=user, hash=hashed(text), next=next_path, expires_at=timezone.now() + lives)
    return text


def use_link(text: str) -> SignInLink | None:
    """The link, which is gone then; None for one that is used, expired or never was.

    A password that its person had ends with it, and so do their sessions: who
    comes by a link has forgotten it, and should notice if another came so.
    """
    with transaction.atomic():
        link = (
            SignInLink.objects.select_related("user")
            .filter(hash=hashed(text), expires_at__gt=timezone.now(), user__is_active=True)
            .first()
        )
        if link is None or not SignInLink.objects.filter(pk=link.pk).delete()[0]:
            return None
        if link.user.has_usable_password():
            link.user.set_unusable_password()
            link.user.save(update_fields=["password"])
        return link
