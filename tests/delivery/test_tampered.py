"""An outbox that somebody else wrote into: nothing of it leaves for anywhere but where it was put in for."""

import json
import re

import pytest

from calcinet.delivery import deliver, destination
from calcinet.delivery.outbox import ADDRESS
from tests.support.captures import capture, uid_of
from tests.support.services import answer, serve, stored


@pytest.fixture
def archive():
    """A service that takes every object that it is sent."""
    with serve(lambda body: answer("200 OK", stored(find_uid(body)), Content_Type="application/dicom+json")) as running:
        yield running


def find_uid(body: bytes) -> str:
    """The identifier of the first of the objects of these tests that is in a request."""
    return next(uid for uid in map(uid_of, map(capture, range(4))) if uid.encode() in body)


def test_object_of_an_outbox_that_was_exchanged_is_not_delivered(box, archive):
    """Another whole object lies in the file of the first; the second, untouched, arrives."""
    where = destination(archive.url)
    box.put(capture(1), where).write_bytes(capture(2))
    box.put(capture(3), where)

    done = deliver(box, where, attempts=1)

    assert (done.sent, done.refused) == (1, 1)
    assert [uid_of(capture(2)).encode() in one for one in archive.requests] == [False]


def test_link_in_an_outbox_is_not_followed(box, archive, tmp_path):
    """A link to a whole object of somebody else, under its own right name."""
    where = destination(archive.url)
    (tmp_path / "elsewhere.dcm").write_bytes(capture(2))
    folder = box.put(capture(3), where).parent
    (folder / f"{uid_of(capture(2))}.dcm").symlink_to(tmp_path / "elsewhere.dcm")

    done = deliver(box, where, attempts=1)

    assert done.sent == 1
    assert [uid_of(capture(2)).encode() in one for one in archive.requests] == [False]
    assert (tmp_path / "elsewhere.dcm").read_bytes() == capture(2)


def test_address_of_an_outbox_that_was_exchanged_is_told_and_nothing_sent(box, archive):
    """The file that says where to is written anew, by whom the objects would like to have."""
    where = destination("http://127.0.0.1:9/dicom-web")
    folder = box.put(capture(1), where).parent
    (folder / ADDRESS).write_text(json.dumps({"destination": archive.url}))

    assert box.destinations() == []
    assert [re.search("names another address", stray.why) is not None for stray in box.strays()] == [True]
    assert archive.requests == []
