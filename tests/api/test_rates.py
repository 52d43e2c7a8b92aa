"""How often a caller may ask, with a Redis that works, one that is lost, and one that hangs."""

import shutil
import socket
import subprocess
import time

import pytest
from django.test import RequestFactory

from contenthub.api import rates
from contenthub.delivery.consumers.codes import Kind
from contenthub.delivery.consumers.directory import Caller

QUERY = "{ __typename }"


@pytest.fixture(autouse=True)
def _one_minute(monkeypatch):
    """The clock stands ten seconds after a full minute."""
    monkeypatch.setattr(rates.time, "time", lambda: 1_800_000_010.0)


@pytest.fixture
def redis_at(settings):
    """Let the hub count in the Redis at a port."""

    def choose(port):
        backend = "django.core.cache.backends.redis.RedisCache"
        settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": f"redis://127.0.0.1:{port}/0"}}
        rates.forget()

    yield choose
    rates._redis.cache_clear()


@pytest.fixture
def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def ask_as(caller, **headers):
    request = RequestFactory().get("/", headers=headers)
    with rates.admitted(caller, request) as standing:
        return standing


def test_whoever_asks_too_often_is_told_when_to_go_on(connect, post):
    key = connect(requests_per_minute=2)

    answers = [post(QUERY, Authorization=f"Bearer {key}") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["RateLimit"] for answer in answers] == [f'"requests";r={left};t=50' for left in (1, 0, 0)]
    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {'"requests";q=2;w=60'}
    assert answers[2].headers["Retry-After"] == "50"
    (error,) = answers[2].json()["errors"]
    assert (error["extensions"]["code"], error["extensions"]["retryable"]) == ("TOO_MANY_REQUESTS", True)
    assert error["message"] == "More than 2 requests in a minute: go on in 50 seconds."


def test_refused_requests_of_one_key_do_not_count_for_another(connect, post):
    loud, quiet = connect("loud", requests_per_minute=1), connect("quiet", requests_per_minute=1)
    for _ in range(5):
        post(QUERY, Authorization=f"Bearer {loud}")

    assert post(QUERY, Authorization=f"Bearer {quiet}").status_code == 200


def test_in_the_next_minute_a_caller_may_ask_again(monkeypatch):
    caller = Caller(id=1, requests_per_minute=1)
    ask_as(caller)
    with pytest.raises(rates.TooManyRequests):
        ask_as(caller)

    monkeypatch.setattr(rates.time, "time", lambda: 1_800_000_060.0)

    assert ask_as(caller).used == 1


def test_publishable_keys_are_counted_per_client_address(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    caller = Caller(id=1, kind=Kind.PUBLISHABLE, requests_per_minute=1)

    for address in ("192.0.2.1", "192.0.2.2", "1.2.3.4, 192.0.2.3"):
        ask_as(caller, **{"X-Forwarded-For": address})

    for again in ("192.0.2.1", "9.9.9.9, 192.0.2.3"):
        with pytest.raises(rates.TooManyRequests):
            ask_as(caller, **{"X-Forwarded-For": again})


def test_who_forwarded_a_request_is_believed_of_the_proxy_only(settings):
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "192.0.2.1"}, REMOTE_ADDR="198.51.100.7")

    assert rates.client_address(request) == "198.51.100.7"


def test_an_ipv6_client_is_its_network():
    one, other = (RequestFactory().get("/", REMOTE_ADDR=f"2001:db8::{end}") for end in (1, 2))

    assert rates.client_address(one) == rates.client_address(other) == "2001:db8::/64"


def test_requests_at_once_are_limited_and_set_free_again():
    caller = Caller(id=1, most_at_once=2)
    request = RequestFactory().get("/")

    with rates.admitted(caller, request), rates.admitted(caller, request):
        with pytest.raises(rates.TooManyRequests) as refused, rates.admitted(caller, request):
            pass

        assert refused.value.headers["Retry-After"] == "1"
    ask_as(caller)


def test_a_lost_redis_is_left_alone_and_the_process_counts_by_itself(redis_at, free_port, caplog):
    redis_at(free_port)
    caller = Caller(id=1, requests_per_minute=2)

    assert [ask_as(caller).used for _ in range(2)] == [1, 2]
    with pytest.raises(rates.TooManyRequests):
        ask_as(caller)

    assert len(caplog.records) == 1, "it was tried once, not with every request"


def test_a_hung_redis_keeps_one_request_waiting_a_moment(redis_at):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        redis_at(silent.getsockname()[1])
        caller = Caller(id=1, requests_per_minute=2)

        assert [ask_as(caller).used for _ in range(2)] == [1, 2]
        with pytest.raises(rates.TooManyRequests):
            ask_as(caller)


@pytest.mark.skipif(shutil.which("redis-server") is None, reason="There is no redis-server on this machine.")
def test_processes_that_share_a_redis_count_together(redis_at, free_port, tmp_path):
    command = ["redis-server", "--port", str(free_port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            _wait_for(free_port)
            caller = Caller(id=1, requests_per_minute=3)
            redis_at(free_port)
            first = ask_as(caller).used
            rates.forget()  # another process

            second = ask_as(caller).used

            assert (first, second) == (1, 2)
        finally:
            server.terminate()


def _wait_for(port):
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
