"""A correction begins with what was found before, and gives what a whole examination would."""

import json

import pytest

from calcinet.api import examine_with_images
from calcinet.apps.web.data_folder import StudyFolder
from calcinet.apps.web.edits import Edit, Edits, collect_corrections, write_edits
from calcinet.apps.web.kept_groundwork import read_groundwork, write_groundwork
from calcinet.apps.web.kept_images import KeptOnDisk
from calcinet.findings.mammogram import finder as mammogram_finder
from calcinet.findings.radiograph import finder
from calcinet.io import read_all
from calcinet.measure.calibre.classes import DEFAULT_CLASSES
from calcinet.protocols import correct_image
from calcinet.protocols.tracking import take_over, track_findings

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("server")]


class Sought(AssertionError):
    """The film was searched once more."""


@pytest.fixture
def no_search(monkeypatch):
    """Whoever searches a film fails."""

    def search(*given, **options):
        raise Sought

    monkeypatch.setattr(finder, "radiograph_maps", search)
    monkeypatch.setattr(mammogram_finder, "calcium_maps", search)


def edit(finding: str, action: str, **more) -> Edit:
    """What a reader says of a finding of the first image."""
    return Edit(image="img-1", finding=finding, action=action, why="a seam", who="ng", at="", **{"kind": None} | more)


@pytest.fixture(scope="module")
def kept(tmp_path_factory, make_film):
    """The folder of a study of one film that was examined, and its record."""
    folder = StudyFolder(tmp_path_factory.mktemp("kept"))
    folder.given.mkdir()
    (folder.given / "film.dcm").write_bytes(make_film(1))
    record, _ = examine(folder)
    return folder, record.images[0]


def examine(folder):
    """Record and marks, with what is kept of the study."""
    return examine_with_images(folder.given, kept=KeptOnDisk(folder, {}, lambda image: None))


def test_correction_is_that_of_a_whole_examination(kept, request):
    """One vessel is rejected, another called other calcium, one is drawn and split: with the groundwork kept the record
    is that of a program that knows nothing of the film."""
    folder, found = kept
    vessels = [finding.id for finding in found.findings_of("vessel")]
    rows, columns = found.shape
    line = ((rows * 0.3, columns * 0.5), (rows * 0.5, columns * 0.45))
    made = [
        edit(vessels[0], "reject"),
        edit(vessels[-1], "relabel", kind="focus"),
        edit("f90", "add", kind="vessel", points=line),
        edit("f90", "split", points=((rows * 0.4, columns * 0.47),), other="f91"),
    ]
    image = read_all([folder.given])[0]
    edits = collect_corrections(made, "img-1")
    whole, marked = correct_image(image, found, DEFAULT_CLASSES, edits)
    write_edits(folder, Edits(tuple(made)))
    request.getfixturevalue("no_search")
    record, marks = examine(folder)

    assert len(vessels) > 1
    assert {"f90", "f91"} <= {finding.id for finding in whole.findings_of("vessel")}
    assert {correction.by for correction in whole.corrections} == {"ng"}
    assert record.images[0] == track_findings(take_over(whole, found, {one.id: one.id for one in found.findings}))
    before = {finding.id: finding.tracking_uid for finding in found.findings}
    assert all(before[one.id] == one.tracking_uid for one in record.images[0].findings if one.id in before)
    assert (marks["img-1"].mask == marked.mask).all()


def test_groundwork_is_small_and_of_one_version(kept, monkeypatch):
    """What another version wrote nobody knows the meaning of: it is sought once more."""
    path = kept[0].kept / "img-1" / "groundwork.npz"

    assert path.stat().st_size < 2**20
    assert read_groundwork(path) is not None
    monkeypatch.setattr("calcinet.apps.web.kept_groundwork.__version__", "0.0.1")
    assert read_groundwork(path) is None


def test_groundwork_that_is_no_file_of_ours_is_sought_again(tmp_path):
    path = tmp_path / "groundwork.npz"
    path.write_bytes(b"PK no more")

    assert read_groundwork(path) is None
    assert read_groundwork(tmp_path / "none") is None


def test_large_groundwork_is_not_kept(kept, tmp_path, monkeypatch):
    groundwork = read_groundwork(kept[0].kept / "img-1" / "groundwork.npz")
    monkeypatch.setattr("calcinet.apps.web.kept_groundwork.MOST_BYTES", 1000)
    write_groundwork(tmp_path / "groundwork.npz", groundwork)

    assert list(tmp_path.iterdir()) == []


def test_film_can_be_seen_before_it_is_searched(tmp_path, make_film, no_search):
    """Its pixels are there for a viewer, whatever becomes of the search."""
    folder = StudyFolder(tmp_path)
    folder.given.mkdir()
    (folder.given / "film.dcm").write_bytes(make_film(1))
    with pytest.raises(Sought):
        examine(folder)
    head = json.loads((folder.view / "img-1" / "view.json").read_bytes())

    assert head["modality"] == "DX"
    assert head["spacing_mm"] is not None
    assert (folder.view / "img-1" / "plane.u16").stat().st_size == 2 * head["rows"] * head["columns"]
