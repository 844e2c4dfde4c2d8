"""A client that takes nothing can neither fill the server's memory nor stay for ever."""

from __future__ import annotations

import re
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.server.live import ROOT, environment_of

SLOW_CLIENT_S = 3.0
UPGRADE = (
    b"GET /ws/ HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


@pytest.fixture(scope="module")
def flood() -> Iterator[tuple[int, int]]:
    """The port and process id of a server that sends without end."""
    data = Path(tempfile.mkdtemp())
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.server.flood", str(SLOW_CLIENT_S)],
        cwd=ROOT,
        env=environment_of(data, {}),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout:
        yield int(process.stdout.readline()), process.pid
        process.terminate()
        assert process.wait(10) == 0


def memory_mib(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    assert found
    return int(found[1]) / 1024


def connected(port: int) -> socket.socket:
    """A connection that hardly buffers."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    connection.connect(("127.0.0.1", port))
    connection.settimeout(20)
    return connection


def everything(connection: socket.socket) -> bytes:
    received = bytearray()
    try:
        while piece := connection.recv(65_536):
            received += piece
    except ConnectionResetError:
        pass
    return bytes(received)


def test_a_socket_that_never_reads_is_closed_with_4408_and_costs_no_memory(flood: tuple[int, int]) -> None:
    port, pid = flood
    before = memory_mib(pid)
    with closing(connected(port)) as connection:
        connection.sendall(UPGRADE)
        time.sleep(SLOW_CLIENT_S + 1)
        grown = memory_mib(pid) - before
        received = everything(connection)

    assert grown < 20
    assert len(received) < 20 * 1024 * 1024
    assert b'{"error": {"code": "too_slow"' in received
    assert received.endswith(b"\x88\x02" + struct.pack(">H", 4408))


def test_an_answer_that_is_never_read_is_dropped_and_costs_no_memory(flood: tuple[int, int]) -> None:
    port, pid = flood
    before = memory_mib(pid)
    with closing(connected(port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(SLOW_CLIENT_S + 1)
        grown = memory_mib(pid) - before

        assert len(everything(connection)) < 20 * 1024 * 1024

    assert grown < 20


def test_a_client_that_reads_gets_it_all(flood: tuple[int, int]) -> None:
    port, _ = flood
    with closing(connected(port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")

        assert len(everything(connection)) > 10_000 * 32_768
