"""The ways into calcinet, one row each: how bytes become a call, what is given first, and how it is changed.

To add one is to write its row, and in `fuzz.seeds` a function that makes its first inputs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final

from calcinet.io import Refusal, read_all
from calcinet.io.case.reader import read_case
from fuzz import seeds
from fuzz.framing import unpack
from fuzz.mutators import Mutator
from fuzz.mutators.archive import mutate_zip
from fuzz.mutators.dicom import mutate_dicom, splice_dicom
from fuzz.mutators.frames import mutate_files, splice_files
from fuzz.mutators.nifti import mutate_nifti
from fuzz.mutators.picture import mutate_picture
from fuzz.mutators.tree import mutate_json, mutate_yaml, splice_json, splice_yaml
from fuzz.verdict import HIDDEN, HiddenCrash

MEMORY: Final = Path("/dev/shm")
"""Folder that lies in memory, where the system has it: there a file costs nothing."""

DISC_NAMES: Final = ("A1", "A2", "A3")
"""Files of a disc beside its DICOMDIR."""

Splicer = Callable[[bytes, bytes, Random], bytes]
"""Bytes with a part of others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """A way into the program."""

    name: str
    make_seeds: Callable[[], list[bytes]]
    mutate: Mutator
    read_in: Callable[[bytes, Path], None]
    """Read bytes by way of an empty folder."""
    splice: Splicer | None = None

    def read(self, data: bytes) -> None:
        """Read an input as a user would give it; what is written for it is gone afterwards."""
        with TemporaryDirectory(prefix="fuzz-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
            self.read_in(data, Path(folder))


def read_images(data: bytes, folder: Path, name: str, **options: Any) -> None:
    """Read one file up to the images that are handed to the finders."""
    path = folder / name
    path.write_bytes(data)
    look_at_all(path, **options)


def read_series(data: bytes, folder: Path) -> None:
    """Read the files of an input as the folder of a series."""
    for number, file in enumerate(unpack(data)):
        (folder / f"{number}.dcm").write_bytes(file)
    look_at_all(folder)


def read_disc(data: bytes, folder: Path) -> None:
    """Read the first file of an input as the DICOMDIR of a disc that holds the others."""
    directory, *films = unpack(data) or [b""]
    (folder / "IMAGES").mkdir()
    (folder / "DICOMDIR").write_bytes(directory)
    for name, film in zip(DISC_NAMES, films, strict=False):
        (folder / "IMAGES" / name).write_bytes(film)
    look_at_all(folder / "DICOMDIR")


def read_case_file(data: bytes, folder: Path, name: str) -> None:
    """Read a case file or a bundle."""
    path = folder / name
    path.write_bytes(data)
    read_case(path)


def look_at_all(path: Path, **options: Any) -> None:
    """Decode every image under a path, and read the headers that objects made from it repeat.

    Raises
    ------
    HiddenCrash
        If something was refused that nobody foresaw.
    """
    study = read_all([path], **options)
    for number, item in enumerate(study):
        if not isinstance(item, Refusal):
            study.source_header(number)
            if item.modality == "CT":
                study.source_headers(number)
        elif item.code in HIDDEN:
            raise HiddenCrash(item.code)


ENTRANCES: Final = (
    Entrance(
        name="film",
        make_seeds=seeds.make_films,
        mutate=mutate_dicom,
        splice=splice_dicom,
        read_in=partial(read_images, name="film.dcm"),
    ),
    Entrance(
        name="ct",
        make_seeds=seeds.make_series,
        mutate=mutate_files,
        splice=splice_files,
        read_in=read_series,
    ),
    Entrance(
        name="mammogram",
        make_seeds=seeds.make_mammograms,
        mutate=mutate_dicom,
        splice=splice_dicom,
        read_in=partial(read_images, name="film.dcm"),
    ),
    Entrance(
        name="scintigram",
        make_seeds=seeds.make_scans,
        mutate=mutate_dicom,
        splice=splice_dicom,
        read_in=partial(read_images, name="scan.dcm"),
    ),
    Entrance(
        name="picture",
        make_seeds=seeds.make_pictures,
        mutate=mutate_picture,
        read_in=partial(read_images, name="film.png"),
    ),
    Entrance(
        name="nifti",
        make_seeds=seeds.make_volumes,
        mutate=mutate_nifti,
        read_in=partial(read_images, name="volume.nii", modality="CT"),
    ),
    Entrance(
        name="zip",
        make_seeds=seeds.make_zips,
        mutate=mutate_zip,
        read_in=partial(read_images, name="study.zip"),
    ),
    Entrance(
        name="dicomdir",
        make_seeds=seeds.make_discs,
        mutate=mutate_files,
        splice=splice_files,
        read_in=read_disc,
    ),
    Entrance(
        name="case-yaml",
        make_seeds=seeds.make_yaml_cases,
        mutate=mutate_yaml,
        splice=splice_yaml,
        read_in=partial(read_case_file, name="case.yaml"),
    ),
    Entrance(
        name="case-json",
        make_seeds=seeds.make_json_cases,
        mutate=mutate_json,
        splice=splice_json,
        read_in=partial(read_case_file, name="case.json"),
    ),
    Entrance(
        name="fhir",
        make_seeds=seeds.make_bundles,
        mutate=mutate_json,
        splice=splice_json,
        read_in=partial(read_case_file, name="bundle.json"),
    ),
)
"""In the order in which they are run."""


def find_entrance(name: str) -> Entrance:
    """The entrance of a name."""
    return next(entrance for entrance in ENTRANCES if entrance.name == name)
