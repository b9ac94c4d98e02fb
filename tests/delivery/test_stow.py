"""STOW-RS: what each answer means, to a service on loopback that answers as it is told."""

import socket
import ssl
import subprocess
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from calcinet.delivery import destination
from calcinet.delivery.outcome import Busy, Misdirected, Refused, Unreachable
from calcinet.delivery.stow import describe_redirect, open_service, outcome_of_reason, read_pause
from calcinet.delivery.wholeness import read_instance
from tests.support.captures import NAME, capture
from tests.support.services import answer, failed, serve, stored

CONTENT = capture(11)
INSTANCE = read_instance(CONTENT)
UID = str(INSTANCE.uid)


def send_to(url: str) -> None:
    with open_service(destination(url)) as service:
        service.send(CONTENT, INSTANCE)


def outcome(reply) -> BaseException | None:
    """How sending one object ends where a service answers so."""
    with serve(lambda _: reply) as service:
        try:
            send_to(service.url)
        except (Busy, Refused, Unreachable) as reason:
            return reason
    return None


def test_object_is_posted_as_it_is_and_confirmed():
    """The file itself is in the request, between two boundaries, to the place that PS3.18 10.5.1 names."""
    with serve(lambda _: answer("200 OK", stored(UID))) as service:
        send_to(service.url)

    (request,) = service.requests
    assert request.startswith(b"POST /dicom-web/studies HTTP/1.1")
    assert CONTENT in request
    assert b'multipart/related; type="application/dicom"; boundary=' in request


@pytest.mark.parametrize(
    ("status", "body", "kind", "says"),
    [
        ("200 OK", b"", Unreachable, "did not confirm"),
        ("204 No Content", b"", Unreachable, "did not confirm"),
        ("200 OK", b"<html>Welcome</html>", Unreachable, "did not confirm"),
        ("200 OK", stored("1.2.3"), Unreachable, "did not confirm"),
        ("200 OK", b"[1, 2]", Unreachable, "did not confirm"),
        ("202 Accepted", failed(UID, 0x0122), Refused, "reason 0122"),
        ("202 Accepted", failed(UID, 0xA700), Busy, "reason A700"),
        ("200 OK", failed(UID, "full"), Refused, "without a reason that can be read"),
        ("409 Conflict", failed(UID, 0x0110), Busy, "reason 0110"),
        ("409 Conflict", b"", Refused, "HTTP 409"),
        ("400 Bad Request", b"<html>", Refused, "HTTP 400"),
        ("413 Content Too Large", b"", Refused, "HTTP 413"),
        ("401 Unauthorized", b"", Misdirected, "netrc"),
        ("404 Not Found", b"", Misdirected, "check the address"),
        ("500 Internal Server Error", b"", Unreachable, "HTTP 500"),
        ("503 Service Unavailable", b"", Unreachable, "busy"),
        ("999 Whatever", b"", Unreachable, "HTTP 999"),
    ],
)
def test_answer_of_http(status, body, kind, says):
    reason = outcome(answer(status, body))

    assert type(reason) is kind
    assert says in str(reason)


@pytest.mark.parametrize(
    "claimed", ["text/html", "application/dicom+xml", "image/png", "", "application/json; charset=no"]
)
def test_type_that_an_answer_claims_does_not_count(claimed):
    assert outcome(answer("200 OK", stored(UID), Content_Type=claimed)) is None


@pytest.mark.parametrize("reply", [b"", b"\r\n\r\n", b"SSH-2.0-OpenSSH_9\r\n", b"HTTP/1.1 OK\r\n\r\n", b"\0" * 100])
def test_answer_that_is_no_http(reply):
    assert isinstance(outcome(reply), Unreachable)


def test_answer_that_ends_early_confirms_nothing():
    """A hundred bytes more are announced than come."""
    short = stored(UID)
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(short) + 100}\r\nConnection: close\r\n\r\n".encode()

    assert isinstance(outcome(head + short), Unreachable)


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 305, 307, 308])
@pytest.mark.parametrize("near", [True, False])
def test_object_and_login_go_nowhere_where_an_answer_points(tmp_path, monkeypatch, status, near):
    """To another host, and to another path of the same; a login waits for both in ~/.netrc. One request is all."""
    (tmp_path / ".netrc").write_text("default login me password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    with serve(lambda _: answer("200 OK", stored(UID))) as other:
        target = "/elsewhere/studies" if near else f"{other.url}/studies"
        with serve(lambda _: answer(f"{status} Moved", b"", Location=target)) as service:
            with pytest.raises(Misdirected) as caught:
                send_to(service.url)
            named = service.url.replace("/dicom-web", "/elsewhere") if near else other.url

    assert other.requests == []
    assert len(service.requests) == 1
    assert b"Authorization: Basic bWU6c2VjcmV0" in service.requests[0]
    assert f"points to {named}: if that is right, this is where to send" in str(caught.value)
    assert not caught.value.again


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("https://pacs.example/dicom-web/studies", "to https://pacs.example/dicom-web:"),
        ("https://pacs.example/dicom-web/studies/", "to https://pacs.example/dicom-web:"),
        ("//other.example/studies", "to http://other.example:"),
        ("https://me:secret@pacs.example/studies", "elsewhere"),
        ("https://pacs.example/login?token=secret", "elsewhere"),
        ("https://pacs.example/" + "secret" * 500, "elsewhere"),
        ("https://pacs.example/\x1b[31msecret", "elsewhere"),
        ("https://[::1", "elsewhere"),
        ("file:///secret", "elsewhere"),
        ("javascript:secret", "elsewhere"),
    ],
)
def test_new_address_is_named_where_it_can_be_given(location, said):
    told = describe_redirect("http://here.example/dicom-web/studies", location)

    assert f"points {said}" in told
    assert "secret" not in told


def drip(head: bytes, piece: bytes, pause_s: float):
    """An answer that does not end."""
    yield head
    for _ in range(10_000):
        time.sleep(pause_s)
        yield piece


@pytest.mark.parametrize(
    "head", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 307 Go\r\nLocation: /\r\n\r\n"]
)
def test_answer_that_goes_on_slowly_is_cut_off(monkeypatch, head):
    """Before its first line, in a header, in its body, and in that of a redirection: 0.05 s a blank, 1 s in all."""
    monkeypatch.setenv("CALCINET_MAX_ANSWER_SECONDS", "1")
    began = time.monotonic()
    reason = outcome(drip(head, b" ", 0.05))

    assert isinstance(reason, Unreachable)
    assert "did not end its answer within" in str(reason)
    assert not reason.again
    assert time.monotonic() - began < 5


def test_object_that_goes_out_slowly_has_its_time(monkeypatch):
    """20 MB, a service that begins to read after 1.5 s, and 1 s for the answer: that time begins with the last byte."""
    monkeypatch.setenv("CALCINET_MAX_ANSWER_SECONDS", "1")
    content = capture(12, 4500)
    instance = read_instance(content)
    body = answer("200 OK", stored(str(instance.uid)))
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def read_late() -> None:
            line, _ = listener.accept()
            time.sleep(1.5)
            with line:
                left = len(content)
                while left > 0:
                    left -= len(line.recv(1 << 20))
                line.sendall(body)

        threading.Thread(target=read_late, daemon=True).start()
        with open_service(destination(f"http://127.0.0.1:{listener.getsockname()[1]}/x")) as service:
            service.send(content, instance)


def test_service_that_never_answers_is_given_up(monkeypatch):
    monkeypatch.setenv("CALCINET_MAX_ANSWER_SECONDS", "1")
    reason = outcome(drip(b"", b"", 2.0))

    assert "did not end its answer within" in str(reason)


@pytest.mark.parametrize("status", ["200 OK", "302 Found", "500 No"])
def test_answer_without_end_is_not_taken_into_memory(status):
    """2 MiB a piece, for ever: more than 1 MiB is not looked at."""
    reason = outcome(drip(f"HTTP/1.1 {status}\r\n\r\n".encode(), b" " * (2 << 20), 0.0))

    assert isinstance(reason, Unreachable)


@pytest.mark.parametrize(
    ("given", "seconds"), [("7", 7), (" 7 ", 7), ("-5", 0), ("soon", 0), ("", 0), ("1.5", 0), ("²", 0)]
)
def test_pause_that_a_service_asks_for(given, seconds):
    assert read_pause(given) == seconds


def test_pause_until_a_time():
    """A quarter of an hour from now; a time that has passed is none."""
    now = datetime.now(UTC)

    assert 880 < read_pause(format_datetime(now + timedelta(minutes=15), usegmt=True)) <= 900
    assert read_pause(format_datetime(now - timedelta(minutes=15), usegmt=True)) == 0


def test_pause_goes_with_the_reason():
    reason = outcome(answer("429 Too Many Requests", b"", Retry_After="120"))

    assert isinstance(reason, Unreachable)
    assert reason.after_s == 120


@pytest.mark.parametrize(
    ("reason", "kind"), [(0xA700, Busy), (0xA7FF, Busy), (0x0110, Busy), (0xA900, Refused), (None, Refused)]
)
def test_failure_reason(reason, kind):
    assert isinstance(outcome_of_reason(reason), kind)


def test_reasons_name_nobody():
    reason = outcome(answer("500 " + NAME, NAME.encode(), Location=NAME))

    assert NAME not in str(reason)


def test_certificate_of_nobody_is_not_trusted(tmp_path):
    """A service that speaks TLS with a certificate of its own making."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "1"]
    made = subprocess.run([*command, "-keyout", key, "-out", certificate], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("needs openssl")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with pytest.raises(Unreachable):
            send_to(f"https://localhost:{server.server_port}/dicom-web")
    finally:
        server.shutdown()
        server.server_close()
