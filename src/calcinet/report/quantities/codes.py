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


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A concept: Code Value, Coding Scheme Designator, Code Meaning (PS3.3 8.8)."""

    value: str
    scheme: str
    meaning: str
    nearest: str = ""
    """The closest standard concept, where this one is ours."""
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
    """Code a quantity of an image, of a part of it or of a finding."""
    return _look_up("quantity", name)


def concept_of_quantity(code: str) -> Code:
    """Find the concept of a quantity by its SCHEME:VALUE; quantities that share one share its meaning."""
    return _index_quantities()[code]


def kind_code(kind: str) -> Code:
    """Code a kind of finding: vessel, net, focus, uptake."""
    return _look_up("kind", kind)


def class_code(calibre_class: str) -> Code:
    """Code a class of vessel."""
    return _look_up("class", calibre_class)


def compartment_code(compartment: str) -> Code:
    """Code the layer of a limb, or on CT the part of the body, that holds calcium."""
    return _look_up("compartment", compartment)


def compartment_word(*, on_ct: bool) -> Code:
    """Code what a compartment is: on a film a layer of depth in the projection, on CT what holds the calcium."""
    if on_ct:
        return word_code("ct_compartment")
    return word_code("compartment")


def side_code(side: str) -> Code:
    """Code L, R or B."""
    return _look_up("side", side)


def site_code(anatomy: str) -> Code | None:
    """Code a body part; None where no standard concept was verified, so that its words must do."""
    return codes()["site"].get(anatomy)


def level_code(level: str | None, anatomy: str) -> Code | None:
    """Code a level of the body on CT; where it is unknown, the body part of the image."""
    return codes()["level"].get(level or "") or site_code(anatomy)


def form_code(form: str) -> Code:
    """Code what calcium looks like in space."""
    return _look_up("form", form)


def word_code(word: str) -> Code:
    """Code what stands beside numbers: `category`, `calibre_class`, `caution`, ..."""
    return _look_up("word", word)


def private_codes() -> list[Code]:
    """List the concepts of ours, in the order of the table."""
    found: list[Code] = []
    for group in codes().values():
        for code in group.values():
            if code.ours:
                found.append(code)
    return found


@cache
def codes() -> Mapping[str, Mapping[str, Code]]:
    """Read the table: group, name, code."""
    groups: dict[str, Mapping[str, Code]] = {}
    for group, entries in _read_table().items():
        if group != "scheme":
            groups[group] = {name: _make_code(**entry) for name, entry in entries.items()}
    return groups


def scheme() -> Mapping[str, str]:
    """Designator, name and URI of our own scheme."""
    found: Mapping[str, str] = _read_table()["scheme"]
    return found


def _read_table() -> Mapping[str, Any]:
    return tomllib.loads((files("calcinet.report") / "codes.toml").read_text("utf-8"))


@cache
def _index_quantities() -> Mapping[str, Code]:
    return {str(code): code for code in codes()["quantity"].values()}


def _make_code(code: str, meaning: str, **ours: Any) -> Code:
    designator, _, value = code.partition(":")
    return Code(value=value, scheme=designator, meaning=meaning, **ours)


def _look_up(group: str, name: str) -> Code:
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
        for name, code in entries.items():
            lines.append(f"| `{name}` | {code} | {code.meaning} | {_describe_nearest(code)} |")
        lines.append("")
    return "\n".join(lines)


def _describe_nearest(code: Code) -> str:
    if not code.ours:
        return "itself"
    return f"{code.nearest}: {code.because}"
