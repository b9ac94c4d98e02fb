"""A first look at the files of a call."""

from calcinet.image import Image
from calcinet.io import read_all
from calcinet.io.file_sources import expand
from calcinet.io.inspection import Inspector
from calcinet.io.options import Options


def test_same_film_twice_is_examined_once(folder):
    """A copy adds no evidence."""
    results = read_all([folder / "film1.png", folder / "film1.png"])

    assert isinstance(results[0], Image)
    assert results[1].code == "duplicate"


def test_progress_counts_to_the_end(folder):
    """Three films, three calls."""
    steps = []
    read_all([folder], progress=lambda done, total: steps.append((done, total)))

    assert steps == [(1, 3), (2, 3), (3, 3)]


def test_files_are_numbered_by_study_and_doubles_by_their_bytes(dicom):
    """Studies A, B, A, none, and the first file again: 1, 2, 1, None, and a copy."""
    paths = []
    for number, study in enumerate(("1.2.3", "1.2.4", "1.2.3", None)):
        paths.append(dicom(f"{number}.dcm", StudyInstanceUID=study, InstanceNumber=number))
    inspector = Inspector(Options())
    inspector.inspect_all(expand([*paths]), None)
    inspector.inspect_all(expand([paths[0]]), None)

    assert [file.examination for file in inspector.files[:4]] == [1, 2, 1, None]
    assert [file.is_copy for file in inspector.files] == [False] * 4 + [True]
    assert inspector.files[4].refusal.code == "duplicate"


def test_a_file_that_cannot_be_loaded_is_refused_and_the_next_is_looked_at(picture, grey):
    """The first is gone by the time that it is looked at."""
    first, second = picture(grey, "1.png"), picture(grey[1:], "2.png")
    found = expand([first, second])
    first.unlink()
    inspector = Inspector(Options())
    inspector.inspect_all(found, None)

    assert inspector.files[0].refusal.code == "cannot-open"
    assert (inspector.files[1].refusal, inspector.files[1].suffix) == (None, ".png")
