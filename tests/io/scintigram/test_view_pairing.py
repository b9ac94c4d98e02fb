"""Two views of one scan in two files."""

import pytest

from calcinet.io import read_all
from tests.support.scintigrams import scan


def test_two_files_of_one_scan_are_one_image(written):
    """Anterior and posterior in files of their own, same study: one image of two views."""
    write = {
        view: written(f"{view}.dcm", scan((view,)), StudyInstanceUID="1.2.3") for view in ("anterior", "posterior")
    }
    images = read_all(list(write.values()))

    assert len(images) == 1
    assert images[0].emission.views == ("anterior", "posterior")
    assert images[0].emission.counts_stated == int(scan().pixels.sum())


def written_pair(written, *tags):
    """The two views with elements of their own."""
    views = ("anterior", "posterior")
    return [
        written(f"{view}.dcm", scan((view,)), StudyInstanceUID="1.2.3", **own)
        for view, own in zip(views, tags, strict=True)
    ]


@pytest.mark.parametrize(
    "second",
    [
        {"AcquisitionDate": "20260302", "AcquisitionTime": "001500"},
        {"AcquisitionDate": "20260301", "AcquisitionTime": "221500", "TimezoneOffsetFromUTC": "+0000"},
    ],
)
def test_midnight_and_another_zone_do_not_part_the_views(written, second):
    """From 23:50 at +02:00: 25 minutes later it is 00:15 of the next day there, and 22:15 in UTC."""
    zone = {"TimezoneOffsetFromUTC": "+0200"}
    first = zone | {"AcquisitionDate": "20260301", "AcquisitionTime": "235000"}

    assert len(read_all(written_pair(written, first, zone | second))) == 1


@pytest.mark.parametrize("clock", ["235000", None])
def test_views_of_two_days_are_two_scans(written, clock):
    """The same clock on the next day, and no clock on either."""
    days = [{"AcquisitionDate": day, "AcquisitionTime": clock} for day in ("20260301", "20260302")]

    assert len(read_all(written_pair(written, *days))) == 2


def test_views_of_different_studies_stay_apart(written):
    """The same two files of two studies are two images."""
    paths = [
        written(f"{v}.dcm", scan((v,)), StudyInstanceUID=f"1.2.{n}") for n, v in enumerate(("anterior", "posterior"))
    ]

    assert [image.emission.views for image in read_all(paths)] == [("anterior",), ("posterior",)]
