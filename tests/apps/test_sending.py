"""Sending on the command line, as far as no receiver is needed."""

import pytest

from calcinet.apps.console import Exit
from calcinet.apps.sending import describe_shortfall, find_objects, list_waiting, send_objects
from calcinet.delivery import Delivered, destination
from calcinet.errors import BadInput

NOBODY = destination("http://127.0.0.1:9/dicom-web")

DICOM = bytes(128) + b"DICM"
"""How a DICOM file begins: 128 bytes of anything, then four letters."""


def test_objects_are_found_by_their_first_bytes_and_not_by_their_names(tmp_path):
    """Of three files one begins as DICOM does; it has no ending."""
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "object").write_bytes(DICOM)
    (tmp_path / "named.dcm").write_bytes(b"text")
    (tmp_path / "short").write_bytes(b"DICM")

    assert find_objects([tmp_path]) == [tmp_path / "inside" / "object"]


def test_a_folder_without_objects_is_refused(tmp_path):
    with pytest.raises(BadInput, match="no DICOM object there"):
        find_objects([tmp_path])


def test_nothing_is_sent_without_a_destination(tmp_path):
    (tmp_path / "object.dcm").write_bytes(DICOM)

    with pytest.raises(BadInput, match="--to"):
        send_objects([tmp_path], None, tmp_path / "outbox")


def test_an_empty_outbox_is_no_failure(tmp_path, capsys):
    assert send_objects([], None, tmp_path / "outbox") is Exit.DONE
    assert capsys.readouterr().out == "Nothing waits in the outbox.\n"
    assert list_waiting(tmp_path / "outbox") == ["Nothing waits in the outbox."]


def test_what_was_not_delivered_is_counted_with_its_reason():
    """One object is one object, two are objects."""
    done = Delivered(sent=1, waiting=2, refused=1, because="no answer", refusals=("object 1.2: too large",))
    waits, refused, which = describe_shortfall(done, NOBODY)

    assert waits.startswith(f"2 objects for {NOBODY} still in the outbox: no answer.")
    assert refused.startswith(f"1 object refused by {NOBODY}")
    assert which == "object 1.2: too large"
    assert describe_shortfall(Delivered(sent=3, waiting=0, refused=0, because=""), NOBODY) == []
