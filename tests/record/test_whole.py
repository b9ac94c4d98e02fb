"""The contract of record.json: its fields, its order, and that it reads back the same."""

import json

import pytest
from pydantic import ValidationError

from calcinet import weights_manifest
from calcinet.apps.about import RECORD_SCHEMA
from calcinet.record import (
    SCHEMA,
    Evidence,
    ImageRecord,
    ModelRecord,
    Posterior,
    Record,
    Summary,
)
from calcinet.text import Text, say
from tests.support import handmade
from tests.support.records import STRETCHES, course, image, record


def test_record_has_the_fields_of_the_contract_in_its_order():
    """The names of the contract's record.json; ours are options, breasts, calibre_cutoffs_mm, meanings and messages."""
    written = json.loads(record().to_json())
    ours = {"options", "breasts", "calibre_cutoffs_mm", "meanings", "messages"}

    assert [key for key in written if key not in ours] == [
        *("schema", "version", "model", "summary", "images", "clinical", "evidence", "differential", "advice", "files")
    ]
    assert written["schema"] == SCHEMA == RECORD_SCHEMA == "calcinet.record/1"


def test_written_record_reads_back_the_same():
    """Every number of the example has at most six digits but the wave of its vessel."""
    text = handmade.examination().to_json()

    assert Record.from_json(text).to_json() == text


def test_same_record_gives_the_same_bytes():
    """No clock, no chance, no order of a set."""
    assert handmade.examination().to_json() == handmade.examination().to_json()


def test_courses_read_back_the_same():
    """Of two stretches with a gap of 4 pixels, and of one alone; without a spacing the pixels remain."""
    courses = course("f3", "f1"), course("f2", length_mm=None, calcified_mm=None, side=None)
    whole = record(image(findings=STRETCHES, courses=courses))

    assert Record.from_json(whole.to_json()) == whole
    written = json.loads(whole.to_json())["images"][0]["courses"]
    assert written[0]["findings"] == ["f3", "f1"]
    assert written[0]["gaps"] == [[[9, 1], [13, 1]]]
    assert written[1]["length_mm"] is None


def test_a_record_from_before_courses_is_read():
    """The field is missing there."""
    written = json.loads(record(image(findings=STRETCHES)).to_json())
    del written["images"][0]["courses"]

    assert Record.from_json(json.dumps(written)).images[0].courses == ()


def test_two_images_cannot_share_an_id():
    """Masks are named by it."""
    with pytest.raises(ValidationError, match="ids must differ"):
        record(image(), image())


def test_record_cannot_be_changed():
    """What was examined stays what was examined."""
    with pytest.raises(ValidationError, match="frozen"):
        record().version = "2"


def test_no_prior_no_posterior():
    """The probability before the images is the user's to give."""
    with pytest.raises(ValidationError, match="needs a prior"):
        Evidence(posterior=Posterior(median=0.5, interval95=(0.2, 0.8)))


def test_detector_has_a_name():
    """`info` and every record say which detector it was."""
    assert weights_manifest.NAME
    assert weights_manifest.sha256() is None or len(weights_manifest.sha256()) == 64


def test_sentences_read_back_know_what_they_were_made_from():
    """On disk the message stands once beside the English; in memory it is in the sentence."""
    told = say("{count} nets over {area:.1f} cm2.", count=2, area=12.4)
    made = record().model_copy(update={"summary": Summary(sentences=(told, "A sentence of somebody else."))})

    written = json.loads(made.to_json())
    read = Record.from_json(made.to_json())

    assert list(written["messages"]) == ["2 nets over 12.4 cm2."]
    assert read == made
    assert isinstance(read.summary.sentences[0], Text)
    assert read.summary.sentences[0].values == {"count": 2, "area": 12.4}


@pytest.mark.parametrize(
    "name", ["../../secret", "/etc/passwd", "a/b", "..", ".", "", "a b", "a\\b", "img-1\n", ".hidden", "x" * 41]
)
def test_id_of_an_image_is_no_path(name):
    """It begins the names of files."""
    with pytest.raises(ValidationError):
        ImageRecord(id=name)


@pytest.mark.parametrize(
    "name",
    ["../victim.txt", "/etc/passwd", "masks/../../x", "javascript:alert(1)", "http://h/x", "", "a//b", "a/", "a\n"],
)
def test_file_of_a_record_lies_below_it(name):
    with pytest.raises(ValidationError):
        Record(version="1", model=ModelRecord(name="none"), files=(name,))


def test_files_that_are_written_are_names_of_a_record():
    names = ("report.html", "img-1.overlay.png", "masks/img-1.nii.gz", "photographs/photo-1.jpg", "bundle.fhir.json")

    assert Record(version="1", model=ModelRecord(name="none"), files=names).files == names
