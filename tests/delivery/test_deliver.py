"""Objects reach a real archive by both ways, once each, whatever happens to it on the way."""

import gc
import json
import os
import re
import threading
import time
from io import BytesIO
from pathlib import Path

import pytest
from pydicom import dcmread, dcmwrite

from calcinet.apps.sending import list_waiting
from calcinet.delivery import Outbox, deliver, destination
from calcinet.delivery.deliver import split_by_kind
from calcinet.delivery.tries import Tried
from tests.support.captures import NOBODY, capture, uid_of
from tests.support.orthanc import Orthanc
from tests.support.services import answer, failed, serve, stored

LEFT_SOCKET = pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")
"""The DICOM library leaves the socket of a failed connection to the garbage collector, which says so."""


@pytest.fixture(params=["node", "dicomweb"])
def where(request, orthanc):
    return destination(getattr(orthanc, request.param))


def test_objects_arrive_and_leave_the_outbox(box, where, orthanc):
    base = 1000 if str(where).startswith("dicom") else 2000
    objects = [capture(base + number) for number in range(3)]
    for content in objects:
        box.put(content, where)

    done = deliver(box, where)

    assert (done.sent, done.waiting, done.refused) == (3, 0, 0)
    assert {uid_of(content) for content in objects} <= {*orthanc.instances()}
    assert box.waiting(where) == []


def test_sending_twice_is_harmless(box, where, orthanc):
    content = capture(3000)
    for _ in range(2):
        box.put(content, where)
        box.put(content, where)
        assert deliver(box, where).whole

    assert orthanc.instances().count(uid_of(content)) == 1


@LEFT_SOCKET
def test_receiver_that_is_down_loses_nothing(box):
    where = destination(NOBODY)
    box.put(capture(1), where)

    done = deliver(box, where, attempts=2, pause_s=0.01)

    assert (done.sent, done.waiting, done.refused) == (0, 1, 0)
    assert "does not answer" in done.because
    assert [str(each) for each in box.destinations()] == [NOBODY]
    gc.collect()


@LEFT_SOCKET
@pytest.mark.parametrize("way", ["node", "dicomweb"])
def test_receiver_killed_in_the_middle_of_200_loses_nothing(tmp_path, orthanc, way, monkeypatch):
    """A second archive, so that the shared one stays up: killed after 50, started again on its storage."""
    monkeypatch.setattr("calcinet.delivery.dimse.TIMEOUT_S", 3.0)  # long enough on loopback
    folder = tmp_path / "archive"
    folder.mkdir()
    mortal = Orthanc(folder).start()
    box, where = Outbox(tmp_path / "outbox"), destination(getattr(mortal, way))
    objects = [capture(number) for number in range(200)]
    for content in objects:
        box.put(content, where)
    try:
        first = deliver(box, where, attempts=1, progress=lambda done, _: mortal.kill() if done == 50 else None)
        left = len(box.waiting(where))
        mortal.start()
        second = deliver(box, where, attempts=1)

        assert 0 < first.sent < 200
        assert left >= 200 - first.sent > 0
        assert (second.sent, second.waiting, second.refused) == (left, 0, 0)
        assert sorted(mortal.instances()) == sorted(map(uid_of, objects))
        assert box.waiting(where) == []
        gc.collect()
    finally:
        mortal.stop()


def test_two_processes_at_once_send_everything_once(box, orthanc):
    where = destination(orthanc.node)
    objects = [capture(5000 + number) for number in range(20)]
    for content in objects:
        box.put(content, where)
    done = []
    threads = [threading.Thread(target=lambda: done.append(deliver(box, where))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(each.sent for each in done) == 20
    assert all(each.whole for each in done)


def test_object_that_is_refused_for_good_is_kept_with_the_reason(box):
    """A service that refuses the first and stores every other; what was refused is said by its identifier."""
    first, second = capture(6000), capture(6001)

    def reply(body: bytes) -> bytes:
        if first in body:
            return answer("409 Conflict", failed(uid_of(first), 0x0124))
        return answer("200 OK", stored(uid_of(second)))

    with serve(reply) as service:
        where = destination(service.url)
        box.put(first, where)
        box.put(second, where)
        done = deliver(box, where, attempts=1)

    assert (done.sent, done.waiting, done.refused) == (1, 0, 1)
    assert done.refusals == (f"object {uid_of(first)}: the service refused it (reason 0124)",)
    (kept,) = box.refused(where)
    assert "refused" in json.loads(kept.with_suffix(".json").read_text())["reason"]
    (line,) = list_waiting(box.folder)
    assert f"1 object refused for good, reasons in {kept.parent}" in line


def reply_to_all(body: bytes) -> bytes:
    """Stores whatever it is sent."""
    (uid,) = set(re.findall(rb"1\.2\.826\.0\.1\.3680043\.8\.498\.\d+", body)) & set(KNOWN)
    return answer("200 OK", stored(uid.decode()))


KNOWN = [uid_of(capture(seed)).encode() for seed in range(40, 46)]


def write_without_class(path: Path) -> None:
    dataset = dcmread(BytesIO(capture(44)))
    del dataset.SOPClassUID
    dcmwrite(path, dataset)


def write_sparse(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(3 << 30)


def link_elsewhere(path: Path) -> None:
    (path.parent.parent / "elsewhere").write_bytes(capture(44))
    path.symlink_to(path.parent.parent / "elsewhere")


RIGHT_NAME = f"{uid_of(capture(44))}.dcm"

BAD = {
    "empty": ("1.2.3.dcm", lambda path: path.write_bytes(b"")),
    "damaged": (RIGHT_NAME, lambda path: path.write_bytes(capture(44)[:200] + bytes(range(256)))),
    "cut": (RIGHT_NAME, lambda path: path.write_bytes(capture(44)[:-20])),
    "no class": (RIGHT_NAME, write_without_class),
    "wrong name": ("1.2.3.dcm", lambda path: path.write_bytes(capture(44))),
    "name of somebody": ("Nemo.dcm", lambda path: path.write_bytes(b"Nemo")),
    "folder": ("1.2.3.dcm", Path.mkdir),
    "link": (RIGHT_NAME, link_elsewhere),
    "link to nothing": ("1.2.3.dcm", lambda path: path.symlink_to("nothing")),
    "fifo": ("1.2.3.dcm", os.mkfifo),
    "sparse": ("1.2.3.dcm", write_sparse),
}
"""What no outbox should hold: its name there, and how it comes there."""


@pytest.mark.parametrize("kind", BAD)
def test_one_bad_object_is_set_aside_and_the_rest_arrives(box, kind):
    """First in line, before two that are sound; said by its identifier, without a name of anybody."""
    with serve(reply_to_all) as service:
        where = destination(service.url)
        sound = [box.put(capture(seed), where) for seed in (40, 41)]
        name, make = BAD[kind]
        bad = box.folder_of(where) / name
        make(bad)
        os.utime(bad, (1, 1), follow_symlinks=False)
        done = deliver(box, where, attempts=1)

    assert (done.sent, done.waiting, done.refused) == (2, 0, 1)
    assert len(service.requests) == len(sound)
    (kept,) = box.refused(where)
    assert kept.name == bad.name
    assert json.loads(kept.with_suffix(".json").read_text())["reason"] in done.refusals[0]
    assert done.refusals[0].startswith(("object 1.2.", "an object without a valid identifier: "))
    assert "Nemo" not in done.refusals[0]
    if kind == "link":
        assert (box.folder / "elsewhere").read_bytes() == capture(44)


def test_object_that_breaks_the_receiver_lets_the_next_pass(box):
    """The service hangs up on the first and stores the others; then that one has been tried, and comes last."""
    poison = capture(40)

    def reply(body: bytes) -> bytes:
        return b"" if poison in body else reply_to_all(body)

    with serve(reply) as service:
        where = destination(service.url)
        for seed in (40, 41, 42):
            os.utime(box.put(capture(seed), where), (seed, seed))
        done = deliver(box, where, attempts=1)

    assert (done.sent, done.waiting, done.refused) == (2, 1, 0)
    assert box.tries(where)[f"{uid_of(poison)}.dcm"].times == 1


def test_least_tried_goes_first(box):
    order = []

    def reply(body: bytes) -> bytes:
        order.extend(set(re.findall(rb"1\.2\.826\.0\.1\.3680043\.8\.498\.\d+", body)) & set(KNOWN))
        return reply_to_all(body)

    with serve(reply) as service:
        where = destination(service.url)
        first, second = (box.put(capture(seed), where) for seed in (40, 41))
        box.keep_tries(where, {first.name: Tried(times=2, because="")})
        assert deliver(box, where, attempts=1).whole

    assert order == [KNOWN[1], KNOWN[0]]
    assert second.name == f"{KNOWN[1].decode()}.dcm"
    assert box.tries(where) == {}


@pytest.mark.parametrize(
    ("reply", "requests"),
    [
        (answer("307 Go", b"", Location="http://127.0.0.1:9/other/studies"), 1),
        (answer("404 Not Found"), 1),
        (answer("401 Unauthorized"), 1),
        (answer("200 OK", b"<html>"), 2),
        (answer("503 Busy", b"", Retry_After="3600"), 2),
        (answer("500 No"), 6),
    ],
)
def test_what_is_of_no_use_is_not_tried_again(box, reply, requests):
    """Of three attempts; an attempt ends at two lost objects of three, and at once where the address is wrong."""
    with serve(lambda _: reply) as service:
        where = destination(service.url)
        for seed in (40, 41, 42):
            box.put(capture(seed), where)
        done = deliver(box, where, attempts=3, pause_s=0.01)

    assert (done.sent, done.waiting, done.refused) == (0, 3, 0)
    assert len(service.requests) == requests


def test_pause_that_a_service_asks_for_is_kept_and_said(box):
    """One second, where a hundredth would pass; then it takes the object."""
    said, replies = [], [answer("429 Slower", b"", Retry_After="1")]
    with serve(lambda body: replies.pop() if replies else reply_to_all(body)) as service:
        where = destination(service.url)
        box.put(capture(40), where)
        began = time.monotonic()
        assert deliver(box, where, attempts=2, pause_s=0.01, say=said.append).whole

    assert time.monotonic() - began >= 1
    assert said == ["the service is busy (HTTP 429); attempt 2 of 2 in 1 s"]


def test_more_than_128_kinds_go_over_several_associations():
    """Five kinds in order, of which a connection carries two."""
    kinds = {Path(f"{number}.dcm"): (f"1.2.{number % 5}", "1.2.840.10008.1.2.1") for number in range(7)}
    groups = [[path.stem for path in group] for group in split_by_kind(kinds, 2)]

    assert groups == [["0", "1"], ["2", "3"], ["4", "5"], ["6"]]


def test_somebody_else_who_delivers_is_waited_for_and_given_up(box, monkeypatch):
    monkeypatch.setattr("calcinet.delivery.outbox.QUIET_S", 0.05)
    monkeypatch.setattr("calcinet.delivery.outbox.LONGEST_WAIT_S", 0.4)
    where, said = destination("http://127.0.0.1:9/x"), []
    box.put(capture(40), where)
    with box.locked(where):
        done = deliver(box, where, say=said.append)

    assert (done.sent, done.waiting) == (0, 1)
    assert "somebody else has been delivering" in done.because
    assert len(said) == 1


def test_lock_that_cannot_be_opened_is_told_as_the_reason(box):
    """So that a command goes on with other receivers."""
    where = destination("http://127.0.0.1:9/x")
    box.put(capture(40), where)
    (box.folder_of(where) / ".lock").mkdir()
    done = deliver(box, where)

    assert (done.sent, done.waiting) == (0, 1)
    assert "remove it" in done.because


def test_sound_object_that_no_library_foresees_waits(box, monkeypatch):
    """Whatever goes wrong with one, the next arrives."""
    with serve(reply_to_all) as service:
        where = destination(service.url)
        for seed in (40, 41):
            box.put(capture(seed), where)
        monkeypatch.setattr(
            Outbox, "remove", lambda self, path: {}[path] if KNOWN[0].decode() in str(path) else path.unlink()
        )
        done = deliver(box, where, attempts=1)

    assert (done.sent, done.waiting) == (1, 1)
    assert done.because == "it could not be sent (KeyError)"
