"""Coming in and going out."""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import urlsplit

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import MeAnswer, NameAndPassword
from accounts.api.me import me_answer
from accounts.errors import WrongPassword
from accounts.models import User
from accounts.roles import Role
from accounts.sign_in import by_address, by_name, refuse_guessing, use_link
from accounts.web.access import PUBLIC, Access
from accounts.web.authentication import person_actor
from accounts.web.describe import describe
from accounts.web.problems import CsrfFailed, NotFound, response
from accounts.web.views import ApiView

#: What opens a link as soon as it is pasted into a message, and would use it up.
PREVIEWERS = re.compile(
    r"slackbot|telegrambot|twitterbot|discordbot|linkedinbot|mattermost-bot|facebookexternalhit|whatsapp/"
    r"|skypeuripreview|synapse \(bot|google-pagerenderer|iframely",
    re.IGNORECASE,
)
BACKEND = "accounts.sign_in.Password"


class SignIn(ApiView):
    """A session for a name and a password."""

    access: ClassVar[Access] = PUBLIC

    @describe(takes=NameAndPassword, gives=MeAnswer)
    def post(self, request: Request) -> Response:
        """Sign in with a password; the answer sets the session's cookie."""
        _require_own_origin(request._request)
        given = self.body(NameAndPassword)
        user = _authenticated(request._request, given["username"], given["password"])
        login(request._request, user, backend=BACKEND)
        return Response(me_answer(person_actor(user, None, None)))


class SignOut(ApiView):
    """The end of a session."""

    access: ClassVar[Access] = Access("accounts", write=Role.VIEWER)

    @describe(status=204)
    def post(self, request: Request) -> Response:
        """End this session. A token is ended at /tokens/ instead."""
        logout(request._request)
        return Response(status=204)


class SignInByLink(View):
    """The page that a one-time link leads to."""

    access = PUBLIC

    def get(self, request: HttpRequest, link: str) -> HttpResponse:
        """Sign in and go on; used, expired and unknown links read the same."""
        found = None if _only_previews(request) else use_link(link)
        if found is None:
            return response(request, NotFound())
        login(request, found.user, backend=BACKEND)
        next_path = request.GET.get("next", found.next)
        return HttpResponseRedirect(next_path if _is_ours(next_path) else "/")


def _only_previews(request: HttpRequest) -> bool:
    """Whether no person asks, but a program that shows what is behind a link in a message."""
    return PREVIEWERS.search(request.META.get("HTTP_USER_AGENT", "")) is not None


def _authenticated(request: HttpRequest, username: str, password: str) -> User:
    address = f"{request.META.get('REMOTE_ADDR', '')}"
    refuse_guessing(max(by_address.wait_s(address), by_name.wait_s(username)))
    user = authenticate(request, username=username, password=password)
    if not isinstance(user, User):
        by_address.fail(address)
        by_name.fail(username)
        raise WrongPassword("Name and password do not belong together.")
    # Nothing is forgiven: or who has an account could guess at those of others in between.
    return user


def _require_own_origin(request: HttpRequest) -> None:
    """Refuse another site that signs its visitor in as somebody else."""
    origin = request.META.get("HTTP_ORIGIN")
    if origin is not None and urlsplit(origin).netloc != request.get_host():
        raise CsrfFailed("Only this server's own pages may sign in.")


def _is_ours(path: str) -> bool:
    return path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
