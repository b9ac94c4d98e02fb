"""An archive of a few small films, most of them whole, and one run over it that many tests look at."""

import zipfile
from dataclasses import replace
from pathlib import Path

import pydicom
import pytest

from calcinet.cohort.engine import Cluster
from calcinet.cohort.run import CohortOrder, run_cohort
from calcinet.io import write_radiograph
from calcinet.phantoms.radiograph.limb import limb, random_spec

SMALL = (slice(None), slice(300, 620), slice(150, 450))
"""Of a hand: enough of it to be one, and examined in a moment."""


@pytest.fixture(scope="session", autouse=True)
def key(tmp_path_factory):
    """The file of a key that nobody else has."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CALCINET_KEY", str(tmp_path_factory.mktemp("key") / "store.key"))
        yield


def write_film(file: Path, seed: int, patient: str, day: str) -> Path:
    """A small film of a patient, with a name that must be found nowhere."""
    file.parent.mkdir(parents=True, exist_ok=True)
    image = limb(random_spec(seed, net=seed % 2 == 0, vessels=True, anatomy="hand")).image
    write_radiograph(file, replace(image, pixels=image.pixels[SMALL].copy()))
    film = pydicom.dcmread(file)
    film.PatientID, film.PatientName, film.StudyDate, film.PatientAge = patient, "CHAN^TAI MAN", day, "091Y"
    film.save_as(file)
    return file


@pytest.fixture(scope="session")
def archive(tmp_path_factory) -> Path:
    """Four films of two patients, one of them twice, and four files that are none."""
    folder = tmp_path_factory.mktemp("archive") / "CHAN TAI MAN"
    one = write_film(folder / "a" / "one.dcm", 2, "A1234567", "20240301")
    write_film(folder / "a" / "two.dcm", 3, "A1234567", "20240331")
    write_film(folder / "b" / "three.dcm", 4, "B7654321", "20250101")
    four = write_film(folder / "four.dcm", 5, "B7654321", "20250102")
    with zipfile.ZipFile(folder / "packed.zip", "w") as packed:
        packed.write(four, "four.dcm")
    four.unlink()
    content = one.read_bytes()
    (folder / "a" / "once more.dcm").write_bytes(content)
    (folder / "b" / "cut.dcm").write_bytes(content[: len(content) // 2])
    (folder / "b" / "empty.dcm").write_bytes(b"")
    (folder / "b" / "letter.dcm").write_bytes(b"Dear colleague, " * 100)
    with zipfile.ZipFile(folder / "b" / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("bomb.dcm", bytes(200_000_000))
    return folder


@pytest.fixture(scope="session")
def finished(archive, tmp_path_factory):
    """Folder and result of a run that nobody disturbed."""
    folder = tmp_path_factory.mktemp("cohort") / "out"
    order = CohortOrder(source=str(archive), folder=folder, cluster=Cluster(workers=1))
    return folder, run_cohort(order, lambda told: None)
