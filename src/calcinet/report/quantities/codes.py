"""The coded concepts of a record: one table for DICOM, FHIR and spreadsheets."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from calcinet.errors import BadInput

SYSTEMS: Final[Mapping[str, str]] = {
    "DCM": "http://dicom.nema.org/resources/ontology/DCM",
    "SCT": "http://snomed.info/sct",
    "LN": "http://loinc.org",
    "99CALCINET": "urn:calcinet:codes",
}
"""FHIR's name of a coding scheme (PS3.16 8; FHIR R4 terminologies)."""

LONGEST_VALUE: Final = 16
LONGEST_MEANING: Final = 64
"""Characters of Code Value and Code Meaning (PS3.5 6.2: SH, LO)."""


@dataclass(frozen=True, slots=True)
class Code:
    """A concept: Code Value, Coding Scheme Designator, Code Meaning (PS3.3 8.8)."""

    value: str
    scheme: str
    meaning: str
    nearest: str = ""
    """Of a concept of ours: the closest standard one."""
    because: str = ""
    """Why that one is another thing."""

    def __post_init__(self) -> None:
        if len(self.value) > LONGEST_VALUE or len(self.meaning) > LONGEST_MEANING:
            raise ValueError(f"{self} is longer than DICOM allows")

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"

    @property
    def system(self) -> str:
        """FHIR's name of the scheme."""
        return SYSTEMS[self.scheme]

    @property
    def ours(self) -> bool:
        """Whether no standard scheme has it."""
        return self.scheme == "99CALCINET"


def quantity_code(name: str) -> Code:
    """Code a quantity of a record; `f3.calibre_mm` is coded as `calibre_mm`."""
    head, dot, rest = name.partition(".")
    of_finding = dot and head[:1] == "f" and head[1:].isdigit()
    return _coded("quantity", rest if of_finding else name)


def kind_code(kind: str) -> Code:
    """Code a kind of finding: vessel, net, focus, uptake."""
    return _coded("kind", kind)


def class_code(calibre_class: str) -> Code:
    """Code a class of vessel."""
    return _coded("class", calibre_class)


def compartment_code(compartment: str) -> Code:
    """Code the layer of a limb, or on CT the part of the body, that holds calcium."""
    return _coded("compartment", compartment)


def compartment_word(*, on_ct: bool) -> Code:
    """Code what a compartment is: on a film a layer of depth in the projection, on CT what holds the calcium."""
    return word_code("ct_compartment" if on_ct else "compartment")


def side_code(side: str) -> Code:
    """Code L, R or B."""
    return _coded("side", side)


def site_code(anatomy: str) -> Code | None:
    """Code a body part; None where no standard concept was verified, so that its words must do."""
    return codes()["site"].get(anatomy)


def level_code(level: str | None, anatomy: str) -> Code | None:
    """Code a level of the body on CT; where it is unknown, the body part of the image."""
    return codes()["level"].get(level or "") or site_code(anatomy)


def form_code(form: str) -> Code:
    """Code what calcium looks like in space."""
    return _coded("form", form)


def word_code(word: str) -> Code:
    """Code what stands beside numbers: `category`, `calibre_class`, `caution`, ..."""
    return _coded("word", word)


def private_codes() -> list[Code]:
    """List the concepts of ours, in the order of the table."""
    return [code for group in codes().values() for code in group.values() if code.ours]


@cache
def codes() -> Mapping[str, Mapping[str, Code]]:
    """Read the table: group, name, code."""
    table = tomllib.loads((files("calcinet.report") / "codes.toml").read_text("utf-8"))
    return {
        group: {name: _code(**entry) for name, entry in entries.items()}
        for group, entries in table.items()
        if group != "scheme"
    }


def scheme() -> Mapping[str, str]:
    """Designator, name and URI of our own scheme."""
    table = tomllib.loads((files("calcinet.report") / "codes.toml").read_text("utf-8"))
    found: Mapping[str, str] = table["scheme"]
    return found


def _code(code: str, meaning: str, **ours: Any) -> Code:
    designator, _, value = code.partition(":")
    return Code(value, designator, meaning, **ours)


def _coded(group: str, name: str) -> Code:
    try:
        return codes()[group][name]
    except KeyError:
        raise BadInput(f"no code for the {group} {name!r}: give it one in report/codes.toml") from None


def mapping_page() -> str:
    """Write docs/codes.md."""
    ours = scheme()
    lines = [
        "# Codes",
        "",
        "Made from `src/calcinet/report/codes.toml` by `python -m tools.codes`; a test keeps it true.",
        "",
        "Where a standard concept fits, DICOM (DCM) and SNOMED CT (SCT) codes are used, each as it stands in pydicom's",
        f"dictionary. For the others there is one scheme of our own, `{ours['designator']}` (in FHIR `{ours['uri']}`).",
        "",
    ]
    for group, entries in codes().items():
        lines += [
            f"## {group.capitalize()}",
            "",
            "| In the record | Code | Meaning | Nearest standard concept |",
            "| --- | --- | --- | --- |",
        ]
        lines += [f"| `{name}` | {code} | {code.meaning} | {_nearest(code)} |" for name, code in entries.items()]
        lines.append("")
    return "\n".join(lines)


def _nearest(code: Code) -> str:
    if not code.ours:
        return "itself"
    return f"{code.nearest}: {code.because}"
