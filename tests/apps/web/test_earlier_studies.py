"""Earlier studies that lie beside a study: compared, or said why not; the new record goes out in any case."""

import json
from datetime import date

import pytest

from calcinet.apps.web.data_folder import DataFolder
from calcinet.apps.web.earlier_studies import (
    BEGUN,
    DAY,
    OBJECTS,
    add_sentences,
    compare_with_earlier,
    is_of_this_version,
    read_told,
    write_told,
)
from calcinet.record import Timeline
from calcinet.text import say
from tests.support import handmade


@pytest.fixture
def data(tmp_path):
    folder = DataFolder(tmp_path)
    folder.make()
    return folder


@pytest.fixture
def study(data):
    found = data.study("0123456789abcdef")
    found.earlier.mkdir(parents=True)
    return found


def measure(day, area_mm2, **image):
    """The hand-made record, of another day, with its calcified area."""
    made = handmade.examination()
    told = {"on": day, "sha256": day.replace("-", "").ljust(64, "0"), "laterality": "L", "anatomy": "lower leg"}
    only = made.images[0]
    measures = {**only.measures, "calcified_area_mm2": area_mm2}
    return made.model_copy(update={"images": (only.model_copy(update={**told, "measures": measures, **image}),)})


def lay(study, name, day, record=None):
    place = study.earlier / name
    (place / OBJECTS).mkdir(parents=True)
    (place / DAY).write_text(day)
    if record is not None:
        (place / "record.json").write_text(record.to_json())
    return place


def test_change_since_an_earlier_study_is_told_and_laid_beside_the_report(data, study):
    """From 500 to 3,000 mm2: the logarithm of 6 is beyond what the area of a film varies by."""
    lay(study, "a", "2024-05-01", measure("2024-05-01", 500.0))
    compared = compare_with_earlier(data, study, measure("2026-06-01", 3000.0), "en")

    assert compared.sentences[0] == "Compared with earlier studies out of the archive, of 1 May 2024."
    assert any("up" in one and "500" in one and "3,000" in one for one in compared.sentences)
    assert len(Timeline.model_validate_json(compared.files["timeline.json"]).records) == 2
    assert b"<html" in compared.files["timeline.html"]


def test_study_that_cannot_be_of_the_same_course_is_left_out_with_its_reason_and_the_others_stay(data, study):
    """Of the right leg, without a pixel; the older one is of the left."""
    lay(study, "a", "2024-05-01", measure("2024-05-01", 500.0))
    lay(study, "b", "2025-05-01", measure("2025-05-01", 100.0, laterality="R"))
    compared = compare_with_earlier(data, study, measure("2026-06-01", 3000.0), "en")

    assert "of 1 May 2024." in compared.sentences[0]
    assert any(one.startswith("Not compared with the study of 1 May 2025") for one in compared.sentences)


def test_files_that_are_no_images_and_one_that_ended_its_worker_are_sentences(data, study):
    place = lay(study, "a", "2024-05-01")
    (place / OBJECTS / "1.2.dcm").write_bytes(b"no object")
    (lay(study, "b", "2023-05-01") / BEGUN).touch()
    write_told(study.earlier, [say("The archive names no earlier study of {day}.", day=date(2022, 1, 1))])
    compared = compare_with_earlier(data, study, measure("2026-06-01", 3000.0), "en")

    assert compared.sentences[0] == "The archive names no earlier study of 1 January 2022."
    assert compared.sentences[1].startswith("Not compared with the study of 1 May 2024")
    assert "broken off" in compared.sentences[2]
    assert not compared.files


def test_sentences_survive_the_disk_so_that_they_can_be_said_in_another_language(study):
    told = [say("The archive names no earlier study of {day}.", day=date(2022, 1, 1))]
    write_told(study.earlier, told)
    record = add_sentences(measure("2026-06-01", 1.0), read_told(study.earlier))

    assert read_told(study.earlier) == told
    assert told[0] in json.loads(record.to_json())["messages"]


def test_record_of_another_version_is_measured_again():
    record = json.loads(handmade.examination().to_json())
    from calcinet.version import __version__
    from calcinet.weights_manifest import sha256

    own = {**record, "version": __version__, "model": {"name": "x", "sha256": sha256()}}

    assert is_of_this_version(own)
    assert not is_of_this_version({**own, "version": "0.0.1"})
    assert not is_of_this_version({**own, "model": {"name": "x", "sha256": "0" * 64}})
