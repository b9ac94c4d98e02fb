"""The sentences of a structured report: reasons instead of numbers, in its language."""

from calcinet.record import NotMeasured, Refusal
from calcinet.report.dicom.sr_words import spoken
from tests.support import handmade


def texts(record, language="en") -> list[tuple[str, str]]:
    """Code and text of every sentence."""
    items = spoken(record, language).ContentSequence
    return [(item.ConceptNameCodeSequence[0].CodeValue, item.TextValue) for item in items]


def test_what_was_not_measured_is_a_sentence_and_no_number():
    record = handmade.examination()
    image = record.images[0]
    missing = next(entry for entry in image.not_measured if entry.measure in image.measures)

    assert any(missing.measure in text and missing.because in text for _, text in texts(record))


def test_refused_image_is_named_with_its_reason():
    record = handmade.examination()
    refused = record.images[0].model_copy(
        update={
            "id": "img-2",
            "refused": Refusal(reason="the film is blank", code="blank"),
            "findings": (),
            "measures": {},
            "intervals95": {},
            "not_measured": (NotMeasured(measure="x_mm", because="y"),),
        }
    )
    record = record.model_copy(update={"images": (*record.images, refused)})

    assert ("REFUSED", "img-2: the film is blank") in texts(record)


def test_report_says_what_it_is_in_its_language():
    english = dict(texts(handmade.examination()))["STANDING"]
    chinese = dict(texts(handmade.examination(), "zh-Hant"))["STANDING"]

    assert "not a diagnosis" in english
    assert chinese != english
    assert not chinese.isascii()
