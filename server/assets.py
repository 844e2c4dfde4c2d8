"""The front end's files, by whitenoise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # whitenoise has no types
    """Serves `static/` and our own `server/docs_page/`, read whole: a page's files are small."""

    def __init__(self, get_response: Any) -> None:
        super().__init__(get_response)
        self._look()

    def __call__(self, request: HttpRequest) -> Any:
        """A file, or what comes after us; a front end that is built while we serve is seen."""
        if request.path_info not in self.files and request.path_info.startswith(settings.STATIC_URL):
            self._look_again()
        try:
            return super().__call__(request)
        except FileNotFoundError:
            self._look_again()
            return self.get_response(request)

    def _look(self) -> None:
        self._built_at = _built_at()
        self.add_files(settings.STATIC_ROOT, prefix=settings.STATIC_URL)
        self.add_files(settings.BASE_DIR / "server" / "docs_page", prefix=f"{settings.STATIC_URL}docs/")

    def _look_again(self) -> None:
        if _built_at() != self._built_at:
            self.files.clear()
            self._look()

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


def _built_at() -> int:
    """When Vite last built, nanoseconds; 0 if it never did."""
    try:
        return (Path(settings.STATIC_ROOT) / ".vite" / "manifest.json").stat().st_mtime_ns
    except FileNotFoundError:
        return 0
