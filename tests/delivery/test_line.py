"""A line is cut when its time is up, and one whose answer came in time is not."""

import time

import pytest
from requests import Request, RequestException, Session

from calcinet.delivery.line import Line
from tests.support.services import answer, serve


def get(line: Line, url: str) -> int:
    return line.send(Session().prepare_request(Request("POST", url, data=b"x")), timeout=5).status_code


def test_answer_in_time_is_not_cut():
    line = Line()
    with serve(lambda _: answer("200 OK")) as service, line.limited(5):
        assert get(line, service.url) == 200

    assert not line.was_cut
    line.close()


def test_line_is_cut_while_it_waits():
    """The socket alone would wait for 5 s."""

    def sleep(_: bytes):
        time.sleep(2)
        yield b""

    line, began = Line(), time.monotonic()
    with serve(sleep) as service, line.limited(0.2), pytest.raises(RequestException):
        get(line, service.url)

    assert line.was_cut
    assert time.monotonic() - began < 1.5
    line.close()
