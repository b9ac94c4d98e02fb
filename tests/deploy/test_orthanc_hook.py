"""The hook of Orthanc: a study that came to rest is sent on once, and again only when it has more images."""

import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from calcinet.io import write_radiograph
from calcinet.phantoms.radiograph.limb import limb, random_spec
from tests.support.orthanc import EXECUTABLE, Orthanc, free_port
from tests.support.partners import need
from tests.support.paths import ROOT

STORESCP = shutil.which("storescp")
PATIENCE_S = 120


class Hooked(Orthanc):
    """An archive with the hook, which knows one receiver."""

    def __init__(self, folder: Path, receiver: int) -> None:
        self.receiver = receiver
        super().__init__(folder)

    def _settings(self) -> dict[str, Any]:
        return {
            **super()._settings(),
            "LuaScripts": [str(ROOT / "deploy" / "orthanc" / "calcinet.lua")],
            "DicomModalities": {"calcinet": ["CALCINET", "127.0.0.1", self.receiver]},
            "StableAge": 1,
            "Plugins": [],
        }

    def put(self, content: bytes) -> None:
        """Store an object, as a modality would."""
        with urllib.request.urlopen(
            urllib.request.Request(f"{self.http}/instances", data=content, method="POST"), timeout=30
        ):
            pass


@pytest.fixture
def received(tmp_path) -> Iterator[tuple[Hooked, Path]]:
    """An archive, and the folder of what its receiver got."""
    need(EXECUTABLE, "Orthanc (Debian: orthanc)")
    need(STORESCP, "storescp (Debian: dcmtk)")
    folder, port = tmp_path / "received", free_port()
    folder.mkdir()
    (tmp_path / "archive").mkdir()
    listener = subprocess.Popen([str(STORESCP), "--output-directory", str(folder), str(port)])
    archive = Hooked(tmp_path / "archive", port).start()
    try:
        yield archive, folder
    finally:
        archive.stop()
        listener.terminate()
        listener.wait()


def wait_for(told: Any, expected: Any) -> None:
    until = time.monotonic() + PATIENCE_S
    while told() != expected and time.monotonic() < until:
        time.sleep(0.2)
    assert told() == expected


def sent_of(archive: Hooked) -> str | None:
    """What the hook noted of the only study."""
    (study,) = archive.get("/studies")
    if "9000" not in archive.get(f"/studies/{study}/metadata"):
        return None
    with urllib.request.urlopen(f"{archive.http}/studies/{study}/metadata/9000", timeout=30) as answer:
        return answer.read().decode()


def test_study_at_rest_is_sent_on_once(received, tmp_path):
    """A film is sent; our own picture of it in the same study changes nothing; a second film sets it off again."""
    archive, folder = received
    whole = limb(random_spec(3)).image
    films = [Path(write_radiograph(tmp_path / f"{n}.dcm", whole, uid_seed=str(n))) for n in range(2)]
    contents = [_move_to_study(film, modality) for film, modality in ((films[0], "DX"), (films[1], "OT"))]
    archive.put(contents[0])
    wait_for(lambda: sent_of(archive), "1")
    assert len(list(folder.iterdir())) == 1

    archive.put(contents[1])
    (study,) = archive.get("/studies")
    wait_for(lambda: archive.get(f"/studies/{study}")["IsStable"], True)
    assert sent_of(archive) == "1"
    assert len(list(folder.iterdir())) == 1

    archive.put(_move_to_study(films[1], "DX", suffix=".9"))
    wait_for(lambda: sent_of(archive), "2")
    wait_for(lambda: len(list(folder.iterdir())), 2)


def _move_to_study(film: Path, modality: str, suffix: str = "") -> bytes:
    from io import BytesIO

    from pydicom import dcmread

    read = dcmread(film)
    read.StudyInstanceUID, read.Modality, read.PatientID = "1.2.3.4", modality, "17"
    read.SeriesInstanceUID = f"1.2.3.4.{modality == 'DX':d}"
    read.SOPInstanceUID = read.file_meta.MediaStorageSOPInstanceUID = f"{read.SOPInstanceUID[:50]}{suffix}"
    stream = BytesIO()
    read.save_as(stream)
    return stream.getvalue()
