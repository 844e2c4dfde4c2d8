"""The front end's files, by whitenoise."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # whitenoise has no types
    """Serves `static/` and our own `server/docs_page/`, read whole: a page's files are small."""

    def __init__(self, get_response: Any) -> None:
        super().__init__(get_response)
        self.add_files(settings.BASE_DIR / "server" / "docs_page", prefix=f"{settings.STATIC_URL}docs/")

    def immutable_file_test(self, path: str, url: str) -> bool:
        """Whether the file's name holds its hash, as the names of all that Vite builds do: such a file never changes."""
        return url.startswith(f"{settings.STATIC_URL}assets/")

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponse:
        """The file, or 304 for a client that has it."""
        found = static_file.get_response(request.method, request.META)
        content = b""
        if found.file is not None:
            with found.file:
                content = found.file.read()
        answer = HttpResponse(content, status=int(found.status))
        del answer["Content-Type"]
        for name, value in found.headers:
            answer[name] = value
        return answer
