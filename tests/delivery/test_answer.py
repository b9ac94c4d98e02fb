"""What an answer of STOW-RS says about one object, in JSON and XML, sound and odd."""

import json

import pytest

from calcinet.delivery.answer import Answer, read_answer
from tests.support.services import failed, stored

UID = "1.2.840.1.7"

XML = """<?xml version="1.0"?><NativeDicomModel xmlns="http://dicom.nema.org/PS3.19/models/NativeDICOM">
<DicomAttribute tag="{tag}" vr="SQ"><Item number="1">
<DicomAttribute tag="00081155" vr="UI"><Value number="1">{uid}</Value></DicomAttribute>
<DicomAttribute tag="00081197" vr="US"><Value number="1">{reason}</Value></DicomAttribute>
</Item></DicomAttribute></NativeDicomModel>"""


def xml(tag: str, uid: str = UID, reason: str = "") -> bytes:
    return XML.format(tag=tag, uid=uid, reason=reason).encode()


@pytest.mark.parametrize(
    "body", [stored(UID), b"[" + stored(UID) + b"]", b"\xef\xbb\xbf\n" + stored(UID), xml("00081199")]
)
def test_object_that_was_stored(body):
    """In an object, in a list of one, behind a mark of byte order, in XML."""
    assert read_answer(body, UID) == Answer(stored=True)


@pytest.mark.parametrize("body", [failed(UID, 0x0122), failed(UID, "290"), xml("00081198", reason="290")])
def test_object_that_failed_has_its_reason(body):
    """0x0122 is 290."""
    assert read_answer(body, UID) == Answer(failed=True, reason=0x0122)


@pytest.mark.parametrize("reason", ["no number", None, {}, [], -1, 0, 1.5, 1e300, 70000, "١٢"])
def test_reason_that_is_no_number_is_not_known(reason):
    answer = read_answer(failed(UID, reason), UID)

    assert answer.failed
    assert answer.reason in (None, 12)  # digits of another script are digits


def test_object_that_stands_in_both_lists_has_failed():
    both = json.loads(stored(UID)) | json.loads(failed(UID, 0x0122))

    assert read_answer(json.dumps(both).encode(), UID).failed


@pytest.mark.parametrize(
    "body", [stored("1.2.840.1.8"), stored(UID + "0"), failed("1.2.840.1.8", 272), xml("00081199", "1")]
)
def test_answer_about_another_object_says_nothing(body):
    assert read_answer(body, UID) == Answer()


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b" ", b"null", b"7", b'"text"', b"[]", b"[[]]", b"[1, null]", b"{}", b"{", b"\xff\xfe", b"\0" * 9),
        *(b"[" * 100_000, b'{"a":' * 100_000, b"9" * 5000, b"<html><body>Welcome</body></html>", b"<a><b></a>"),
        *(b"<" * 9, b'{"00081199": 1}', b'{"00081199": {"Value": {}}}', b'{"00081199": {"Value": [1, null, []]}}'),
        b'{"00081199": {"Value": [{"00081155": {"Value": []}}]}}',
        b'{"00081199": {"Value": [{}]}}',
        b'{"00081199": {"Value": [{"00081155": {"Value": [null]}}]}}',
        b"<a>" * 20_000,
    ],
)
def test_answer_that_cannot_be_read_says_nothing(body):
    assert read_answer(body, UID) == Answer()


def test_entities_of_xml_are_not_resolved():
    """An entity that would give the identifier."""
    body = b'<!DOCTYPE a [<!ENTITY u "' + UID.encode() + b'">]>' + xml("00081199", "&u;").partition(b"?>")[2]

    assert read_answer(body, UID) == Answer()
