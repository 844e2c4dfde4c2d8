from __future__ import annotations

import stat
from ipaddress import ip_network
from pathlib import Path

import pytest

from server.data_dir import (
    DataDirectoryInUse,
    kept_secret_key,
    lock,
    make_private,
    refuse_network_file_system,
)
from server.database import POSTGRES_OPTIONS, postgres
from server.environment import BadEnvironment, Environment, read_environment


def test_without_any_variable_there_are_defaults() -> None:
    assert read_environment({}) == Environment(
        host="127.0.0.1",
        port=8080,
        allowed_hosts=(),
        cors_origins=(),
        data_dir=Path("var").absolute(),
        secret_key=None,
        api_token=None,
        database_url=None,
        durability="normal",
        lane=None,
        local_model=True,
        limits={"agent": 64},
        retain_days=30,
        egress_allow=(),
        trusted_proxies=(ip_network("127.0.0.0/8"), ip_network("::1")),
        execute_anonymous=False,
        execute_workflow=None,
        max_body_mb=32,
        allow_code=False,
        plugins=(),
        log="text",
    )


def test_every_variable_is_read() -> None:
    given = read_environment(
        {
            "WIRELOOM_HOST": "0.0.0.0",
            "WIRELOOM_PORT": "9000",
            "WIRELOOM_ALLOWED_HOSTS": "wireloom-service, api.example.com",
            "WIRELOOM_CORS_ORIGINS": "https://app.example.com,http://localhost:3000",
            "WIRELOOM_DATA_DIR": "/data",
            "WIRELOOM_SECRET_KEY": "k" * 32,
            "WIRELOOM_API_TOKEN": "wl_secret",
            "WIRELOOM_DATABASE_URL": "postgres://me:pw@db/wireloom",
            "WIRELOOM_DURABILITY": "full",
            "WIRELOOM_LANE": "direct",
            "WIRELOOM_LOCAL_MODEL": "0",
            "WIRELOOM_LIMITS": "agent=8,http_request=16",
            "WIRELOOM_RETAIN_DAYS": "7",
            "WIRELOOM_EGRESS_ALLOW": "127.0.0.1/32,10.0.0.0/8",
            "WIRELOOM_TRUSTED_PROXIES": "172.16.0.0/12",
            "WIRELOOM_EXECUTE_ANONYMOUS": "1",
            "WIRELOOM_ALLOW_CODE": "1",
            "WIRELOOM_PLUGINS": "Acme_Weather, wireloom.shout",
            "WIRELOOM_MAX_UPLOAD_MB": "50",
            "WIRELOOM_EXECUTE_WORKFLOW": "research-pipeline",
            "WIRELOOM_MAX_BODY_MB": "64",
            "WIRELOOM_LOG": "json",
        }
    )

    assert given == Environment(
        host="0.0.0.0",
        port=9000,
        allowed_hosts=("wireloom-service", "api.example.com"),
        cors_origins=("https://app.example.com", "http://localhost:3000"),
        data_dir=Path("/data"),
        secret_key="k" * 32,
        api_token="wl_secret",
        database_url="postgres://me:pw@db/wireloom",
        durability="full",
        lane="direct",
        local_model=False,
        limits={"agent": 8, "http_request": 16},
        retain_days=7,
        egress_allow=(ip_network("127.0.0.1/32"), ip_network("10.0.0.0/8")),
        trusted_proxies=(ip_network("172.16.0.0/12"),),
        execute_anonymous=True,
        execute_workflow="research-pipeline",
        max_body_mb=64,
        allow_code=True,
        plugins=("acme-weather", "wireloom-shout"),
        log="json",
    )


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "http", "WIRELOOM_PORT is 'http', but must be a whole number from 0 to 65535."),
        ("PORT", "-1", "WIRELOOM_PORT is '-1', but must be a whole number from 0 to 65535."),
        (
            "HOST",
            "http://x",
            "WIRELOOM_HOST is 'http://x', but must be a host name or an address, without a scheme or a port.",
        ),
        ("LOCAL_MODEL", "yes", "WIRELOOM_LOCAL_MODEL is 'yes', but must be 0 or 1."),
        ("LOG", "xml", "WIRELOOM_LOG is 'xml', but must be text or json."),
        ("ALLOW_CODE", "yes", "WIRELOOM_ALLOW_CODE is 'yes', but must be 0 or 1."),
        (
            "PLUGINS",
            "acme;weather",
            "WIRELOOM_PLUGINS is 'acme;weather', but must list installed packages such as wireloom-weather, separated by commas.",
        ),
        ("EXECUTE_ANONYMOUS", "yes", "WIRELOOM_EXECUTE_ANONYMOUS is 'yes', but must be 0 or 1."),
        (
            "MAX_UPLOAD_MB",
            "0",
            "WIRELOOM_MAX_UPLOAD_MB is '0', but must be a whole number from 1 to 10240.",
        ),
        (
            "REDIS_URL",
            "redis://:secret@cache",
            "WIRELOOM_REDIS_URL is set, but this version has no use for it; unset it.",
        ),
        (
            "BROKER_URL_FILE",
            "/run/broker",
            "WIRELOOM_BROKER_URL is set, but this version has no use for it; unset it.",
        ),
        (
            "VECTOR_STORE",
            "qdrant://x",
            "WIRELOOM_VECTOR_STORE is set, but this version has no use for it; unset it.",
        ),
        ("EXECUTOR", "celery", "WIRELOOM_EXECUTOR is 'celery', but must be embedded."),
        (
            "LIMITS",
            "agent",
            "WIRELOOM_LIMITS is 'agent', but must list limits such as agent=8,http_request=16.",
        ),
        (
            "EGRESS_ALLOW",
            "10.0.0.1/8",
            "WIRELOOM_EGRESS_ALLOW is '10.0.0.1/8', but must list networks such as 10.0.0.0/8.",
        ),
        (
            "CORS_ORIGINS",
            "*",
            "WIRELOOM_CORS_ORIGINS is '*', but must list origins such as https://app.example.com, without a path or a *.",
        ),
        (
            "EXECUTE_WORKFLOW",
            "A b",
            "WIRELOOM_EXECUTE_WORKFLOW is 'A b', but must be the slug of a workflow, such as research-pipeline.",
        ),
    ],
)
def test_a_bad_value_is_one_sentence_that_says_which_and_why(name: str, value: str, sentence: str) -> None:
    with pytest.raises(BadEnvironment) as refused:
        read_environment({f"WIRELOOM_{name}": value})

    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "hunter2"),
        ("API_TOKEN", "canary secret"),
        ("DATABASE_URL", "mysql://me:canary@db/x"),
        ("DATABASE_URL", "postgres://me:canary@db:port/x"),
    ],
)
def test_a_bad_secret_is_never_quoted(name: str, value: str) -> None:
    with pytest.raises(BadEnvironment) as refused:
        read_environment({f"WIRELOOM_{name}": value})

    assert value not in str(refused.value)
    assert str(refused.value).startswith(f"WIRELOOM_{name} must ")


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("wl_from-a-file\n")

    assert (
        read_environment({"WIRELOOM_API_TOKEN_FILE": str(tmp_path / "token")}).api_token == "wl_from-a-file"
    )


def test_a_secrets_file_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(
        BadEnvironment, match=r"WIRELOOM_API_TOKEN_FILE cannot be read: No such file or directory\."
    ):
        read_environment({"WIRELOOM_API_TOKEN_FILE": str(tmp_path / "none")})


def test_a_secret_given_twice_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(BadEnvironment, match="are both set"):
        read_environment({"WIRELOOM_API_TOKEN_FILE": "x", "WIRELOOM_API_TOKEN": "y"})


def test_the_data_directory_and_its_key_are_private_and_kept(tmp_path: Path) -> None:
    data = tmp_path / "data"
    make_private(data)

    key = kept_secret_key(data)

    assert kept_secret_key(data) == key
    assert len(key) >= 50
    assert [stat.S_IMODE(path.stat().st_mode) for path in (data, data / "secret_key")] == [0o700, 0o600]


def test_a_damaged_key_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("")

    with pytest.raises(BadEnvironment, match="unreadable or damaged"):
        kept_secret_key(tmp_path)
    assert (tmp_path / "secret_key").read_text() == ""


def test_data_is_held_by_one_server(tmp_path: Path) -> None:
    with lock(tmp_path), pytest.raises(DataDirectoryInUse, match="Another server is running"):
        lock(tmp_path)

    lock(tmp_path).close()


def test_sqlite_is_not_kept_on_a_shared_folder() -> None:
    mounts = "/dev/sda1 / ext4 rw 0 0\nserver:/x /srv/data nfs4 rw 0 0\n"

    refuse_network_file_system(Path("/srv/local"), mounts)
    with pytest.raises(BadEnvironment, match=r"shared folder \(nfs4\)"):
        refuse_network_file_system(Path("/srv/data/wireloom"), mounts)


def test_a_database_url_is_taken_apart() -> None:
    found = postgres("postgresql://me:p%40ss@db.example:6543/wire?sslmode=require&connect_timeout=2")

    assert {name: found[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")} == {
        "NAME": "wire",
        "USER": "me",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": 6543,
        "OPTIONS": {**POSTGRES_OPTIONS, "connect_timeout": "2", "sslmode": "require"},
    }
