"""Statuses and error bodies become errors that a caller can act on."""

from datetime import UTC, datetime

import pytest

from wireloom.llm.refusals import refusal
from wireloom.net.retry_after import parse_retry_after

OPENAI_CONTEXT = {
    "error": {
        "message": "This model's maximum context length is 8192 tokens.",
        "code": "context_length_exceeded",
    }
}
LLAMA_CONTEXT = {
    "error": {
        "message": "request (9031 tokens) exceeds the available context size",
        "type": "exceed_context_size_error",
    }
}
AZURE_FILTER = {"error": {"message": "The response was filtered.", "code": "content_filter"}}


@pytest.mark.parametrize(
    ("status", "body", "code", "retryable"),
    [
        (400, {"error": {"message": "bad"}}, "provider_error", False),
        (400, OPENAI_CONTEXT, "context_length", False),
        (400, LLAMA_CONTEXT, "context_length", False),
        (400, {"message": "prompt is too long: 210000 tokens > 200000 maximum"}, "context_length", False),
        (400, AZURE_FILTER, "content_filter", False),
        (401, {"error": "no"}, "provider_auth", False),
        (402, "pay", "provider_error", False),
        (403, {}, "provider_auth", False),
        (404, [{"error": {"message": "no such model"}}], "provider_error", False),
        (408, "", "provider_error", True),
        (409, "", "provider_error", True),
        (413, "Request Entity Too Large", "provider_error", False),
        (422, {"detail": "bad"}, "provider_error", False),
        (425, "", "provider_error", True),
        (429, {"error": {"message": "slow down"}}, "provider_rate_limit", True),
        (500, "<html>", "provider_error", True),
        (503, {}, "provider_error", True),
        (529, {}, "provider_error", True),
        (307, "", "provider_error", False),
    ],
)
def test_a_status_becomes_its_error(status, body, code, retryable):
    error = refusal("acme", status, body)

    assert (error.code, error.retryable, error.status, error.provider) == (code, retryable, status, "acme")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"error": {"message": "Model\n  not found"}}, "acme answered 404. Model not found"),
        ({"error": "gone"}, "acme answered 404. gone"),
        ({"detail": "gone"}, "acme answered 404. gone"),
        ([{"error": {"message": "gone"}}], "acme answered 404. gone"),
        ("plain", "acme answered 404. plain"),
        ("<html><body>404</body></html>", "acme answered 404."),
        ({"other": 1}, "acme answered 404."),
        (None, "acme answered 404."),
        ("x" * 1000, f"acme answered 404. {'x' * 300}…"),
    ],
)
def test_the_provider_s_own_message_is_passed_on_short(body, message):
    assert str(refusal("acme", 404, body)) == message


@pytest.mark.parametrize(
    "said",
    [
        "Incorrect API key provided: hunter2-hunter2.",
        "Incorrect API key provided: sk-proj-abc***xyz9.",
        "bad Bearer abcdefgh12345",
    ],
)
def test_a_message_never_holds_a_key(said):
    message = str(refusal("acme", 401, {"error": {"message": said}}, secret="hunter2-hunter2"))

    assert not any(part in message for part in ("hunter2", "sk-proj", "xyz9", "abcdefgh"))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7.0),
        ("0.5", 0.5),
        ("Wed, 21 Oct 2026 07:28:30 GMT", 30.0),
        ("Wed, 21 Oct 2026 07:28:30", 30.0),
        ("Wed, 21 Oct 2026 07:27:00 GMT", 0.0),
        ("soon", None),
        ("-3", None),
        ("nan", None),
        ("inf", None),
        ("Wed, 99 Oct 2026 07:28:30 GMT", None),
        ("", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(text, seconds):
    now = datetime(2026, 10, 21, 7, 28, 0, tzinfo=UTC)

    assert parse_retry_after({"retry-after": text}, now) == seconds


def test_no_retry_after_is_none():
    assert parse_retry_after({}) is None
