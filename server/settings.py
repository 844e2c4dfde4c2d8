"""The Django project's settings; what an operator may choose is read by `server.environment`."""

from __future__ import annotations

from pathlib import Path

from django.utils.csp import CSP

from server.data_dir import kept_secret_key, make_private
from server.database import postgres, sqlite
from server.environment import read_environment
from server.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
WIRELOOM = read_environment()

make_private(WIRELOOM.data_dir)
SECRET_KEY = WIRELOOM.secret_key or kept_secret_key(WIRELOOM.data_dir)
DEBUG = False

LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = sorted({*LOOPBACK, *WIRELOOM.allowed_hosts, WIRELOOM.host} - {"0.0.0.0", "::"})  # noqa: S104 - left out, not bound

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "rest_framework",
    "accounts",
    "builder",
    "runs",
    "server",
]
# The Daphne subclass and `serve` are ours: neither channels nor daphne needs to be an app.

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "server.middleware.front_door",
    "server.assets.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]

ROOT_URLCONF = "server.urls"
ASGI_APPLICATION = "server.asgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"context_processors": []},
    }
]

DATABASES = {
    "default": postgres(WIRELOOM.database_url)
    if WIRELOOM.database_url
    else sqlite(WIRELOOM.data_dir, WIRELOOM.durability)
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.sign_in.Password"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in/"

SESSION_COOKIE_NAME = "wireloom_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 30 * 24 * 3600
CSRF_COOKIE_SAMESITE = "Lax"
# Where TLS ends in front of this server, its proxy says so. Believed from anybody: who makes it up gets cookies
# that go over TLS alone, and stricter checks.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# A proxy may also say nothing.
CSRF_TRUSTED_ORIGINS = [
    f"https://{f'*{name}' if name.startswith('.') else name}"
    for name in WIRELOOM.allowed_hosts
    if name != "*"
]
CSRF_FAILURE_VIEW = "server.failures.csrf_failed"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
SILENCED_SYSTEM_CHECKS = [
    # TLS ends in front of this server, and on a laptop there is none.
    "security.W004",
    "security.W008",
    "security.W012",
    "security.W016",
]

MAX_BODY_BYTES = WIRELOOM.max_body_mb * 1024 * 1024
# The server has refused a longer body already; this holds under any other server too.
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY_BYTES

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static"
WHITENOISE_ALLOW_ALL_ORIGINS = False

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False

REST_FRAMEWORK = {
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.web.authentication.Callers"],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.web.access.Declared"],
    "DEFAULT_PARSER_CLASSES": ["accounts.web.wire.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["accounts.web.wire.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "accounts.web.wire.AlwaysJSON",
    "EXCEPTION_HANDLER": "accounts.web.problems.answer",
    "DEFAULT_SCHEMA_CLASS": "server.schema.OperationSchema",
    "DEFAULT_VERSIONING_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Wireloom",
    "DESCRIPTION": "Draw LLM workflows, run them live, look back at every step.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {"RunStatus": "runs.models.RunStatus.choices"},
    "PREPROCESSING_HOOKS": ["server.schema_by_hand.look_behind"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "server.schema_by_hand.add_plain",
        "server.schema.add_problems",
    ],
}

LOGGING = logging_config(WIRELOOM.log)
