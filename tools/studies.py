"""The studies that tools.same_output examines, and the files that are made for them from phantoms."""

import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import nibabel
import numpy as np
import pydicom
from numpy.typing import NDArray
from PIL import Image
from pydicom.uid import ComputedRadiographyImageStorage

EVERYTHING: Final = "json,html,pdf,png,csv,parquet,fhir,dicom"
"""Every format of a film."""

BONE_HU: Final = 300
"""From here on a voxel of the made masks is bone. Our choice: a mask need not be good to be read."""

SHARE_KEPT: Final = 0.6
"""Of the bytes of a truncated file. Our choice: the header is whole, the pixels are not."""


@dataclass(frozen=True, slots=True)
class Command:
    """One call of calcinet within the folder of its study; `in/` there holds what studies are given."""

    words: tuple[str, ...]
    exits: int = 0
    """Exit code that it must give: a failure that both trees share proves nothing."""


@dataclass(frozen=True, slots=True)
class Study:
    """Calls of which everything is compared that they write and say."""

    name: str
    commands: tuple[Command, ...]


def _split(words: str, exits: int = 0) -> Command:
    """Split at blanks; `_` within a word stands for one."""
    return Command(tuple(word.replace("_", " ") for word in words.split()), exits)


def _define(name: str, *calls: str, exits: int = 0) -> Study:
    return Study(name, tuple(_split(words, exits) for words in calls))


INVENTED: Final = (
    *("01-young-woman-low-pth", "02-normal-kidneys", "03-venous-disease-only", "04-warfarin-for-five-days"),
    *("05-warfarin-for-years", "06-penile", "07-arterial-disease", "08-breast", "09-antiphospholipid"),
    *("10-second-biopsy", "11-early-plaques", "12-vasculitis"),
)

PHANTOMS: Final = (
    _define(
        "phantom-films",
        "phantom --seed 3 --net --vessels --anatomy lower_leg -o leg",
        "phantom --seed 4 --traps --vessels --anatomy foot -o foot",
        "phantom --seed 5 --vessels --no-net --anatomy hand -o hand",
        "phantom --seed 6 --traps --no-vessels --no-net --anatomy lower_leg -o bare",
        "phantom --seed 11 --count 2 -o chance",
    ),
    _define(
        "phantom-ct",
        "phantom --kind ct --seed 1 --anatomy knee -o knee",
        "phantom --kind ct --seed 2 --anatomy foot --traps -o foot",
    ),
    _define(
        "phantom-mammograms",
        "phantom --kind mammogram --seed 0",
        "phantom --kind mammogram --seed 1 --vessels --net",
        "phantom --kind mammogram --seed 2 --no-vessels",
    ),
    _define(
        "phantom-bone-scans",
        "phantom --kind bone-scan --seed 0",
        "phantom --kind bone-scan --seed 1 --net",
        "phantom --kind bone-scan --seed 2 --no-vessels",
    ),
)
"""Run before the others, which are given what these write."""

STUDIES: Final = (
    _define("lower-leg-net", f"examine in/phantom-films/leg/phantom-3.dcm --formats {EVERYTHING} -o out"),
    _define(
        "foot-traps-chinese",
        f"examine in/phantom-films/foot/phantom-4.dcm --lang zh-Hant --formats {EVERYTHING} -o out",
    ),
    _define("hand-cr-anonymous", f"examine in/made/hand-cr.dcm --anonymous --formats {EVERYTHING} -o out"),
    _define("bare-leg-traps", "examine in/phantom-films/bare/phantom-6.dcm -o out"),
    _define("picture-without-spacing", "examine in/made/leg.png -o out"),
    _define(
        "picture-with-spacing",
        "examine in/made/leg.png --spacing-mm 0.15 --anatomy lower_leg --modality DX --calibre-classes 0.6,2,4 -o out",
    ),
    _define("films-zipped", "examine in/made/films.zip -o out --formats json,csv,sr"),
    _define(
        "ct-knee-calibrated",
        f"examine in/phantom-ct/knee/phantom-1 --calcium-calibration 0.8 --formats {EVERYTHING},gltf -o out",
    ),
    _define("ct-foot-traps", "examine in/phantom-ct/foot/phantom-2 --formats json,html,png,seg -o out"),
    _define(
        "ct-nifti-labels", "examine in/made/foot.nii.gz --modality CT --labels in/made/labels --formats json,csv -o out"
    ),
    _define(
        "mammograms",
        *(f"examine in/made/breasts --formats {EVERYTHING} -o out",),
        *("examine in/made/breast.jpg --modality MG --formats json,html -o picture",),
    ),
    _define(
        "bone-scan", f"examine in/phantom-bone-scans/calcinet-phantoms/phantom-1.dcm --formats {EVERYTHING} -o out"
    ),
    _define("bone-scans-compared", f"examine in/made/scans --formats {EVERYTHING} -o out"),
    _define(
        "case-report-with-films",
        "examine in/phantom-films/leg/phantom-3.dcm in/made/hand-cr.dcm --case in/made/cases/case.yaml"
        f" --prior registry-uk --formats {EVERYTHING} -o out",
        "casereport out -o draft.docx",
        "casereport out -o draft.md --calendar-dates",
        "casereport out -o draft-zh.md --lang zh-Hant",
    ),
    _define(
        "cases-alone",
        *(f"examine --case in/made/cases/{name}.yaml --formats json,html -o {name}" for name in INVENTED[:6]),
        *(f"validate in/made/cases/{name}.yaml" for name in INVENTED[:3]),
        f"casereport {INVENTED[0]} {INVENTED[1]} -o draft.md",
    ),
    _define(
        "more-cases-alone",
        *(f"examine --case in/made/cases/{name}.yaml --formats json,html -o {name}" for name in INVENTED[6:]),
    ),
    _define(
        "case-with-prior-chinese",
        "examine --case in/made/cases/case.yaml --prior 0.3 --include-secondary --lang zh-Hant"
        " --formats json,html,pdf,csv,fhir -o out",
        "examine --case out/bundle.fhir.json --formats json,html -o again",
    ),
    _define(
        "several-modalities",
        "examine in/made/mixed --case in/made/cases/08-breast.yaml --prior 0.2 --formats json,html,csv,fhir,dicom"
        " -o out",
    ),
    _define(
        "refused-with-reasons",
        *(f"examine in/made/refused/{name} -o {name}" for name in ("broken.png", "truncated.dcm", "no-limb.png")),
        *(f"examine in/made/refused/{name} -o {name}" for name in ("words.dcm", "empty.dcm", "localizer.dcm")),
        "examine in/made/refused -o all",
        exits=3,
    ),
    _define(
        "wrong-usage",
        "examine in/made/nothing-here.dcm -o out",
        "examine in/made/leg.png --formats papyrus -o out",
        "examine in/made/leg.png --spacing-mm -1 -o out",
        "examine --case in/made/refused/case.yaml -o out",
        "validate in/made/refused/case.yaml",
        "examine in/made/leg.png --case in/made/cases/case.yaml --prior nonsense -o out",
        "examine -o out",
        "casereport in/made/cases -o draft.md",
        "phantom --kind ct --anatomy nonsense -o phantoms",
        exits=2,
    ),
    _define(
        "waiting-to-be-sent",
        "examine in/made/hand-cr.dcm --formats json --send dicom://ARCHIVE@127.0.0.1:9 --outbox outbox -o out",
    ),
    _define("schema", "schema", "schema record", "schema case"),
    _define(
        "help",
        "--version",
        "info",
        "info --json",
        "--help",
        *(f"{name} --help" for name in ("examine", "demo", "send", "casereport", "phantom", "info", "train")),
        *("schema --help", "validate --help"),
    ),
)


def make_inputs(phantoms: Path, examples: Path, folder: Path) -> None:
    """Write the files that studies are given beside phantoms: from phantoms, from the examples, or broken on purpose.

    Parameters
    ----------
    phantoms
        Folder with one folder for each study of PHANTOMS.
    examples
        The example cases.
    folder
        Where to; it is made.
    """
    folder.mkdir(parents=True)
    shutil.copytree(examples / "invented", folder / "cases")
    shutil.copy(examples / "case-report" / "case.yaml", folder / "cases")
    films, breasts, scans = (
        phantoms / "phantom-films",
        phantoms / "phantom-mammograms" / "calcinet-phantoms",
        phantoms / "phantom-bone-scans" / "calcinet-phantoms",
    )
    _make_pictures(films / "leg" / "phantom-3.dcm", breasts / "phantom-0.dcm", folder)
    _make_cr(films / "hand" / "phantom-5.dcm", folder / "hand-cr.dcm")
    _make_nifti(phantoms / "phantom-ct" / "foot" / "phantom-2", folder)
    _gather(folder / "breasts", sorted(breasts.glob("phantom-[12].dcm")))
    _gather(folder / "scans", sorted(scans.glob("phantom-[02].dcm")))
    mixed = (films / "foot" / "phantom-4.dcm", breasts / "phantom-1.dcm", scans / "phantom-0.dcm")
    _gather(folder / "mixed", [*mixed])
    _make_zip(folder / "films.zip", sorted((films / "chance").glob("*.dcm")))
    slices = sorted((phantoms / "phantom-ct" / "knee" / "phantom-1").glob("*.dcm"))
    _make_refused(films / "leg" / "phantom-3.dcm", slices[0], folder / "refused")


def _make_pictures(film: Path, breast: Path, folder: Path) -> None:
    Image.fromarray(_read_greys(film)).save(folder / "leg.png")
    Image.fromarray(_read_greys(breast)).save(folder / "breast.jpg", quality=95)


def _read_greys(film: Path) -> NDArray[np.uint8]:
    """Pixels of a DICOM file over all of 8 bits, calcium bright."""
    dataset = pydicom.dcmread(film)
    pixels = dataset.pixel_array.astype(float)
    spread = (pixels - pixels.min()) / np.ptp(pixels)
    bright = 1 - spread if dataset.PhotometricInterpretation == "MONOCHROME1" else spread
    return np.asarray(np.rint(bright * 255), dtype=np.uint8)


def _make_cr(film: Path, out: Path) -> None:
    """The same film as computed radiography."""

    def change(dataset: Any) -> None:
        dataset.Modality = "CR"
        dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = ComputedRadiographyImageStorage

    _retag(film, out, change)


def _retag(source: Path, out: Path, change: Callable[[Any], None]) -> None:
    dataset = pydicom.dcmread(source)
    change(dataset)
    dataset.save_as(out)


def _make_nifti(series: Path, folder: Path) -> None:
    """A CT as NIfTI, and its bone as a mask in a folder `labels`."""
    read = (pydicom.dcmread(path) for path in series.glob("*.dcm"))
    slices = sorted(read, key=lambda one: float(one.ImagePositionPatient[2]))
    intercept, slope = float(slices[0].RescaleIntercept), float(slices[0].RescaleSlope)
    volume = np.stack([one.pixel_array for one in slices]) * slope + intercept
    affine = _find_affine(slices)
    (folder / "labels").mkdir()
    _save_nifti(volume.astype(np.int16), affine, folder / f"{series.parent.name}.nii.gz")
    _save_nifti((volume > BONE_HU).astype(np.int16), affine, folder / "labels" / "tibia_left.nii.gz")


def _find_affine(slices: list[Any]) -> NDArray[np.float64]:
    """Of axial slices, rows to the left and columns to the back, in the RAS axes of NIfTI."""
    rows, columns = (float(mm) for mm in slices[0].PixelSpacing)
    x, y, z = (float(mm) for mm in slices[0].ImagePositionPatient)
    affine = np.diag([-columns, -rows, float(slices[1].ImagePositionPatient[2]) - z, 1.0])
    affine[:3, 3] = -x, -y, z
    return affine


def _save_nifti(volume: NDArray[np.int16], affine: NDArray[np.float64], path: Path) -> None:
    """Write a volume of shape (Z, Y, X)."""
    image = nibabel.Nifti1Image(volume.transpose(2, 1, 0), affine)
    image.header.set_xyzt_units("mm")
    nibabel.save(image, path)


def _gather(folder: Path, files: list[Path]) -> None:
    folder.mkdir()
    for number, path in enumerate(files):
        shutil.copy(path, folder / f"{number}-{path.name}")


def _make_zip(path: Path, files: list[Path]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for file in files:
            archive.write(file, file.name)


def _make_refused(film: Path, ct_slice: Path, folder: Path) -> None:
    """Files that cannot be examined, each in another way, and a case that is wrong."""

    def change(dataset: Any) -> None:
        dataset.ImageType = ["ORIGINAL", "PRIMARY", "LOCALIZER"]

    folder.mkdir()
    _retag(ct_slice, folder / "localizer.dcm", change)
    (folder / "truncated.dcm").write_bytes(film.read_bytes()[: int(film.stat().st_size * SHARE_KEPT)])
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    (folder / "words.dcm").write_text("This is no film.\n")
    (folder / "empty.dcm").write_bytes(b"")
    (folder / "case.yaml").write_text("schema: calcinet.case/1\npatient: {age_years: minus one}\n")
    slope = np.linspace(0, 255, 800).astype(np.uint8)
    Image.fromarray(np.tile(slope, (600, 1))).save(folder / "no-limb.png")
