"""One edition of a record: the same content has the same identifiers, whenever it is written."""

from datetime import UTC, datetime, timedelta

import pytest
from pydicom.uid import UID

from calcinet.errors import BadInput
from calcinet.report.edition import Edition, derived_uid, derived_uuid, read_time

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


def test_identifiers_do_not_depend_on_the_time(record):
    now, later = (Edition.of(record, when=NOON + timedelta(hours=hours)) for hours in (0, 5))

    assert now.uid("seg") == later.uid("seg")
    assert now.uuid("seg") == later.uuid("seg")
    assert now.when != later.when


@pytest.mark.parametrize(
    "changes", [{"language": "zh-Hant"}, {"anonymous": True}], ids=["another language", "without days"]
)
def test_other_documents_have_other_identifiers(record, changes):
    assert Edition.of(record, when=NOON, **changes).uid("seg") != Edition.of(record, when=NOON).uid("seg")


def test_other_images_have_other_identifiers(record):
    image = record.images[0].model_copy(update={"sha256": 64 * "e"})
    other = record.model_copy(update={"images": (image,)})

    assert Edition.of(other, when=NOON).key != Edition.of(record, when=NOON).key


def test_identifier_is_a_dicom_uid_made_of_a_uuid():
    """PS3.5 B.2: root 2.25, then the UUID as a whole number; at most 64 characters."""
    uid = derived_uid("a", "b")

    assert uid == f"2.25.{derived_uuid('a', 'b').int}"
    assert UID(uid).is_valid
    assert derived_uuid("a", "b").version == 5
    assert derived_uuid("ab") != derived_uuid("a", "b")


def test_the_moment_of_writing_can_be_given(monkeypatch):
    """1,700,000,000 s after 1970 it was 14 November 2023, 22:13:20 UTC."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")

    assert read_time() == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


def test_without_a_given_moment_it_is_now(monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    before = datetime.now(UTC)

    assert before <= read_time() <= datetime.now(UTC)


@pytest.mark.parametrize("given", ["yesterday", "1.5", "9" * 30])
def test_a_moment_that_is_none_is_refused(monkeypatch, given):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)

    with pytest.raises(BadInput, match="SOURCE_DATE_EPOCH must be whole seconds since 1970"):
        read_time()
