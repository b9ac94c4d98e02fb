"""Phantoms on disk, each with its truth beside it."""

import json
import shutil

import cv2
import numpy as np
import pytest

from calcinet.api import examine
from calcinet.apps.phantom import PhantomRequest, count_ct_bytes, tell_room
from calcinet.errors import MachineFault
from calcinet.io import read, read_all
from tests.support.command_line import run


def test_phantom_is_written_with_its_truth(tmp_path, capsys):
    """The label map has the size of the film; the net of the truth has a mesh."""
    assert run("phantom", "--seed", "4", "--net", "--vessels", "--anatomy", "hand", "-o", str(tmp_path)) == 0

    film = tmp_path / "phantom-4.dcm"
    assert capsys.readouterr().out.strip() == str(film)
    truth = json.loads((tmp_path / "truth" / "phantom-4.truth.json").read_text(encoding="utf-8"))
    mask = cv2.imread(str(tmp_path / "truth" / "phantom-4.truth.png"), cv2.IMREAD_UNCHANGED)
    assert list(mask.shape) == truth["shape"]
    assert set(np.unique(mask)) <= {0, 1, 2, 3}
    assert truth["nets"][0]["mesh_mm"] > 0
    assert len(truth["vessels"][0]["centre_line"]) == len(truth["vessels"][0]["diameter_mm"])
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")) == [
        *("phantom-4.dcm", "truth/phantom-4.truth.json", "truth/phantom-4.truth.png")
    ]
    assert [item.modality for item in read_all([tmp_path])] == ["DX"]


def test_phantom_that_is_there_is_not_replaced_unasked(tmp_path, capsys):
    """Other options, same seed: another film under the same name."""
    (tmp_path / "phantom-4.dcm").write_bytes(b"mine")

    assert run("phantom", "--seed", "4", "-o", str(tmp_path)) == 2
    assert "--force" in capsys.readouterr().err
    assert (tmp_path / "phantom-4.dcm").read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("mammogram", {"phantom-5.dcm", "phantom-5.truth.json", "phantom-5.truth.png"}),
        ("bone-scan", {"phantom-5.dcm", "phantom-5.truth.json"}),
    ],
)
def test_phantom_of_another_kind_is_written_with_its_truth(kind, written, tmp_path, capsys):
    """What a reader finds in the folder: the image, and what it holds."""
    assert run("phantom", "--kind", kind, "--seed", "5", "--vessels", "-o", str(tmp_path)) == 0

    assert {path.name for path in tmp_path.rglob("*.*")} == written
    assert read(tmp_path / "phantom-5.dcm").modality == {"mammogram": "MG", "bone-scan": "NM"}[kind]
    assert run("phantom", "--kind", kind, "--seed", "5", "-o", str(tmp_path)) == 2


def test_the_truth_of_a_bone_scan_is_what_is_measured_and_says_its_units(tmp_path, capsys):
    """A patchy lower leg: its 95 % interval, widened by 15 % for other pixels, holds the variation of the truth."""
    assert run("phantom", "--kind", "bone-scan", "--seed", "6", "--net", "-o", str(tmp_path)) == 0

    truth = json.loads((tmp_path / "truth" / "phantom-6.truth.json").read_text(encoding="utf-8"))
    (image,) = examine(tmp_path / "phantom-6.dcm").images
    low, high = image.intervals95["uptake.variation.lower_leg_L"]

    assert truth["variation_in_tissue"] == {"L lower leg": 0.35}
    assert low / 1.15 < truth["variation"]["L lower leg"] < 1.15 * high
    assert {name: told["unit"] for name, told in truth["definitions"].items()} == {
        "counts": "{counts}",
        "uptake_over_normal": "1",
        "variation_in_tissue": "1",
        "variation": "1",
    }


def test_phantom_of_a_ct_is_a_folder_of_slices_beside_its_truth(tmp_path, capsys):
    """A foot of 140 mm at 1 mm: its lesions lie within the volume."""
    assert run("phantom", "--kind", "ct", "--anatomy", "foot", "--seed", "1", "-o", str(tmp_path)) == 0

    image = read(tmp_path / "phantom-1")
    truth = json.loads((tmp_path / "truth" / "phantom-1.truth.json").read_text(encoding="utf-8"))

    assert image.pixels.shape == tuple(truth["shape"])
    assert truth["lesions"]
    assert all(0 <= lesion["centre"][0] < len(image.pixels) for lesion in truth["lesions"])
    assert run("phantom", "--kind", "ct", "--anatomy", "wing", "-o", str(tmp_path)) == 2
    assert run("phantom", "--kind", "sphinx", "-o", str(tmp_path)) == 2


@pytest.mark.parametrize("traps", [False, True])
def test_the_size_of_a_ct_is_known_before_it_is_drawn(tmp_path, traps, capsys):
    """Told on stderr; a little more than the slices take up."""
    words = ["--traps"] if traps else []
    assert run("phantom", "--kind", "ct", "--anatomy", "foot", *words, "--seed", "5", "-o", str(tmp_path)) == 0

    slices = list((tmp_path / "phantom-5").glob("*.dcm"))
    taken = sum(path.stat().st_size for path in slices)
    told = count_ct_bytes(PhantomRequest(kind="ct", anatomy="foot", traps=traps), 5)
    assert taken <= told <= 1.01 * taken
    assert f"{told / 1e6:.0f} MB will be written to {tmp_path}; " in capsys.readouterr().err


def test_a_ct_that_does_not_fit_is_refused_before_anything_is_written(tmp_path, capsys):
    """As many whole legs as this disk cannot hold."""
    request = PhantomRequest(kind="ct", anatomy="leg")
    seeds = [1] * 20
    free = shutil.disk_usage(tmp_path).free
    seeds *= 1 + free // (count_ct_bytes(request, 1) * 20)

    with pytest.raises(MachineFault, match=r"will be written to .*are free there: make room"):
        tell_room(request, seeds, tmp_path / "new" / "ct")
    assert list(tmp_path.iterdir()) == []
    assert tell_room(PhantomRequest(), seeds, tmp_path) is None


@pytest.mark.parametrize(
    ("kind", "words", "named"),
    [
        ("film", ["--anatomy", "hand"], {"diameter_mm", "calcified_length_mm", "mesh_mm"}),
        ("mammogram", [], {"diameter_mm", "calcified_length_mm"}),
        ("bone-scan", [], {"uptake_over_normal", "variation", "counts"}),
        ("ct", ["--anatomy", "foot"], {"volume_mm3", "volumes_mm3", "length_mm", "calcified_length_mm", "calibre_mm"}),
    ],
)
def test_every_truth_says_what_its_numbers_mean(kind, words, named, tmp_path):
    """Volume, length, calibre and patchiness each with a unit and a sentence, so that nobody guesses."""
    assert run("phantom", "--kind", kind, *words, "--seed", "7", "-o", str(tmp_path)) == 0

    truth = json.loads((tmp_path / "truth" / "phantom-7.truth.json").read_text(encoding="utf-8"))

    assert named <= set(truth["definitions"])
    assert all(one["unit"] and len(one["means"]) > 10 for one in truth["definitions"].values())
