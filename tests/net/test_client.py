"""How answers arrive, and what their absence is called."""

import asyncio
import gzip
from contextlib import asynccontextmanager

import pytest

from wireloom.net.client import HttpClient
from wireloom.net.egress import EgressPolicy, parse_networks
from wireloom.net.errors import AnswerTooLarge, ConnectionFailed, InvalidRequest, RequestTimedOut

MEBIBYTE = 1024 * 1024
OK = b"HTTP/1.1 200 OK\r\n"


@asynccontextmanager
async def saying(*pieces, then_wait=False):
    """A server that says the same bytes to everyone, and the client that may ask it."""
    waiting = asyncio.Event()

    async def talk(reader, writer):
        try:
            await reader.readuntil(b"\r\n\r\n")
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
            if then_wait:
                await waiting.wait()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    http = HttpClient(EgressPolicy(parse_networks("127.0.0.1")))
    try:
        yield http, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    finally:
        waiting.set()
        await http.aclose()
        server.close()
        await server.wait_closed()


async def test_an_answer_is_given_whole():
    async with saying(OK + b"Content-Length: 4\r\nX-Thing: 1\r\n\r\nwo", b"od") as (http, url):
        answer = await http.request("GET", url)

    assert (answer.status, answer.headers["x-thing"], answer.body, answer.url) == (200, "1", b"wood", url)


async def test_an_answer_is_given_as_it_arrives():
    async with (
        saying(OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n", then_wait=True) as (http, url),
        http.stream("GET", url) as answer,
    ):
        first = await anext(answer.chunks())

    assert first == b"one"


async def test_an_answer_above_the_limit_is_refused():
    async with saying(OK + b"Content-Length: 2000\r\n\r\n" + b"x" * 2000) as (http, url):
        with pytest.raises(AnswerTooLarge, match="larger than 1000 bytes"):
            await http.request("GET", url, max_bytes=1000)


async def test_a_gzip_bomb_is_counted_as_it_unfolds():
    bomb = gzip.compress(gzip.compress(b"\0" * (256 * MEBIBYTE)))
    bomb = gzip.decompress(bomb)
    head = OK + f"Content-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n".encode()
    async with saying(head + bomb) as (http, url):
        with pytest.raises(AnswerTooLarge):
            await http.request("GET", url, max_bytes=MEBIBYTE)


async def test_silence_before_the_answer_ends_in_a_timeout():
    async with saying(then_wait=True) as (http, url):
        with pytest.raises(RequestTimedOut) as silent:
            await http.request("GET", url, idle_s=0.05)

    assert (silent.value.code, silent.value.retryable) == ("timeout", True)


async def test_silence_within_the_answer_ends_in_a_timeout():
    async with saying(OK + b"Content-Length: 10\r\n\r\nhalf", then_wait=True) as (http, url):
        with pytest.raises(RequestTimedOut):
            await http.request("GET", url, idle_s=0.05)


async def test_an_answer_that_breaks_off_is_no_answer():
    async with saying(OK + b"Content-Length: 10\r\n\r\nhalf") as (http, url):
        with pytest.raises(ConnectionFailed, match="broke before the answer was whole"):
            await http.request("GET", url)


async def test_a_closed_port_is_a_failed_connection_and_no_address_is_told():
    async with saying() as (http, url):
        pass
    with pytest.raises(ConnectionFailed) as failed:
        await http.request("GET", url.replace("127.0.0.1", "localhost"), trust="trusted")
    await http.aclose()

    assert "127.0.0.1" not in str(failed.value)
    assert "'localhost'" in str(failed.value)


async def test_what_is_not_http_is_a_failed_connection():
    async with saying(b"SSH-2.0-OpenSSH_9.2\r\n") as (http, url):
        with pytest.raises(ConnectionFailed):
            await http.request("GET", url)


async def test_a_header_that_would_smuggle_another_is_refused():
    async with saying(OK + b"Content-Length: 0\r\n\r\n") as (http, url):
        with pytest.raises(InvalidRequest):
            await http.request("GET", url, headers={"X-Name": "a\r\nX-Other: b"})


async def test_cookies_of_one_answer_are_not_sent_with_the_next_request():
    seen = []

    async def talk(reader, writer):
        seen.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(OK + b"Set-Cookie: a=b\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    http = HttpClient(EgressPolicy(parse_networks("127.0.0.1")))
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    await http.request("GET", url)
    await http.request("GET", url)
    await http.aclose()
    server.close()
    await server.wait_closed()

    assert [b"cookie" in head.lower() for head in seen] == [False, False]


@asynccontextmanager
async def closing_kept_connections():
    """A server that answers each connection once, and closes it when it is asked again; and its client."""
    heads = []

    async def talk(reader, writer):
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(OK + b"Content-Length: 2\r\n\r\nok")
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    http = HttpClient(EgressPolicy(parse_networks("127.0.0.1")))
    try:
        yield http, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", heads
    finally:
        await http.aclose()
        server.close()


async def test_a_question_that_changes_nothing_is_asked_again_if_its_kept_connection_was_closed():
    async with closing_kept_connections() as (http, url, heads):
        bodies = [(await http.request("get", url)).body for _ in range(2)]

    assert bodies == [b"ok", b"ok"]
    assert [head.partition(b" ")[0] for head in heads[:3]] == [b"GET"] * 3


async def test_a_question_that_may_change_something_is_never_asked_twice():
    async with closing_kept_connections() as (http, url, heads):
        await http.request("POST", url, body=b"")
        with pytest.raises(ConnectionFailed, match="broke before the answer was whole"):
            await http.request("POST", url, body=b"")

    assert len(heads) == 2


async def test_a_kept_connection_is_used_again():
    connections = []

    async def talk(reader, writer):
        connections.append(writer)
        for _ in range(2):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(OK + b"Content-Length: 2\r\n\r\nok")
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    http = HttpClient(EgressPolicy(parse_networks("127.0.0.1")))
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    bodies = [(await http.request("GET", url)).body for _ in range(2)]
    await http.aclose()
    server.close()
    await server.wait_closed()

    assert (bodies, len(connections)) == ([b"ok", b"ok"], 1)


async def test_an_answer_left_in_the_middle_leaves_no_connection_for_the_next():
    async with saying(OK + b"Content-Length: 9\r\n\r\nhalf", then_wait=True) as (http, url):
        for _ in range(2):
            async with http.stream("GET", url) as answer:
                assert await anext(answer.chunks()) == b"half"


async def test_an_answer_to_head_has_no_body():
    async with saying(OK + b"Content-Length: 9\r\n\r\n", then_wait=True) as (http, url):
        answer = await http.request("HEAD", url, idle_s=2)

    assert (answer.status, answer.headers["content-length"], answer.body) == (200, "9", b"")


async def test_a_body_without_a_length_ends_with_the_connection():
    async with saying(OK + b"\r\nall", b" of it") as (http, url):
        assert (await http.request("GET", url)).body == b"all of it"


async def test_what_an_answer_announces_before_it_is_passed_over():
    async with saying(b"HTTP/1.1 103 Early Hints\r\n\r\n" + OK + b"Content-Length: 2\r\n\r\nok") as (
        http,
        url,
    ):
        answer = await http.request("GET", url)

    assert (answer.status, answer.body) == (200, b"ok")


async def test_credentials_in_a_url_are_sent_unless_others_are_given_too():
    heads = []

    async def talk(reader, writer):
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(OK + b"Content-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    http = HttpClient(EgressPolicy(parse_networks("127.0.0.1")))
    url = f"http://ada:pass@127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    await http.request("GET", url)
    with pytest.raises(InvalidRequest, match="both its URL and its headers hold credentials"):
        await http.request("GET", url, headers={"authorization": "Bearer x"})
    await http.aclose()
    server.close()
    await server.wait_closed()

    assert [b"Authorization: Basic YWRhOnBhc3M=\r\n" in head for head in heads] == [True]


async def test_a_host_that_speaks_no_tls_is_told_apart():
    async def talk(reader, writer):
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    http = HttpClient(EgressPolicy(parse_networks("127.0.0.1")))
    with pytest.raises(ConnectionFailed, match="offered no secure connection"):
        await http.request("GET", f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/", idle_s=5)
    await http.aclose()
    server.close()
    await server.wait_closed()
