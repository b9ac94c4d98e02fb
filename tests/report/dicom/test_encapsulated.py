"""The report as encapsulated PDF."""

from datetime import UTC, datetime

import pytest

from calcinet.report.dicom.encapsulated import encapsulated_pdf
from calcinet.report.edition import Edition
from tests.support import handmade

EDITION = Edition.of(handmade.examination(), when=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))


@pytest.mark.parametrize(("paper", "stored"), [(b"%PDF-1", b"%PDF-1"), (b"%PDF-17", b"%PDF-17\0")])
def test_the_paper_is_stored_with_an_even_length(paper, stored):
    """PS3.5 7.1.1: an element has an even length; the length of the document stays its own."""
    made = encapsulated_pdf(paper, [handmade.sourced()], EDITION)

    assert made.EncapsulatedDocument == stored
    assert made.EncapsulatedDocumentLength == len(paper)


def test_it_lies_in_the_study_of_the_first_film_and_refers_to_all():
    made = encapsulated_pdf(b"%PDF-", [handmade.sourced(), handmade.sourced(instance="1.2.3.5")], EDITION)

    assert made.StudyInstanceUID == "1.2.3.2"
    assert [item.ReferencedSOPInstanceUID for item in made.SourceInstanceSequence] == ["1.2.3.4", "1.2.3.5"]
    assert made.BurnedInAnnotation == "NO"


def test_one_film_with_letters_in_its_pixels_is_enough_to_say_so():
    lettered = handmade.sourced(instance="1.2.3.5")
    lettered.header.BurnedInAnnotation = "YES"

    assert encapsulated_pdf(b"%PDF-", [handmade.sourced(), lettered], EDITION).BurnedInAnnotation == "YES"
