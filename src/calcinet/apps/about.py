"""What this installation is and can do; imports nothing heavy, so that it answers at once."""

import platform
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
)

READS: Final = ("DICOM", "DICOMDIR", "PNG", "JPEG", "TIFF", "NIfTI", "zip", "folder")
MODALITIES: Final = ("CR", "CT", "DX", "MG", "NM")
RECORD_SCHEMA: Final = "calcinet.record/1"


def about() -> dict[str, Any]:
    """Gather versions, formats, modalities, the detector, languages and exit codes."""
    return {
        "version": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "schema": RECORD_SCHEMA,
        "model": {"name": weights_manifest.NAME, "sha256": weights_manifest.sha256()},
        "reads": list(READS),
        "writes": list(FORMATS),
        "modalities": list(MODALITIES),
        "languages": list(LANGUAGES),
        "exit_codes": {str(int(code)): meaning for code, meaning in EXIT_MEANS.items()},
        "components": {name: _find_version(name) for name in COMPONENTS},
    }


def about_in_words() -> str:
    """The same for people."""
    facts = about()
    lines = [
        f"calcinet {facts['version']}, Python {facts['python']}, {facts['platform']}",
        f"detector    {facts['model']['name']}",
        *(f"{key:<12}{', '.join(facts[key])}" for key in ("reads", "writes", "modalities", "languages")),
        "components  " + ", ".join(f"{name} {number or 'missing'}" for name, number in facts["components"].items()),
        "exit codes",
        *(f"  {code}  {meaning}" for code, meaning in facts["exit_codes"].items()),
        "Decision support for research; not a diagnosis.",
    ]
    return "\n".join(lines)


def _find_version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
