"""Files on disk: all of them or nothing, and nobody else's touched."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from calcinet.errors import BadInput, MachineFault, Unreadable
from calcinet.examined import LoadedImage
from calcinet.image import Image
from calcinet.io import read
from calcinet.io.radiograph.own_picture import require_foreign
from calcinet.record import Record
from calcinet.report import workshop
from calcinet.report.documents import Wanted
from calcinet.report.write import write_examination
from tests.support import handmade
from tests.support.paths import ROOT
from tests.support.small_disk import small_disk


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "deep" / "out"


def write(folder, pixels, record=None, **options) -> Record:
    record = record or handmade.examination()
    images = {image.id: pixels for image in record.examined}
    wanted = Wanted(**{name: options.pop(name) for name in ("formats", "language") if name in options})
    return write_examination(record, images, folder, wanted, **options)


def files_under(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_everything_is_written_and_listed_in_the_record(folder, pixels):
    """One film, one refused image without pictures."""
    written = write(folder, pixels)
    on_disk = json.loads((folder / "record.json").read_text(encoding="utf-8"))

    assert (
        files_under(folder)
        == set(written.files)
        == set(on_disk["files"])
        == {"record.json", "masks/img-1.png", "report.html", "report.pdf", "img-1.overlay.png", "measures.csv"}
    )


def test_marked_picture_is_no_film(folder, pixels):
    """Its marks would be examined with it; the same pixels that name no maker pass."""
    write(folder, pixels, formats=["png"])
    marked = folder / "img-1.overlay.png"
    _, unsigned = cv2.imencode(".png", cv2.imread(str(marked)))

    with pytest.raises(Unreadable, match="marks that calcinet drew") as refused:
        read(marked)
    assert refused.value.code == "own-results"
    require_foreign(unsigned.tobytes())


def test_mask_reads_back_as_the_label_map(folder, pixels):
    """8 bits, the size of the film, values 0 to 3."""
    write(folder, pixels, formats=["json"])
    mask = cv2.imread(str(folder / "masks" / "img-1.png"), cv2.IMREAD_UNCHANGED)

    assert mask.dtype == np.uint8
    assert np.array_equal(mask, pixels.mask)


def test_record_and_masks_come_with_every_format(folder, pixels):
    """Nothing but the table was asked for."""
    write(folder, pixels, formats=["csv"])

    assert files_under(folder) == {"record.json", "masks/img-1.png", "measures.csv"}


def test_all_refused_leaves_the_record_alone(folder, pixels):
    """It holds the reasons only."""
    write(folder, pixels, handmade.nothing_examined())

    assert files_under(folder) == {"record.json"}


def test_same_examination_gives_the_same_bytes(tmp_path, pixels):
    """No clock anywhere."""
    for name in ("a", "b"):
        write(tmp_path / name, pixels)

    assert all(
        (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
        for name in files_under(tmp_path / "a")
    )


def test_earlier_examination_is_replaced_as_a_whole(folder, pixels):
    """The page of the first run does not outlive it."""
    write(folder, pixels, attachments={"film/a.dcm": b"film"})
    write(folder, pixels, formats=["json"])

    assert files_under(folder) == {"record.json", "masks/img-1.png"}
    assert [path.name for path in folder.parent.iterdir()] == ["out"]


def test_folder_with_other_files_is_refused(folder, pixels):
    """A thesis is not ours to overwrite."""
    folder.mkdir(parents=True)
    (folder / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(BadInput, match="holds 1 file that calcinet did not write") as refusal:
        write(folder, pixels)

    assert files_under(folder) == {"thesis.txt"}
    assert "thesis" not in str(refusal.value)


def test_file_added_to_an_earlier_examination_is_not_lost(folder, pixels):
    """The record does not list it."""
    write(folder, pixels)
    (folder / "masks" / "notes.txt").write_text("look again", encoding="utf-8")

    with pytest.raises(BadInput, match="holds 1 file that"):
        write(folder, pixels)


def test_force_writes_among_other_files_and_keeps_them(folder, pixels):
    """Only what calcinet wrote before goes."""
    write(folder, pixels)
    (folder / "notes.txt").write_text("look again", encoding="utf-8")
    write(folder, pixels, formats=["json"], force=True)

    assert files_under(folder) == {"record.json", "masks/img-1.png", "notes.txt"}


def test_record_of_another_program_does_not_make_a_folder_ours(folder, pixels):
    """Any program may write a record.json."""
    folder.mkdir(parents=True)
    (folder / "record.json").write_text('{"files": ["record.json"]}', encoding="utf-8")

    with pytest.raises(BadInput, match="did not write"):
        write(folder, pixels)


@pytest.mark.parametrize("entry", ["../private.txt", "masks/../../private.txt", "{outside}", "away/private.txt", 7])
def test_record_cannot_name_files_outside_its_folder(folder, pixels, entry):
    """Up, up from within, absolute, through a link, no name at all: with --force only what lies in the folder goes."""
    write(folder, pixels)
    outside = folder.parent / "private.txt"
    outside.write_text("not ours", encoding="utf-8")
    (folder / "away").symlink_to(folder.parent, target_is_directory=True)
    (folder / "notes.txt").write_text("look again", encoding="utf-8")
    forged = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    forged["files"].append(entry.format(outside=outside) if isinstance(entry, str) else entry)
    (folder / "record.json").write_text(json.dumps(forged), encoding="utf-8")
    write(folder, pixels, formats=["json"], force=True)

    assert outside.read_text(encoding="utf-8") == "not ours"
    assert files_under(folder) == {"record.json", "masks/img-1.png", "notes.txt"}


@pytest.mark.parametrize("files", [["../record.json"], ["/record.json"], ["C:\\record.json"], ["..\\record.json"]])
def test_record_that_names_only_files_elsewhere_does_not_make_a_folder_ours(folder, pixels, files):
    """Nothing in it is trusted, on any system."""
    folder.mkdir(parents=True)
    record = {"schema": "calcinet.record/1", "files": files}
    (folder / "record.json").write_text(json.dumps(record), encoding="utf-8")

    with pytest.raises(BadInput, match="holds 1 file that"):
        write(folder, pixels)


def test_a_pipe_called_like_the_record_is_not_waited_for(folder, pixels):
    """Nobody writes into it."""
    folder.mkdir(parents=True)
    os.mkfifo(folder / "record.json")

    with pytest.raises(BadInput, match="1 file that calcinet did not write"):
        write(folder, pixels)


@pytest.mark.parametrize("brackets", [100_000, 3])
def test_what_is_called_like_the_record_and_cannot_be_read_is_someone_elses(folder, pixels, brackets):
    """As deep as no reader goes, or broken."""
    folder.mkdir(parents=True)
    (folder / "record.json").write_text(brackets * "[", encoding="utf-8")

    with pytest.raises(BadInput, match="1 file that calcinet did not write"):
        write(folder, pixels)


def test_what_is_written_has_the_rights_of_any_new_folder(folder, pixels):
    """And later those of the one that it replaces."""
    (folder.parent / "plain").mkdir(parents=True)
    write(folder, pixels, formats=["json"])
    assert folder.stat().st_mode == (folder.parent / "plain").stat().st_mode

    folder.chmod(0o710)
    write(folder, pixels, formats=["json"])
    assert stat.S_IMODE(folder.stat().st_mode) == 0o710
    assert {path.name for path in folder.parent.iterdir()} == {"out", "plain"}


@pytest.mark.parametrize("kind", ["empty folder", "link to a folder", "broken link"])
def test_folders_and_links_of_someone_else_are_not_removed(folder, pixels, kind, tmp_path):
    """They are no files, but somebody put them there."""
    write(folder, pixels, formats=["json"])
    put = folder / "his"
    if kind == "empty folder":
        put.mkdir()
    else:
        put.symlink_to(tmp_path if kind == "link to a folder" else tmp_path / "nowhere")
    with pytest.raises(BadInput, match="holds 1 file that calcinet did not write"):
        write(folder, pixels, formats=["json"])
    write(folder, pixels, formats=["json"], force=True)

    assert os.path.lexists(put)


def test_link_as_output_is_followed(folder, pixels, tmp_path):
    """To a folder that is there, and to one that is not yet; it stays a link."""
    folder.parent.mkdir()
    folder.symlink_to(tmp_path / "elsewhere")
    write(folder, pixels, formats=["json"])
    write(folder, pixels, formats=["json"])

    assert folder.is_symlink()
    assert files_under(tmp_path / "elsewhere") == {"record.json", "masks/img-1.png"}


def test_the_root_of_all_folders_is_refused(pixels):
    """Before it is looked through."""
    with pytest.raises(BadInput, match="is the root of all folders"):
        write(Path("/"), pixels, force=True)


def test_folder_where_a_shell_stands_stays_the_same_folder(folder, pixels, monkeypatch):
    """Replaced, the shell would stand in one that is gone."""
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    before = folder.stat().st_ino
    for _ in range(2):
        write(Path(), pixels, formats=["json"])

    assert folder.stat().st_ino == before
    assert {path.name for path in folder.iterdir()} == {"record.json", "masks"}
    assert {path.name for path in folder.parent.iterdir()} == {"out"}


@pytest.mark.parametrize("clash", ["masks", "record.json/notes.txt"])
def test_file_and_folder_of_one_name_are_told_before_anything_moves(folder, pixels, clash):
    """A file where a folder is needed, and the reverse: his files stay, and there is nothing of ours."""
    (folder / clash).parent.mkdir(parents=True)
    (folder / clash).write_text("his", encoding="utf-8")
    with pytest.raises(MachineFault, match="a file and a folder have one name"):
        write(folder, pixels, formats=["json"], force=True)

    assert files_under(folder) == {clash}
    assert {path.name for path in folder.parent.iterdir()} == {"out"}


@pytest.mark.parametrize("among", ["nothing", "foreign"])
def test_killed_at_any_step_the_old_or_the_new_result_is_whole(tmp_path, among):
    """Before each folder that is made, file that is opened, renamed or removed; after the next run nothing is left."""
    command = [sys.executable, "-m", "tests.support.killed_at_each_step", str(tmp_path), among]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) > 20


def test_file_in_the_place_of_the_folder_is_refused(tmp_path, pixels):
    """There is nothing to write into."""
    (tmp_path / "out").write_text("", encoding="utf-8")

    with pytest.raises(BadInput, match="is a file"):
        write(tmp_path / "out", pixels)


def test_failure_half_way_leaves_nothing(folder, pixels):
    """The film has no pixels any more, so that drawing fails."""
    empty = Image(np.zeros((1, 0, 0), np.float32), None, "1")
    broken = pixels.read_from(LoadedImage(empty))
    with pytest.raises(Exception, match=r"(?s)."):
        write(folder, broken)

    assert not folder.exists()
    assert not folder.parent.exists() or list(folder.parent.iterdir()) == []


@pytest.mark.parametrize("most", [5000, 100_000])
def test_disk_that_fills_up_leaves_the_earlier_result(folder, pixels, monkeypatch, most):
    """Whichever file it is that has no room any more: the label map, or the page."""
    write(folder, pixels)
    before = {name: (folder / name).read_bytes() for name in files_under(folder)}
    monkeypatch.setattr(workshop, "LEAST_BYTES", 10)
    with small_disk(most), pytest.raises(MachineFault, match=f"{folder} takes no file of this size"):
        write(folder, pixels, handmade.examination().model_copy(update={"version": "9"}))

    assert {name: (folder / name).read_bytes() for name in files_under(folder)} == before
    assert [path.name for path in folder.parent.iterdir()] == ["out"]


@pytest.mark.parametrize("formats", [["doc"], ["json", "hl7"]])
def test_format_that_is_not_there_is_refused(folder, pixels, formats):
    """The message names those that are."""
    with pytest.raises(BadInput, match="the formats are: json, html, pdf, png, csv"):
        write(folder, pixels, formats=formats)
