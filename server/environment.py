"""What the operator set: every WIRELOOM_* variable that the server reads, checked and typed."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from wireloom.llm.protocol import RemoteLane

type Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: What a header can carry as a bearer token (RFC 6750, section 2.1).
BEARER = re.compile(r"[A-Za-z0-9._~+/-]+=*")
HOST_NAME = re.compile(r"\.?[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|\*|\[[0-9A-Fa-f:]+\]")
#: What packages may be called (the core metadata specification, "Name").
DISTRIBUTION = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
SLUG = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")


#: A proxy on this machine.
LOOPBACK: tuple[Network, ...] = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1"))

#: What is promised and this version has nothing for: refused, so that nobody relies on it.
UNUSED = ("REDIS_URL", "BROKER_URL", "VECTOR_STORE")


class StartRefused(Exception):
    """Why the server does not start, in one sentence."""

    exit_code = 1


class BadEnvironment(StartRefused):
    """A variable whose value cannot be used; the sentence says which and why."""

    exit_code = 2


@dataclass(frozen=True)
class Environment:
    """The server's settings as the operator gave them. Sizes are in MiB, ages in days."""

    host: str
    port: int
    allowed_hosts: tuple[str, ...]
    cors_origins: tuple[str, ...]
    data_dir: Path
    secret_key: str | None
    api_token: str | None
    database_url: str | None
    durability: str
    lane: RemoteLane | None
    local_model: bool
    limits: Mapping[str, int]
    #: For how long a run is kept after its end; 0 is for ever.
    retain_days: int
    egress_allow: tuple[Network, ...]
    #: Whose X-Forwarded-For is believed.
    trusted_proxies: tuple[Network, ...]
    execute_anonymous: bool
    execute_workflow: str | None
    max_body_mb: int
    #: Whether people's code may run.
    allow_code: bool
    #: The distributions that may add node types and tools.
    plugins: tuple[str, ...]
    log: str


def read_environment(environ: Mapping[str, str] = os.environ) -> Environment:
    """Every variable, or its default.

    Raises BadEnvironment for the first whose value cannot be used.
    """
    read = _Reader(environ)
    read.choice("EXECUTOR", ("embedded",), "embedded")
    read.number("MAX_UPLOAD_MB", 100, low=1, high=10_240)
    for name in UNUSED:
        read.refuse(name)
    return Environment(
        host=read.one("HOST", _host, "127.0.0.1"),
        port=read.number("PORT", 8080, low=0, high=65535),
        allowed_hosts=read.many("ALLOWED_HOSTS", _host),
        cors_origins=read.many("CORS_ORIGINS", _origin),
        data_dir=Path(read.text("DATA_DIR") or "var").absolute(),
        secret_key=read.secret("SECRET_KEY", _secret_key),
        api_token=read.secret("API_TOKEN", _bearer),
        database_url=read.secret("DATABASE_URL", _database_url),
        durability=read.choice("DURABILITY", ("normal", "full"), "normal"),
        lane=read.one("LANE", _lane, None),
        local_model=read.flag("LOCAL_MODEL", default=True),
        limits=dict(read.many("LIMITS", _limit)) or {"agent": 64},
        retain_days=read.number("RETAIN_DAYS", 30, low=0, high=36_500),
        egress_allow=read.many("EGRESS_ALLOW", _network),
        trusted_proxies=read.many("TRUSTED_PROXIES", _network) or LOOPBACK,
        execute_anonymous=read.flag("EXECUTE_ANONYMOUS", default=False),
        execute_workflow=read.one("EXECUTE_WORKFLOW", _slug, None),
        max_body_mb=read.number("MAX_BODY_MB", 32, low=1, high=1024),
        allow_code=read.flag("ALLOW_CODE", default=False),
        plugins=read.many("PLUGINS", _distribution),
        log=read.choice("LOG", ("text", "json"), "text"),
    )


class _Reader:
    """Reads WIRELOOM_<name>; an empty value counts as unset."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str) -> str | None:
        return self._environ.get(f"WIRELOOM_{name}", "").strip() or None

    def one[T, D](self, name: str, parse: Callable[[str], T], default: D) -> T | D:
        value = self.text(name)
        return default if value is None else _parsed(name, parse, value)

    def many[T](self, name: str, parse: Callable[[str], T]) -> tuple[T, ...]:
        parts = (part.strip() for part in (self.text(name) or "").split(","))
        return tuple(_parsed(name, parse, part) for part in parts if part)

    def number(self, name: str, default: int, *, low: int, high: int) -> int:
        return self.one(name, lambda text: _whole_number(text, low, high), default)

    def flag(self, name: str, *, default: bool) -> bool:
        return self.one(name, _flag, default)

    def refuse(self, name: str) -> None:
        if self.text(name) is not None or self.text(f"{name}_FILE") is not None:
            raise BadEnvironment(f"WIRELOOM_{name} is set, but this version has no use for it; unset it.")

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        return self.one(name, lambda text: _one_of(text, choices), default)

    def secret(self, name: str, parse: Callable[[str], str]) -> str | None:
        """The value, or the content of the file that WIRELOOM_<name>_FILE names.

        The error for a bad one never quotes it.
        """
        path = self.text(f"{name}_FILE")
        value = self.text(name)
        if path is None:
            return None if value is None else _parsed(name, parse, value, quote=False)
        if value is not None:
            raise BadEnvironment(f"WIRELOOM_{name} and WIRELOOM_{name}_FILE are both set; keep one.")
        try:
            value = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise BadEnvironment(f"WIRELOOM_{name}_FILE cannot be read: {_reason(error)}.") from None
        return _parsed(f"{name}_FILE", parse, value, quote=False)


def _parsed[T](name: str, parse: Callable[[str], T], value: str, *, quote: bool = True) -> T:
    try:
        return parse(value)
    except ValueError as error:
        shown = f" is {value!r}, but" if quote else ""
        raise BadEnvironment(f"WIRELOOM_{name}{shown} {error}.") from None


def _reason(error: Exception) -> str:
    return (error.strerror or "it is no file") if isinstance(error, OSError) else "it is not UTF-8 text"


def _whole_number(text: str, low: int, high: int) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text) or not low <= int(text) <= high:
        raise ValueError(f"must be a whole number from {low} to {high}")
    return int(text)


def _flag(text: str) -> bool:
    return _one_of(text, ("0", "1")) == "1"


def _one_of(text: str, choices: tuple[str, ...]) -> str:
    if text not in choices:
        raise ValueError(f"must be {' or '.join(choices)}")
    return text


def _host(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        pass
    if not HOST_NAME.fullmatch(text):
        raise ValueError("must be a host name or an address, without a scheme or a port")
    return text


def _origin(text: str) -> str:
    parts = _url(text)
    if (
        parts.scheme not in {"http", "https"}
        or text != f"{parts.scheme}://{parts.netloc}"
        or "@" in text
        or "*" in text
    ):
        raise ValueError("must list origins such as https://app.example.com, without a path or a *")
    return text.lower()


def _url(text: str) -> SplitResult:
    """`text` taken apart; nothing of one that is no URL."""
    try:
        parts = urlsplit(text)
        _ = parts.port, parts.hostname
    except ValueError:
        return urlsplit("")
    return parts


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        raise ValueError("must list networks such as 10.0.0.0/8") from None


def _limit(text: str) -> tuple[str, int]:
    name, _, count = text.partition("=")
    if not re.fullmatch(r"[a-z][a-z0-9_.]*", name) or not re.fullmatch(r"[1-9][0-9]{0,5}", count):
        raise ValueError("must list limits such as agent=8,http_request=16")
    return name, int(count)


def _lane(text: str) -> RemoteLane:
    return "direct" if _one_of(text, ("direct", "litellm")) == "direct" else "litellm"


def _slug(text: str) -> str:
    if not SLUG.fullmatch(text):
        raise ValueError("must be the slug of a workflow, such as research-pipeline")
    return text


def _distribution(text: str) -> str:
    if not DISTRIBUTION.fullmatch(text):
        raise ValueError("must list installed packages such as wireloom-weather, separated by commas")
    return re.sub(r"[-_.]+", "-", text).lower()


def _bearer(text: str) -> str:
    if not BEARER.fullmatch(text):
        raise ValueError("must be made of letters, digits and - . _ ~ + / alone, or no header can carry it")
    return text


def _secret_key(text: str) -> str:
    if len(text) < 32:
        raise ValueError("must have at least 32 characters")
    return text


def _database_url(text: str) -> str:
    parts = _url(text)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ValueError("must look like postgres://user:password@host:5432/name")
    return text
