"""The segmentation of a film: its segments on the pixels of the film."""

from datetime import UTC, datetime

from calcinet.report.dicom.seg import seg_uid, segment_tracking, segmentation
from calcinet.report.dicom.segments import segments_of
from calcinet.report.edition import Edition
from tests.support import handmade

EDITION = Edition.of(handmade.examination(), when=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))


def test_every_segment_has_its_pixels_and_its_name():
    film = handmade.sourced()
    segments = segments_of(film.record, film.pixels.mask)
    made = segmentation(film, segments, EDITION)

    assert [int(frame.sum()) for frame in made.pixel_array] == [int(segment.pixels.sum()) for segment in segments]
    assert all(item.SegmentLabel.endswith(", left") for item in made.SegmentSequence)
    assert made.SOPInstanceUID == seg_uid(film, EDITION)


def test_a_film_that_states_a_part_of_a_place_in_space_is_written_without_it():
    """An orientation without a position is half a description of planes; the header itself keeps it.

    The object's rows and columns are those of the film, which viewers want said.
    """
    film = handmade.sourced()
    film.header.ImageOrientationPatient = [0, 1, 0, 0, 0, -1]
    made = segmentation(film, segments_of(film.record, film.pixels.mask), EDITION)
    shared = made.SharedFunctionalGroupsSequence[0]

    assert shared.PlaneOrientationSequence[0].ImageOrientationPatient == [1, 0, 0, 0, 1, 0]
    assert "FrameOfReferenceUID" not in made
    assert "PlanePositionSequence" not in made.PerFrameFunctionalGroupsSequence[0]
    assert film.header.ImageOrientationPatient == [0, 1, 0, 0, 0, -1]


def test_an_identifier_stays_while_film_kind_and_side_stay():
    film, other = handmade.sourced(), handmade.sourced(instance="1.2.3.5")
    vessel, net, _ = segments_of(film.record, film.pixels.mask)

    assert segment_tracking(vessel, film) == segment_tracking(vessel, handmade.sourced())
    assert len({segment_tracking(vessel, film), segment_tracking(net, film), segment_tracking(vessel, other)}) == 3


def test_the_same_marks_give_the_same_object():
    film = handmade.sourced()
    segments = segments_of(film.record, film.pixels.mask)
    first, second = (segmentation(film, segments, EDITION) for _ in range(2))

    assert first == second
