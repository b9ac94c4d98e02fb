"""Groups of measurements of a film: identifiers that stay, regions, and who measured."""

from datetime import UTC, datetime

import pytest

from calcinet.record import FindingRecord, ModelRecord
from calcinet.report.dicom.segments import segments_of
from calcinet.report.dicom.sr_groups import (
    evaluations,
    finding_groups,
    identified,
    image_group,
    rows_by_finding,
    segment_groups,
    sited,
    tracking_uids,
)
from calcinet.report.edition import Edition
from calcinet.report.quantities.codes import site_code
from tests.support import handmade, handmade_ct

WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
RECORD = handmade.examination()
EDITION = Edition.of(RECORD, when=WHEN)


def box(top: float, left: float):
    return ((top, left), (top, left + 20), (top + 20, left + 20))


def sourced(*findings, instance="1.2.3.4"):
    image = handmade.examined_image().model_copy(update={"findings": findings})
    return handmade.sourced(image, instance)


def test_tracking_stays_when_a_mark_moves_a_little_and_its_number_changes():
    before = tracking_uids(sourced(FindingRecord(id="f1", kind="net", outline=box(140, 140))))
    after = tracking_uids(
        sourced(
            FindingRecord(id="f1", kind="vessel", outline=box(140, 140)),
            FindingRecord(id="f2", kind="net", outline=box(143, 138)),
        )
    )

    assert before["f1"] == after["f2"]


@pytest.mark.parametrize(
    "other",
    [
        sourced(FindingRecord(id="f1", kind="vessel", outline=box(140, 140))),
        sourced(FindingRecord(id="f1", kind="net", outline=box(340, 140))),
        sourced(FindingRecord(id="f1", kind="net", outline=box(140, 140)), instance="1.2.3.5"),
    ],
    ids=["kind", "place", "film"],
)
def test_tracking_tells_kinds_places_and_films_apart(other):
    one = tracking_uids(sourced(FindingRecord(id="f1", kind="net", outline=box(140, 140))))

    assert one["f1"] != tracking_uids(other)["f1"]


def test_two_marks_in_one_place_have_two_identifiers():
    uids = tracking_uids(sourced(*(FindingRecord(id=f"f{n}", kind="focus", outline=box(10, 10)) for n in (1, 2, 3))))

    assert len(set(uids.values())) == 3


def test_a_film_is_said_to_be_read_by_a_network_of_these_weights_and_the_weighing_by_none():
    """Artificial Intelligence of CID 7162 and the digest on the groups of the film."""
    record = handmade.examination()
    record = record.model_copy(update={"model": ModelRecord(name="net", sha256=64 * "d")})
    image, issue = record.images[0], Edition.of(record, when=WHEN)
    of_film, of_weighing = identified(image, issue), identified(None, issue)

    assert [item.value.value for item in of_film if item.name.value == "111000"] == ["123110"]
    assert [item.value for item in of_film if item.name.value == "111002"] == ["weights_sha256=" + 64 * "d"]
    assert not {"111000", "111002"} & {item.name.value for item in of_weighing}


def test_every_measure_with_a_value_is_in_the_group_of_its_image():
    """A film is the source of its group; the slices of a CT are not named there one by one."""
    film, ct = handmade.sourced(), handmade_ct.sourced()
    numbers = {item.value for item in image_group(RECORD, film, EDITION).get_measurements()}
    image = film.record

    assert set(filter(None, image.measures.values())) <= numbers
    assert len(image_group(RECORD, film, EDITION).source_images) == 1
    assert len(image_group(handmade_ct.examination(), ct, EDITION).source_images) == 0


def test_an_outline_makes_a_region_and_a_finding_without_points_none():
    with_outline = FindingRecord(id="f1", kind="net", outline=box(10, 10))
    with_line = FindingRecord(id="f2", kind="vessel", polyline=((1.0, 1.0), (5.0, 5.0)))
    bare = FindingRecord(id="f3", kind="focus")
    film = sourced(with_outline, with_line, bare)
    record = RECORD.model_copy(update={"images": (film.record,)})
    regions = [getattr(group, "roi", None) for group in finding_groups(record, film, EDITION)]

    assert len(regions[0].value) == 4  # three corners, and the first again
    assert len(regions[1].value) == 2
    assert regions[2] is None


def test_each_segment_has_a_group_that_names_it_by_number():
    film = handmade.sourced()
    segments = segments_of(film.record, film.pixels.mask)
    groups = list(segment_groups(film, segments, EDITION))

    assert [segment.kind for segment in segments] == ["vessel", "net", "focus"]
    assert [group.tracking_identifier for group in groups] == [
        "img-1 all vessel L",
        "img-1 all net L",
        "img-1 all focus L",
    ]


def test_rows_are_gathered_by_finding_and_one_without_numbers_has_none():
    image = handmade.examined_image()
    bare = image.model_copy(update={"findings": (*image.findings, FindingRecord(id="f9", kind="focus"))})
    rows = rows_by_finding(bare, RECORD)

    assert list(rows) == ["f1", "f2", "f3", "f9"]
    assert {row.finding for row in rows["f1"]} == {"f1"}
    assert not any(row.value is not None for row in rows["f9"])


def test_class_layer_and_form_are_answers():
    """A vessel of a film has a class, a finding of a CT a form."""
    vessel = FindingRecord(id="f1", kind="vessel", calibre_class="small", compartment="muscle")
    lump = FindingRecord(id="f2", kind="focus", form="nodular", compartment="muscle")

    assert len(list(evaluations(vessel, on_ct=False))) == 2
    assert len(list(evaluations(lump, on_ct=True))) == 2


def test_a_part_that_no_concept_names_has_no_site():
    assert sited(None, "L") is None
    assert len(sited(site_code("lower leg"), None)) == 1
