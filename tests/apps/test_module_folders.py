"""calcinet as a module of other platforms: their folders, their variables, their notes."""

import json

import pytest
from pydicom import dcmread

from calcinet.apps import module_folders
from calcinet.apps.console import Exit
from calcinet.apps.module_folders import CONTRACTS, run_module
from calcinet.errors import BadInput
from calcinet.io import write_radiograph
from calcinet.phantoms.radiograph.limb import limb, random_spec


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A part of a film, named as mercure names what it hands over."""
    from dataclasses import replace

    folder = tmp_path_factory.mktemp("given")
    whole = limb(random_spec(3, net=True)).image
    write_radiograph(folder / "1.2.3#0001.dcm", replace(whole, pixels=whole.pixels[:, 300:620, :]))
    return folder


def test_mercure_gets_objects_and_a_note(study, tmp_path):
    """Nothing else lies there, for mercure sends on what it finds."""
    code = run_module("mercure", {"MERCURE_IN_DIR": str(study), "MERCURE_OUT_DIR": str(tmp_path)})
    names = {path.name for path in tmp_path.iterdir()}
    note = json.loads((tmp_path / "result.json").read_text())
    film = dcmread(next(study.iterdir()))

    assert code is Exit.DONE
    assert names >= {"report.sr.dcm", "img-1.sc.dcm", "report.pdf.dcm", "result.json"}
    assert all(name.endswith(".dcm") for name in names - {"result.json"})
    assert note["__mercure_notification"]["text"] == " ".join(note["summary"]["sentences"])
    assert dcmread(tmp_path / "report.sr.dcm").StudyInstanceUID == film.StudyInstanceUID


@pytest.mark.parametrize(
    ("name", "environment", "told"),
    [
        ("slicer", {}, "known are: mercure, map"),
        ("mercure", {}, "MERCURE_IN_DIR is not set"),
        ("map", {}, "HOLOSCAN_INPUT_PATH or MONAI_INPUTPATH is not set"),
        ("map", {"HOLOSCAN_INPUT_PATH": "not-there"}, "HOLOSCAN_INPUT_PATH names no folder"),
    ],
)
def test_call_that_cannot_be_right_is_refused(name, environment, told):
    with pytest.raises(BadInput, match=told):
        run_module(name, environment)


def test_failure_leaves_nothing_half_written(study, tmp_path, monkeypatch):
    def fail(order):
        (order.folder).mkdir(parents=True)
        (order.folder / "report.sr.dcm").write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module_folders, "examine_and_write", fail)
    with pytest.raises(OSError, match="No space left"):
        run_module("mercure", {"MERCURE_IN_DIR": str(study), "MERCURE_OUT_DIR": str(tmp_path)})

    assert list(tmp_path.iterdir()) == []


def test_every_contract_writes_a_record_and_objects():
    assert all({"json", "dicom"} <= set(contract.formats) for contract in CONTRACTS.values())
