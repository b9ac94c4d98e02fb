"""Phantoms on disk: films, CTs, mammograms and bone scans as DICOM, each with its truth beside it."""

import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import numpy as np

from calcinet.errors import BadInput, MachineFault
from calcinet.io.dicom.writer import write_radiograph
from calcinet.machine import making
from calcinet.phantoms.definitions import CT, FILM, describe_definitions
from calcinet.phantoms.radiograph.spec import Anatomy
from calcinet.phantoms.truth import NetTruth, Phantom, VesselTruth
from calcinet.record.scintigram import VARIATION_MEANS
from calcinet.report.documents import png

if TYPE_CHECKING:
    from calcinet.phantoms.ct.truth import LegTruth
    from calcinet.phantoms.scintigram.whole_body import Scanned

Kind = Literal["film", "ct", "mammogram", "bone-scan"]

RAISED: Final = 1.6
"""Uptake of one lower leg of a bone scan over that of the other. Our choice: plain to see."""

VARIED: Final = 0.35
"""Coefficient of variation within it, where a net is asked for. Our choice: patches of centimetres, plain to see."""

SCAN_DEFINITIONS: Final = {
    "counts": {"unit": "{counts}", "means": "sum of the pixels of all views"},
    "uptake_over_normal": {
        "unit": "1",
        "means": "tracer in a volume of soft tissue of a segment over normal soft tissue; 1 where none is named",
    },
    "variation_in_tissue": {
        "unit": "1",
        "means": "coefficient of variation (standard deviation over mean) of the tracer within a segment, before the "
        "camera blurs it: a log-normal field, smoothed with a bell of 12 mm standard deviation; 0 where none is named",
    },
    "variation": {
        "unit": "1",
        "means": f"uptake.variation of the record, of the counts expected without chance. {VARIATION_MEANS}",
    },
}
"""What the numbers of a bone scan's truth are."""

TRUTH_FOLDER: Final = "truth"
"""Beside the images."""

TRIAL_BYTES: Final = 2**16
"""Room that there must be before a phantom is drawn. Our choice: less than the smallest takes."""

DEFAULT_PART: Final = "lower leg"
"""Of a CT where none is asked for."""

BYTES_A_VOXEL: Final = 2

SLICE_HEADER_BYTES: Final = 2**11
"""Of the header of a slice. Our choice: nearly twice what it takes, for disks give room in blocks."""

DECIMALS: Final = 3
"""Decimals of every written coordinate and diameter. Our choice: a thousandth of a pixel or of a millimetre."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhantomRequest:
    """What a phantom is to show; None is chance."""

    kind: str = "film"
    """One of `Kind`; anything else is refused."""
    anatomy: str | None = None
    net: bool | None = None
    vessels: bool | None = None
    traps: bool = False


def write_phantom(request: PhantomRequest, seed: int, folder: Path, *, force: bool = False) -> list[Path]:
    """Write phantom-<seed>, a DICOM file or of a CT a folder of slices, and its truth beside it.

    Returns
    -------
    list of Path
        What was written, the images first.

    Raises
    ------
    BadInput
        If it is there already and not `force`, or there is no such phantom.
    MachineFault
        If it cannot be written.
    """
    check_anatomy(request)
    with making(folder / f"phantom-{seed}") as place:  # whether it can be written is known before it is drawn
        (place / "trial").write_bytes(bytes(TRIAL_BYTES))
    return WRITERS[request.kind](request, seed, folder, force)


def _write_film(request: PhantomRequest, seed: int, folder: Path, force: bool) -> list[Path]:
    from calcinet.phantoms.radiograph.limb import limb, random_spec

    film = _require_new(folder / f"phantom-{seed}.dcm", force)
    anatomy: Any = request.anatomy
    spec = random_spec(seed, net=request.net, vessels=request.vessels, confounders=request.traps, anatomy=anatomy)
    return _write_plane(limb(spec), film)


def _write_mammogram(request: PhantomRequest, seed: int, folder: Path, force: bool) -> list[Path]:
    from calcinet.phantoms.mammogram.film import breast
    from calcinet.phantoms.mammogram.random_spec import random_breast

    film = _require_new(folder / f"phantom-{seed}.dcm", force)
    spec = random_breast(seed, grade=_choose_grade(request.vessels, seed), net=bool(request.net))
    return _write_plane(breast(spec), film)


def _choose_grade(vessels: bool | None, seed: int) -> int | None:
    """Grade of breast arterial calcium, 1 to 3 by the seed where vessels are wanted; None is chance."""
    if vessels is None:
        return None
    if vessels:
        return 1 + seed % 3
    return 0


def _write_plane(phantom: Phantom[Any], film: Path) -> list[Path]:
    """Write a film, its label map .truth.png and its centre lines, diameters and meshes .truth.json."""
    with making(film) as place:
        made = write_radiograph(place / "film", phantom.image)
        drawn = place / "truth.png"
        drawn.write_bytes(png(phantom.truth.mask))
        told = _write_truth(place, describe_truth(phantom))
        truth = _place_truth(film.parent, film.stem)
        label_map = truth.with_suffix(".png")
        drawn.replace(label_map)
        told.replace(truth)
        made.replace(film)
    return [film, label_map, truth]


def _write_ct(request: PhantomRequest, seed: int, folder: Path, force: bool) -> list[Path]:
    """Write the slices into a folder of their own, and where calcium lies, how much and how deep .truth.json."""
    from calcinet.io.ct.writer import write_ct
    from calcinet.phantoms.ct.leg import Build, Calcium, leg
    from calcinet.phantoms.ct.truth import Compartment

    series = _require_new(folder / f"phantom-{seed}", force)
    part, confounders = _choose_body(request)
    arteries: Any = "patchy"
    if request.vessels is False:
        arteries = "none"
    calcium = Calcium(arteries=arteries, nets=int(request.net is not False))
    image, truth = leg(seed, build=Build(part, "B"), calcium=calcium, confounders=confounders)
    content = {
        "definitions": describe_definitions(CT),
        "shape": truth.shape,
        "spacing_mm": image.spacing_mm,
        "volumes_mm3": {name: round(truth.volume_mm3(name), DECIMALS) for name in get_args(Compartment)},
        "calcified_length_mm": round(truth.calcified_length_mm, DECIMALS),
        "lesions": _describe_lesions(truth),
    }
    with making(series) as place:
        made = write_ct(place, image)
        told = _write_truth(place, content)
        series.mkdir(exist_ok=True)
        for earlier in series.glob("slice-*.dcm"):
            earlier.unlink()
        slices = [path.replace(series / path.name) for path in made]
        answer = told.replace(_place_truth(folder, f"phantom-{seed}"))
    return [series, *slices, answer]


def _choose_body(request: PhantomRequest) -> tuple[Any, Any]:
    """Part of the legs, and what else is bright in it."""
    if request.traps:
        return request.anatomy or DEFAULT_PART, ("ossicle", "phlebolith", "cannula", "table")
    return request.anatomy or DEFAULT_PART, ()


def tell_room(request: PhantomRequest, seeds: Iterable[int], folder: Path) -> str | None:
    """Say how much CTs will take up, and how much room there is for them; None of what is small.

    Raises
    ------
    BadInput
        If there is no such phantom.
    MachineFault
        If they do not fit.
    """
    check_anatomy(request)
    if request.kind != "ct":
        return None
    needed = sum(count_ct_bytes(request, seed) for seed in seeds)
    place = next((above for above in (folder, *folder.parents) if above.is_dir()), Path())
    free = shutil.disk_usage(place).free
    told = f"{_write_size(needed)} will be written to {folder}; {_write_size(free)} are free there"
    if needed > free:
        raise MachineFault(f"{told}: make room there, give another place with -o, or a smaller part with --anatomy")
    return told


def count_ct_bytes(request: PhantomRequest, seed: int) -> int:
    """Bytes that the slices of a CT take up on disk."""
    from calcinet.phantoms.ct.leg import Build, volume_shape

    part, confounders = _choose_body(request)
    slices, rows, columns = volume_shape(seed, build=Build(part, "B"), confounders=confounders)
    return slices * (rows * columns * BYTES_A_VOXEL + SLICE_HEADER_BYTES)


def _write_size(count: int) -> str:
    """A number of bytes for people.

    >>> _write_size(46_500_000), _write_size(3_210_000_000)
    ('46 MB', '3.2 GB')
    """
    if count < 10**9:
        return f"{count / 10**6:.0f} MB"
    return f"{count / 10**9:.1f} GB"


def _describe_lesions(truth: "LegTruth") -> list[dict[str, Any]]:
    """What each lesion truly is; places are voxels (slice from the feet, row, column)."""
    return [
        {
            "compartment": lesion.made.compartment,
            "form": lesion.made.form,
            "side": lesion.made.side,
            "volume_mm3": round(lesion.volume_mm3, DECIMALS),
            "depth_mm": round(lesion.made.depth_mm, DECIMALS),
            "length_mm": lesion.length_mm and round(lesion.length_mm, DECIMALS),
            "calibre_mm": lesion.made.calibre_mm and round(lesion.made.calibre_mm, DECIMALS),
            "mesh_mm": lesion.made.mesh_mm and round(lesion.made.mesh_mm, DECIMALS),
            "centre": _round_numbers(lesion.centre),
        }
        for lesion in truth.lesions
    ]


def _write_scan(request: PhantomRequest, seed: int, folder: Path, force: bool) -> list[Path]:
    """Write both views in one file, and what each raised segment takes up .truth.json."""
    from calcinet.io.scintigram.writer import write_scintigram
    from calcinet.phantoms.scintigram.whole_body import WholeBody, whole_body

    scan = _require_new(folder / f"phantom-{seed}.dcm", force)
    raised = {("lower leg", "LR"[seed % 2]): RAISED}
    if request.vessels is False:
        raised = {}
    variation = {}
    if request.net:
        variation = dict.fromkeys(raised, VARIED)
    made = whole_body(WholeBody(seed=seed, person=seed, uptake=raised, variation=variation))  # type: ignore[arg-type]
    content = {
        "counts": float(made.image.pixels.sum()),
        "uptake_over_normal": {f"{side} {part}": factor for (part, side), factor in raised.items()},
        "variation_in_tissue": {f"{side} {part}": share for (part, side), share in variation.items()},
        "variation": _find_variations(made),
        "definitions": SCAN_DEFINITIONS,
    }
    with making(scan) as place:
        written = write_scintigram(place / "scan", made.image)
        answer = _write_truth(place, content).replace(_place_truth(folder, f"phantom-{seed}"))
        written.replace(scan)
    return [scan, answer]


def _find_variations(made: "Scanned") -> dict[str, float]:
    """Variation of each segment as the measure defines it, on the counts expected without chance."""
    from calcinet.protocols.scintigram.scan import SOFT_PARTS, find_true_variation, measure_scan

    scan = measure_scan(replace(made.image, pixels=made.expected.astype(np.float32)))
    found: dict[str, float] = {}
    for part, side in scan.soft:
        variation = None
        if part in SOFT_PARTS:
            variation = find_true_variation(scan, (part, side))
        if variation is not None:
            found[f"{side} {part}"] = round(variation, DECIMALS)
    return found


WRITERS: Final[Mapping[str, Callable[[PhantomRequest, int, Path, bool], list[Path]]]] = {
    "film": _write_film,
    "ct": _write_ct,
    "mammogram": _write_mammogram,
    "bone-scan": _write_scan,
}

PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "film": get_args(Anatomy),
    "ct": ("lower leg", "leg", "thigh", "knee", "foot"),
    "mammogram": (),
    "bone-scan": (),
}
"""Body parts that there are of each kind."""


def check_anatomy(request: PhantomRequest) -> None:
    """Refuse a kind or a body part that there is no phantom of.

    Raises
    ------
    BadInput
        Naming those that there are.
    """
    if request.kind not in WRITERS:
        raise BadInput(f"no phantom of kind {request.kind!r}; there are: {', '.join(WRITERS)}")
    parts = PARTS[request.kind]
    if request.anatomy is not None and request.anatomy not in parts:
        raise BadInput(f"no phantom of {request.anatomy!r}; there are: {', '.join(parts) or 'no parts to choose'}")


def _require_new(path: Path, force: bool) -> Path:
    if path.exists() and not force:
        raise BadInput(f"{path} is there already; give another folder, another seed, or --force to replace it")
    return path


def describe_truth(phantom: Phantom[Any]) -> dict[str, Any]:
    """Describe what the film holds, in plain numbers; points are (row, column)."""
    truth, pixel_mm = phantom.truth, phantom.image.require_spacing_mm()[1:]
    return {
        "definitions": describe_definitions(FILM),
        "spec": asdict(phantom.spec),
        "pixel_mm": phantom.image.pixel_mm,
        "shape": truth.mask.shape,
        "mask_labels": {"none": 0, "vessel": 1, "net": 2, "other calcium": 3},
        "vessels": [_describe_vessel(vessel, pixel_mm) for vessel in truth.vessels],
        "nets": [_describe_net(net) for net in truth.nets],
    }


def _describe_vessel(vessel: VesselTruth, pixel_mm: tuple[float, float]) -> dict[str, Any]:
    return {
        "calcified_length_mm": round(vessel.calcified_length_mm(pixel_mm), DECIMALS),
        "compartment": vessel.compartment,
        "centre_line": _round_numbers(vessel.centre_line),
        "diameter_mm": _round_numbers(vessel.diameter_mm),
        "calcified": vessel.calcified.tolist(),
    }


def _describe_net(net: NetTruth) -> dict[str, Any]:
    return {
        "mesh_mm": net.mesh_mm,
        "line_mm": net.line_mm,
        "depth_mm": net.depth_mm,
        "outline": _round_numbers(net.outline),
        "lines": [_round_numbers(line) for line in net.lines],
    }


def _round_numbers(numbers: np.ndarray[Any, np.dtype[np.float64]]) -> list[Any]:
    return list(np.round(numbers, DECIMALS).tolist())


def _write_truth(folder: Path, truth: Mapping[str, Any]) -> Path:
    path = folder / "truth.json"
    path.write_bytes((json.dumps(truth, indent=1) + "\n").encode())
    return path


def _place_truth(folder: Path, stem: str) -> Path:
    """Where the truth of an image goes: a folder of its own, so that the folder of images holds images alone."""
    place = folder / TRUTH_FOLDER
    place.mkdir(parents=True, exist_ok=True)
    return place / f"{stem}.truth.json"
