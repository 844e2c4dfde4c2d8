"""The pages: one shell each, into which the front end draws itself."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import ensure_csrf_cookie

from accounts.web.access import PUBLIC

ENTRY = "src/main.tsx"


@cache
def built(manifest: Path, changed_ns: int) -> dict[str, Any] | None:
    """The files that a page loads, by Vite's manifest; None if the front end is not built.

    `changed_ns` is the manifest's time, so that a new build is seen.
    """
    chunks = json.loads(manifest.read_text(encoding="utf-8"))
    entry = chunks.get(ENTRY)
    if entry is None:
        return None
    preloads = [chunks[name] for name in entry.get("imports", [])]
    styles = [*entry.get("css", []), *(css for chunk in preloads for css in chunk.get("css", []))]
    return {"script": entry["file"], "styles": styles, "preloads": [chunk["file"] for chunk in preloads]}


def _built() -> dict[str, Any] | None:
    manifest = Path(settings.STATIC_ROOT) / ".vite" / "manifest.json"
    return built(manifest, manifest.stat().st_mtime_ns) if manifest.exists() else None


@method_decorator(ensure_csrf_cookie, name="dispatch")
class Shell(View):
    """A page of the front end; whoever is not signed in is sent to sign in first."""

    access = PUBLIC
    needs_sign_in = True

    def get(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        """The shell, or the way to it."""
        if self.needs_sign_in and not request.user.is_authenticated:
            return HttpResponseRedirect(f"/sign-in/?next={quote(request.get_full_path())}")
        return render(request, "app.html", {"built": _built(), "static": settings.STATIC_URL})


class SignInShell(Shell):
    """The page to sign in on."""

    needs_sign_in = False
