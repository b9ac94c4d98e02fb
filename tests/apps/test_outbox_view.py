"""The outbox object by object: what waits, what was refused and why, and what a person does about it."""

import json

import pytest

from calcinet.apps.outbox_view import describe_box, describe_one, drop_named, list_box, put_back, say_age, show_one
from calcinet.delivery import Outbox, deliver, destination
from calcinet.delivery.wholeness import read_instance
from calcinet.errors import BadInput
from tests.support.captures import capture
from tests.support.services import answer, serve

NOBODY = destination("http://127.0.0.1:9/dicom-web")
CONTENTS = [capture(21), capture(22)]
UIDS = [str(read_instance(content).uid) for content in CONTENTS]


@pytest.fixture
def box(tmp_path):
    """Two objects for an address where nobody is, tried once."""
    filled = Outbox(tmp_path / "outbox")
    for content in CONTENTS:
        filled.put(content, NOBODY)
    deliver(filled, NOBODY, attempts=1)
    return filled


def test_each_object_is_shown_with_age_tries_and_last_answer(box):
    head, *objects = list_box(box.folder)

    assert head.startswith(f"{NOBODY}: 2 objects waiting, 0.0 MB, the oldest for ")
    assert "tried once: the service does not answer" in head
    assert sorted(line.split(",")[0].strip() for line in objects) == sorted(UIDS)
    assert all("Secondary Capture Image" in line for line in objects)


def test_programs_read_the_same_and_when_it_was_tried(box):
    (told,) = json.loads(json.dumps(describe_box(box.folder)))["destinations"]

    assert {one["uid"] for one in told["waiting"]} == set(UIDS)
    assert told["refused"] == []
    assert all(one["tried"] == 1 and one["last"] >= one["since"][:10] for one in told["waiting"])


def test_what_is_refused_for_good_stands_apart_and_can_be_tried_again(tmp_path):
    """A service that answers 409 to everything; put back, the object waits, and its reason is gone."""
    filled = Outbox(tmp_path / "outbox")
    with serve(lambda _: answer("409 Conflict")) as service:
        where = destination(service.url)
        filled.put(CONTENTS[0], where)
        deliver(filled, where, attempts=1)

    told = list_box(filled.folder)
    assert told[0] == f"{where}: 1 object refused for good"
    assert told[1].endswith("the service refused it (HTTP 409)")
    assert "  last answer: the service refused it (HTTP 409)" in show_one(UIDS[0], filled.folder)
    assert put_back([UIDS[0]], None, filled.folder) == [str(where)]
    assert [one["refused"] for one in describe_one(UIDS[0], filled.folder)] == [False]
    assert filled.refused(where) == []


def test_one_object_is_dropped_and_the_other_stays(box):
    assert drop_named([UIDS[0]], None, box.folder) == ["1 object deleted from the outbox."]
    assert [path.stem for path in box.waiting(NOBODY)] == [UIDS[1]]


def test_object_that_is_not_there_is_said_before_anything_is_done(box):
    with pytest.raises(BadInput, match=r"1\.2\.3 is not in the outbox"):
        drop_named([UIDS[0], "1.2.3"], None, box.folder)
    assert len(box.waiting(NOBODY)) == 2


@pytest.mark.parametrize(("seconds", "told"), [(7300, "2 h"), (86_400, "1 d"), (59, "59 s"), (0, "0 s")])
def test_age_is_said_in_its_largest_unit(seconds, told):
    assert say_age(seconds) == told
