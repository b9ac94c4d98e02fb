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
    r"bone|s[kc]h?[ei]let|skjelet|squelet|esquelet|\boss|\bose[ao]|\boso?as|osteo|hueso|knochen|knogle|\bbe(?:i)?nscint|"
    r"\bbot(?:ten|scan|scint)|\bkos[ct]|\bcsont|\bluu(?:st|sto|n)|\bkaul|kemik|iskelet|остео|\bкост|\bкіст|скелет|\bοστ|σκελετ|骨|ほね|"
    r"\b(?:h?mdp|hdp|dpd|pyp)\b|medron|oxidron|butedron|fosfon|phosphon|pyrophosph|diphos"
)
"""Names of bone and of the drugs that seek it, without accents. Our choice: the words of the languages of Europe,
Chinese and Japanese."""

BONE_DRUGS: Final = {
    "medronate": re.compile(r"\bmdp\b|(?<!oxi)(?<!hydroxy)medron|methylen\w*[ -]*di"),
    "oxidronate": re.compile(r"\bhmdp\b|\bhdp\b|oxidron|oximedron|hydroxymeth"),
    "butedronate": re.compile(r"\bdpd\b|butedron"),
    "pyrophosphate": re.compile(r"\bpyp\b|pyrophosph|pirofosf"),
}
"""Drugs that seek bone, by the name that the record has for each. Our choice: those in use."""

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

THYROID: Final = (
    r"thyroid|tiroid|tireoid|thyreo|schilddr|schildklier|skjoldbrus|skoldkort|tarczyc|stitn[aej]|scitnic|pajzsmirig|"
    r"kilpirauh|kilpnaar|skydliauk|vairogdz|guatr|щитовид|щитоподиб|щитоподіб|θυρεοειδ|甲[状狀]"
)
LUNG: Final = (
    r"\blung|pulmon|pulmao|polmon|poumon|\blong(?:en)?(?:\b|perf|vent|scint|scan|func)|\bp[lł]j?uc|\bplic|\btudo|keuhko|"
    r"\bkops|\bplau[cs]|\bplaman|akciger|ventilat|ventilac|ventilaz|\bлегк|\bлеген|бял дроб|"
    r"белия[т]? дроб|πνευμον|πνευμων|肺"
)
HEART: Final = (
    r"\bheart|cardia|cardio|kardi|m[iy]o[ck]ard|miokard|\bmuga\b|\bc(?:oe|œ)ur|corazon|coracao|\bcuore|\bherz|\bhart(?:\b|scint|spier)|"
    r"\bhjert|\bhjart|\bserc|\bsrd[cec]|\bsrc[aen]|\bsziv|\bsyda|\bsudame|\bsird|\binim|\bkalp|\bkalb|сердц|сердеч|\bсерц|"
    r"сърц|сърдеч|миокард|м[иі]окард|καρδι|μυοκαρδ|心[臓脏臟肌筋プフ]|心血池"
)
KIDNEY: Final = (
    r"kidney|renal|renogra|nephr|nefr|\bniere|\bnyre|\bnjur|\breins?\b|\brinon|\brins?\b|\brim\b|\breni\b|\bnier|\bnerk|\bnerek|"
    r"ledvin|ledvic|oblic[kie]|\bvese|munuai|\bneeru|\binkst|\brinich|\bbubre|\bbobrek|\bпоч[ек]|\bнирк|нирок|бъбре|"
    r"νεφρ|[肾腎]"
)
"""An organ as descriptions name it, in lower case and without accents: in the languages of Europe, Chinese and
Japanese."""

OTHER_ORGAN: Final = re.compile(
    "|".join((THYROID, LUNG, HEART, KIDNEY))
    + r"|\bliver|hepat|\bleber|\bfoie|figado|higado|fegato|bilia|gallbl|spleen|brain|cerebr|gehirn|\bhirn|"
    r"cerveau|gastric|esophag|saliva|parotid|l[yi]m(?:ph|f)|\blinf|sentinel|meckel|печен|мозг|лимф|лімф|肝|脑|腦|脳|リンハ"
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


def name_bone_drug(dataset: Dataset) -> str | None:
    """The one drug of bone that the header names; None where it names none, or several."""
    said = _read_drugs(dataset)
    found = [name for name, pattern in BONE_DRUGS.items() if pattern.search(said)]
    if len(found) != 1:
        return None
    return found[0]


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
