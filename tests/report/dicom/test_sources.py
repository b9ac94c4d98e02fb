"""Which examined images came from DICOM objects."""

from calcinet.report.dicom.sources import find_sources
from tests.support import handmade, handmade_ct


def test_a_picture_has_no_source_and_a_film_its_header(pixels):
    with_header = handmade.examined(pixels.plane, pixels.mask, handmade.header("1.2.9"))
    record = handmade.examination()

    assert find_sources(record, {"img-1": pixels}) == {}
    assert find_sources(record, {"img-1": with_header})["img-1"].origin.instance == "1.2.9"


def test_a_ct_whose_slices_do_not_match_keeps_the_header_of_one():
    """Slices the other way round."""
    headers = handmade_ct.slices()[::-1]
    (source,) = find_sources(handmade_ct.examination(), {"img-1": handmade_ct.examined(headers)}).values()

    assert source.slice_headers == ()
    assert source.header is headers[0]


def test_anonymous_sources_name_nobody():
    headers = handmade_ct.slices()
    images = {"img-1": handmade_ct.examined(headers)}
    (source,) = find_sources(handmade_ct.examination(), images, anonymous=True).values()

    assert len(source.slice_headers) == 80
    assert not source.header.PatientName
    assert not any(header.PatientID for header in source.slice_headers)
    assert headers[0].PatientName == "Quackenbush^Jane"
