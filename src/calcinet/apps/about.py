"""What this installation is and can do; imports nothing heavy, so that it answers at once."""

import platform
import textwrap
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from calcinet import weights_manifest
from calcinet.apps.console import EXIT_MEANS
from calcinet.report.labels import FORMATS, LANGUAGES
from calcinet.version import __version__

COMPONENTS: Final = (
    "numpy",
    "scipy",
    "opencv-python-headless",
    "scikit-image",
    "pydicom",
    "highdicom",
    "pynetdicom",
    "requests",
    "fhir.resources",
    "python-gdcm",
    "pylibjpeg",
    "pylibjpeg-openjpeg",
    "pillow",
    "tifffile",
    "onnxruntime",
    "pydantic",
    "pyyaml",
    "pint",
    "ucumvert",
    "nibabel",
    "jinja2",
    "babel",
    "typst",
    "typer",
    "sqlalchemy",
    "psycopg",
)

READS: Final = ("DICOM", "DICOMDIR", "PNG", "JPEG", "TIFF", "NIfTI", "zip", "folder")
WIDTH: Final = 100
"""Letters of a line for people. Our choice: fits most terminals."""

DIGITS: Final = 12
"""Of a digest that people read. Our choice: as in the names of films."""

RECORD_SCHEMA: Final = "calcinet.record/1"


def about() -> dict[str, Any]:
    """Gather versions, formats, modalities, the detector, languages and exit codes."""
    return {
        "version": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "schema": RECORD_SCHEMA,
        "model": {"name": weights_manifest.NAME, "sha256": weights_manifest.sha256()},
        "weights": _describe_weights(),
        "reads": list(READS),
        "writes": list(FORMATS),
        "modalities": sorted(weights_manifest.MODALITIES),
        "languages": list(LANGUAGES),
        "exit_codes": {str(int(code)): meaning for code, meaning in EXIT_MEANS.items()},
        "components": {name: _find_version(name) for name in COMPONENTS},
    }


def about_in_words() -> str:
    """The same for people."""
    facts = about()
    lines = [
        f"calcinet {facts['version']}, Python {facts['python']}, {facts['platform']}",
        *(_fill(key, facts[key]) for key in ("reads", "writes", "languages")),
        _fill("components", [f"{name} {number or 'missing'}" for name, number in facts["components"].items()]),
        "weights",
        *_tabulate_weights(facts["weights"]),
        "exit codes",
        *(f"  {code}  {meaning}" for code, meaning in facts["exit_codes"].items()),
        "Decision support for research; not a diagnosis.",
    ]
    return "\n".join(lines)


def _fill(key: str, words: Sequence[str]) -> str:
    """One fact, over several lines where it is long."""
    return textwrap.fill(f"{key:<12}{', '.join(words)}", WIDTH, subsequent_indent=" " * 12, break_on_hyphens=False)


def _describe_weights() -> list[dict[str, Any]]:
    """Which weights mark images of each modality, and whether they are here as they were tested."""
    told: dict[str | None, dict[str, Any]] = {}
    for modality, name in weights_manifest.MODALITIES.items():
        if name not in told:
            told[name] = {"name": name, "modalities": [], "sha256": None, "state": None, "trained_for": None}
        told[name]["modalities"].append(modality)
        if name is not None:
            told[name]["sha256"] = weights_manifest.sha256(name)
            told[name]["state"] = weights_manifest.state(name)
            told[name]["trained_for"] = weights_manifest.TRAINED_FOR[name]
    return list(told.values())


def _tabulate_weights(weights: Sequence[Mapping[str, Any]]) -> list[str]:
    """One line each: modalities, name, first letters of the digest, state, purpose."""
    lines = []
    for entry in weights:
        line = f"  {', '.join(entry['modalities']):<8}"
        if entry["name"] is None:
            lines.append(f"{line}none: rules that nothing was trained for")
        else:
            digest = (entry["sha256"] or "")[:DIGITS]
            lines.append(f"{line}{entry['name']}, {digest}, {entry['state']}: {entry['trained_for']}")
    return lines


def _find_version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
