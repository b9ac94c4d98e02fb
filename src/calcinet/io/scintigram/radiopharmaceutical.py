"""Whether a scintigram is of bone, by what its header says of nuclide, drug, energy and body part."""

import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Final
from unicodedata import combining, normalize

from pydicom.dataset import Dataset

from calcinet.constants import TECHNETIUM_99M_HALF_LIFE_H
from calcinet.errors import Unreadable
from calcinet.io.dicom.header import code_meanings, items, number, text
from calcinet.io.scintigram.views import windows_with_photopeak
from calcinet.text import say

HALF_LIFE_WITHIN: Final = 0.1
"""Share of the half-life by which a stated one may differ. Our choice: rounded to 6 h it differs by 0.001."""

SECONDS_PER_UNIT: Final = (3600.0, 60.0, 1.0)
"""Seconds in an hour, a minute and a second: PS3.3 C.8.4.10 states the half-life in seconds, some files in minutes or
hours. Our choice: no nuclide that a camera is used with has a half-life of 6 s or 360 s."""

TECHNETIUM: Final = re.compile(r"tc|te[ck]h?n|锝|鎝")

BONE: Final = re.compile(
    r"bone|skelet|squelet|esquelet|\boss|\bose[ao]|osteo|hueso|knochen|骨|"
    r"\b(?:h?mdp|hdp|dpd|pyp)\b|medron|oxidron|butedron|fosfon|phosphon|pyrophosph|diphos"
)
"""Names of bone and of the drugs that seek it. Our choice: the words of five languages."""

MARROW: Final = re.compile(r"(?:bone )?marrow|knochenmark|骨髓")
"""Has the name of bone in it, and is another examination."""

OTHER_DRUG: Final = re.compile(
    r"\b(?:maa|mibi|dtpa|mag ?3|dmsa|b?r?hida|mibg|hmpao|ecd|rbc|wbc|fdg|psma|hsa)\b|macroaggreg|albumin|sestamibi|"
    r"tetrofosmin|myoview|cardiolite|pentetate|mertiatide|succimer|mebrofenin|disofenin|colloid|nanocol|tilmanocept|"
    r"pertechn|iodide|iobenguan|octreo|pentetreotide|tektrotyd|dotat|exametazime|bicisate|erythrocyt|leu[ck]ocyt|"
    r"sulesomab|besilesomab|gallium|thall|technegas|xenon|krypton|ioflupan|datscan|trodat"
)
"""Drugs of other examinations. Our choice: those in use; a drug that is not known contradicts nothing."""

OTHER_NUCLIDE: Final = re.compile(
    r"\b(?:i|iodine|jod|in|indium|ga|tl|xe|kr|lu|lutetium|sm|ra|radium)[-^]*(?:12[345]|131|111|6[78]|201|133|81|177|153|"
    r"223)m?(?![0-9])|(?<![0-9])(?:12[345]|131|111|6[78]|201|133|81|177|153|223)m?[-^]*(?:i|iodine|jod|in|indium|ga|tl|xe|kr|lu|sm|ra)\b"
)
"""Nuclides of other examinations as descriptions write them: I-131, 131I, In-111."""

OTHER_ORGAN: Final = re.compile(
    r"thyroid|tiroid|schilddr|\blung|pulmon|ventilation|\bheart|cardia|myocard|\bmuga\b|kidney|renal|renogra|\bliver|hepat|"
    r"bilia|gallbl|spleen|brain|cerebr|gastric|esophag|saliva|parotid|lymph|sentinel|meckel|甲[状狀]腺|肺|心肌|[肾腎]|肝|脑|腦"
)
"""Organs of other examinations; beside the name of bone they contradict nothing (a bone scan for renal disease)."""

DESCRIPTIONS: Final = ("StudyDescription", "SeriesDescription", "ProtocolName", "BodyPartExamined")

GENIE: Final = ("GEMS_GENIE_1", 0x0011, 0x0D)
"""Private creator, group and element of the name of the nuclide in files of one maker."""


def require_bone_scan(dataset: Dataset) -> None:
    """Refuse a scintigram whose header says that it is of something else; silence contradicts nothing.

    Raises
    ------
    Unreadable
        If nuclide, half-life, energy windows, drug, body part or description contradict.
    """
    found = _find_contradiction(dataset)
    if found is None:
        return
    message = say(
        "the header gives {found}; expected a bone scan with technetium-99m: choose the bone scan itself", found=found
    )
    raise Unreadable(message, code="not-a-bone-scan")


def bone_scan_cautions(dataset: Dataset) -> tuple[str, ...]:
    """A remark where neither drug nor description names bone."""
    if _has_bone_name(_read_descriptions(dataset)) or _has_bone_name(_read_drugs(dataset)):
        return ()
    return (say("nothing in the file says that this is a bone scan: that it is one is taken on trust"),)


def half_life_h(drug: Dataset) -> float:
    """Half-life in hours as stated in seconds, if it is technetium's; else that of technetium-99m."""
    stated_h = (number(drug, "RadionuclideHalfLife") or 0.0) / 3600
    if _is_technetium(stated_h):
        return stated_h
    return TECHNETIUM_99M_HALF_LIFE_H


def _find_contradiction(dataset: Dataset) -> str | None:
    """What the header says that no bone scan has, most telling first."""
    drugs = _read_drugs(dataset)
    if any(_is_other_nuclide(name) for name in _read_nuclides(dataset)) or OTHER_NUCLIDE.search(drugs):
        return say("another radionuclide")
    hours = _find_other_half_life(dataset)
    if hours is not None:
        return say("a half-life of {hours:.3g} h", hours=hours)
    windows = windows_with_photopeak(dataset)
    if windows and all(holds is False for holds in windows):
        return say("energy windows without 140.5 keV")
    if OTHER_DRUG.search(drugs) and not _has_bone_name(drugs):
        return say("a drug of another examination")
    descriptions = _read_descriptions(dataset)
    if _has_bone_name(descriptions) or _has_bone_name(drugs):
        return None
    if any(pattern.search(descriptions) for pattern in (OTHER_DRUG, OTHER_NUCLIDE, OTHER_ORGAN, MARROW)):
        return say("the name of another examination")
    return None


def _find_other_half_life(dataset: Dataset) -> float | None:
    """A stated half-life, in hours, that is not technetium's in any unit; None where there is none."""
    for drug in items(dataset, "RadiopharmaceuticalInformationSequence"):
        stated = number(drug, "RadionuclideHalfLife")
        if stated is not None and stated > 0 and not _may_be_technetium(stated):
            return stated / 3600
    return None


def _may_be_technetium(half_life: float) -> bool:
    """Whether a half-life is technetium's in hours, minutes or seconds."""
    return any(_is_technetium(half_life * seconds / 3600) for seconds in SECONDS_PER_UNIT)


def _is_technetium(hours: float) -> bool:
    return abs(hours / TECHNETIUM_99M_HALF_LIFE_H - 1) <= HALF_LIFE_WITHIN


def _has_bone_name(said: str) -> bool:
    return BONE.search(MARROW.sub(" ", said)) is not None


def _is_other_nuclide(name: str) -> bool:
    """Whether a name with a mass number is not of technetium.

    >>> [_is_other_nuclide(name) for name in ("tc-99m", "^99m^technetium", "^131^iodine", "unknown")]
    [False, False, True, False]
    """
    return bool(re.search(r"[0-9]", name)) and not TECHNETIUM.search(name)


def _read_descriptions(dataset: Dataset) -> str:
    said = [text(dataset, keyword) for keyword in DESCRIPTIONS]
    return _simplify(said + code_meanings(dataset, "AnatomicRegionSequence"))


def _read_drugs(dataset: Dataset) -> str:
    names = []
    codes = []
    for drug in items(dataset, "RadiopharmaceuticalInformationSequence"):
        names.append(text(drug, "Radiopharmaceutical"))
        codes.extend(code_meanings(drug, "RadiopharmaceuticalCodeSequence"))
    return _simplify(names + codes)


def _read_nuclides(dataset: Dataset) -> list[str]:
    """Names of the radionuclide, in lower case."""
    said: list[str] = []
    for drug in items(dataset, "RadiopharmaceuticalInformationSequence"):
        said.extend(code_meanings(drug, "RadionuclideCodeSequence"))
    creator, group, element = GENIE
    with suppress(Exception):  # absent, or a private block that is broken
        said.append(str(dataset.private_block(group, creator)[element].value))
    return [name.lower() for name in said]


def _simplify(said: Sequence[str]) -> str:
    """Lower case without accents, words of different elements apart."""
    letters = normalize("NFKD", " | ".join(said).lower())
    bare = "".join(letter for letter in letters if not combining(letter))
    return re.sub(r"[_/,;()]+", " ", bare)
