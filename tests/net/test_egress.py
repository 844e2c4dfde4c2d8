"""What the egress guard lets out."""

import asyncio
import socket
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver

from wireloom.net.client import HttpClient
from wireloom.net.egress import EgressPolicy, parse_networks
from wireloom.net.errors import EgressDenied, InvalidRequest, InvalidSetting, NetError

LOOPBACK = EgressPolicy(parse_networks("127.0.0.1/32"))


class Names(AbstractResolver):
    """A name system that gives each name the next of its scripted lists of addresses."""

    def __init__(self, **answers):
        self.answers = {name.replace("_", "."): list(lists) for name, lists in answers.items()}
        self.asked = []

    async def resolve(self, host, port=0, family=socket.AF_INET):
        self.asked.append(host)
        addresses = self.answers[host]
        addresses = addresses.pop(0) if len(addresses) > 1 else addresses[0]
        return [
            {"hostname": host, "host": each, "port": port, "family": socket.AF_INET, "proto": 0, "flags": 0}
            for each in addresses
        ]

    async def close(self):
        pass


class Listener:
    def __init__(self):
        self.hits = []
        self.location = None
        self.status = 302
        self.port = 0

    async def handle(self, request):
        self.hits.append((request.method, request.path, dict(request.headers), await request.text()))
        if request.path == "/away":
            return web.Response(status=self.status, headers={"Location": self.location})
        return web.Response(text="inside")


@asynccontextmanager
async def listening():
    listener = Listener()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", listener.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    listener.port = runner.addresses[0][1]
    try:
        yield listener
    finally:
        await runner.cleanup()


@asynccontextmanager
async def client(policy=None, names=None):
    http = HttpClient(policy, names)
    try:
        yield http
    finally:
        await http.aclose()


HOSTILE = [
    "http://127.0.0.1:{port}/",
    "http://127.0.0.2:{port}/",
    "http://127.1:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7f.0.0.1:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://017700000001:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://localhost:{port}/",
    "http://LOCALHOST:{port}/",
    "http://user:word@127.0.0.1:{port}/",
    "http://example.com@127.0.0.1:{port}/",
    "http://0.0.0.0:{port}/",
    "http://[::1]:{port}/",
    "http://[::]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://[64:ff9b::7f00:1]:{port}/",
    "http://[64:ff9b:1::7f00:1]:{port}/",
    "http://[2002:7f00:1::]:{port}/",
    "http://[2001:0:4136:e378:8000:63bf:80ff:fffe]:{port}/",
    "http://[fe80::5efe:127.0.0.1]:{port}/",
    "http://[fe80::1%25lo]:{port}/",
    "http://[fc00::1]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::ffff:169.254.169.254]/",
    "http://100.100.100.200/latest/meta-data/",
    "http://192.0.0.192/opc/v2/instance/",
    "http://168.63.129.16/machine/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.0.1/",
    "http://100.64.0.1/",
    "http://198.18.0.1/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/_GET",
    "ftp://127.0.0.1/",
    "unix:///run/docker.sock",
]


@pytest.mark.parametrize("url", HOSTILE)
async def test_a_hostile_url_is_denied_and_nothing_is_sent(url):
    async with listening() as listener, client() as http:
        with pytest.raises(EgressDenied) as denied:
            await http.request("GET", url.format(port=listener.port), idle_s=2)

    assert listener.hits == []
    assert denied.value.code == "egress_denied"


@pytest.mark.parametrize(
    "url",
    ["", "not a url", "//example.com/", "/path", "http://", "http:///x", "http://[::1", "http://h:99999/"],
)
async def test_what_is_no_url_is_an_invalid_request(url):
    async with client() as http:
        with pytest.raises(InvalidRequest):
            await http.request("GET", url)


async def test_a_denial_names_the_host_as_typed_and_no_address():
    async with client(names=Names(intranet_corp=[["10.1.2.3"]])) as http:
        with pytest.raises(EgressDenied) as denied:
            await http.request("GET", "http://intranet.corp/")

    assert (
        str(denied.value) == "Requests to 'intranet.corp' are not allowed: it is not on the public internet."
    )


async def test_one_private_address_among_public_ones_denies_the_name():
    async with client(names=Names(mixed_example=[["93.184.216.34", "127.0.0.1"]])) as http:
        with pytest.raises(EgressDenied):
            await http.request("GET", "http://mixed.example/", idle_s=1)


async def test_a_name_that_turns_private_is_denied_when_it_is_asked_again():
    names = Names(rebind_example=[["127.0.0.1"], ["127.0.0.2"]])
    async with listening() as listener, client(LOOPBACK, names) as http:
        url = f"http://rebind.example:{listener.port}/"
        first = await http.request("GET", url)
        await http.aclose()
        with pytest.raises(EgressDenied):
            await http.request("GET", url)

    assert (first.body, len(listener.hits), names.asked) == (b"inside", 1, ["rebind.example"] * 2)


async def test_a_connection_goes_to_the_very_address_that_was_checked():
    names = Names(pinned_example=[["127.0.0.1"], ["127.0.0.2"]])
    async with listening() as listener, client(LOOPBACK, names) as http:
        answer = await http.request("GET", f"http://pinned.example:{listener.port}/")

    assert (answer.body, names.asked) == (b"inside", ["pinned.example"])


@pytest.mark.parametrize(
    "location",
    ["http://127.0.0.2:{port}/", "http://[::1]:{port}/", "file:///etc/passwd", "//127.0.0.2:{port}/x"],
)
async def test_a_redirect_into_a_private_network_is_denied(location):
    async with listening() as listener, client(LOOPBACK) as http:
        listener.location = location.format(port=listener.port)
        with pytest.raises(EgressDenied):
            await http.request("GET", f"http://127.0.0.1:{listener.port}/away", max_redirects=5)

    assert [path for _, path, _, _ in listener.hits] == ["/away"]


async def test_trust_ends_at_the_host_and_port_that_the_operator_named():
    async with listening() as trusted, listening() as other, client() as http:
        trusted.location = f"http://127.0.0.1:{other.port}/"
        url = f"http://127.0.0.1:{trusted.port}"
        answer = await http.request("GET", f"{url}/", trust="trusted")
        with pytest.raises(EgressDenied):
            await http.request("GET", f"{url}/away", trust="trusted", max_redirects=5)

    assert (answer.body, other.hits) == (b"inside", [])


async def test_a_guarded_request_never_rides_on_a_trusted_connection():
    async with listening() as listener, client() as http:
        url = f"http://localhost:{listener.port}/"
        await http.request("GET", url, trust="trusted")
        with pytest.raises(EgressDenied):
            await http.request("GET", url)

    assert len(listener.hits) == 1


async def test_secrets_do_not_follow_a_redirect_to_another_host_or_port():
    secrets = {
        "Authorization": "Bearer s",
        "Cookie": "s",
        "X-Api-Key": "s",
        "Api-Key": "s",
        "Accept": "text/plain",
    }
    async with listening() as first, listening() as second, client(LOOPBACK) as http:
        first.location = f"http://127.0.0.1:{second.port}/"
        await http.request("GET", f"http://127.0.0.1:{first.port}/away", headers=secrets, max_redirects=1)

    ((_, _, headers, _),) = second.hits
    assert {name: headers.get(name) for name in secrets} == dict.fromkeys(secrets) | {"Accept": "text/plain"}


async def test_secrets_do_follow_a_redirect_within_the_host():
    async with listening() as listener, client(LOOPBACK) as http:
        listener.location = "/here"
        url = f"http://127.0.0.1:{listener.port}/away"
        await http.request("GET", url, headers={"Authorization": "Bearer s"}, max_redirects=1)

    assert [(path, headers["Authorization"]) for _, path, headers, _ in listener.hits] == [
        ("/away", "Bearer s"),
        ("/here", "Bearer s"),
    ]


@pytest.mark.parametrize(
    ("status", "followed"),
    [(301, ("GET", "")), (302, ("GET", "")), (303, ("GET", "")), (307, ("POST", "b")), (308, ("POST", "b"))],
)
async def test_a_redirect_keeps_method_and_body_only_where_its_status_says_so(status, followed):
    async with listening() as listener, client(LOOPBACK) as http:
        listener.location, listener.status = "/here", status
        await http.request("POST", f"http://127.0.0.1:{listener.port}/away", body=b"b", max_redirects=1)

    assert [(method, body) for method, _, _, body in listener.hits] == [("POST", "b"), followed]


async def test_redirects_without_end_are_an_error():
    async with listening() as listener, client(LOOPBACK) as http:
        listener.location = "/away"
        with pytest.raises(NetError) as stopped:
            await http.request("GET", f"http://127.0.0.1:{listener.port}/away", max_redirects=3)

    assert (stopped.value.code, len(listener.hits)) == ("too_many_redirects", 4)


async def test_a_request_over_a_pooled_connection_asks_for_no_address_again():
    names = Names(pooled_example=[["127.0.0.1"]])
    async with listening() as listener, client(LOOPBACK, names) as http:
        for _ in range(3):
            await http.request("GET", f"http://pooled.example:{listener.port}/")

    assert names.asked == ["pooled.example"]


async def test_many_guarded_requests_at_once_to_a_denied_name_are_all_denied():
    async with client(names=Names(inside_corp=[["10.0.0.1"]])) as http:
        asked = [http.request("GET", "http://inside.corp/") for _ in range(5)]
        outcomes = await asyncio.gather(*asked, return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [EgressDenied] * 5


def test_allowed_networks_are_read_from_text():
    networks = parse_networks(" 127.0.0.1/32, 10.0.0.0/8,fd00::/8 ,192.168.1.7")

    assert [str(network) for network in networks] == [
        "127.0.0.1/32",
        "10.0.0.0/8",
        "fd00::/8",
        "192.168.1.7/32",
    ]
    assert parse_networks("") == ()


@pytest.mark.parametrize("text", ["localhost", "10.0.0.1/8", "10.0.0.0/33", "127.0.0.1:80"])
def test_an_entry_that_is_no_network_is_refused_with_a_sentence(text):
    with pytest.raises(InvalidSetting, match="WIRELOOM_EGRESS_ALLOW holds"):
        parse_networks(f"127.0.0.1/32,{text}")


async def test_an_allowed_network_is_let_through_in_mapped_spelling_too():
    async with listening() as listener, client(LOOPBACK) as http:
        answer = await http.request("GET", f"http://127.0.0.1:{listener.port}/")

    assert answer.body == b"inside"
