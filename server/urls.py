"""Every address: the API, the pages, health."""

from __future__ import annotations

from django.urls import include, path

from accounts.api.sign_in import SignIn, SignInByLink, SignOut
from runs.api.execute import Execute
from server.dispatch import by_method, refuse_method
from server.docs import Docs, Schema
from server.health_views import Health, Live, Metrics, Ready
from server.shell import Shell, SignInShell

api = [
    path("", include("accounts.api.urls")),
    path("", include("builder.api.urls")),
    path("", include("runs.api.urls")),
]

#: The front end draws each of these itself.
pages = [
    "",
    "workflows/<str:id>",
    "runs",
    "runs/<str:id>",
    "collections",
    "collections/<str:id>",
    "chat/<str:slug>",
    "inbox",
    "settings",
    "settings/<path:section>",
]

urlpatterns = [
    path("api/v1/", include(api)),
    path("api/schema/", by_method(get=Schema.as_view())),
    path("api/docs/", by_method(get=Docs.as_view())),
    path("workflow/execute", Execute.as_view()),
    path("health", Health.as_view()),
    path("health/ready", Ready.as_view()),
    path("health/live", Live.as_view()),
    path("metrics", Metrics.as_view()),
    path("sign-in/", by_method(get=SignInShell.as_view(), post=SignIn.as_view())),
    path("sign-out/", by_method(post=SignOut.as_view())),
    # HEAD would use the link up, and programs that preview links send it.
    path("sign-in/<str:link>", by_method(get=SignInByLink.as_view(), head=refuse_method)),
    *[path(page, by_method(get=Shell.as_view())) for page in pages],
]

handler400 = "server.failures.bad_request"
handler403 = "server.failures.forbidden"
handler404 = "server.failures.not_found"
handler500 = "server.failures.server_error"
