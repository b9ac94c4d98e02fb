"""Two views of one scan in two files."""

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


def test_views_of_different_studies_stay_apart(written):
    """The same two files of two studies are two images."""
    paths = [
        written(f"{v}.dcm", scan((v,)), StudyInstanceUID=f"1.2.{n}") for n, v in enumerate(("anterior", "posterior"))
    ]

    assert [image.emission.views for image in read_all(paths)] == [("anterior",), ("posterior",)]
