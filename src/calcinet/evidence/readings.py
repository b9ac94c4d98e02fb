"""What images show of this patient, by the program or by a person, and what of it can be weighed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from calcinet.clinical.body_sites import SITES, Site
from calcinet.clinical.case import Case, Imaging, Lesion
from calcinet.clinical.conditions import has
from calcinet.clinical.exposure import list_unread
from calcinet.clinical.protein_levels import is_deficient
from calcinet.clinical.results import Assessment
from calcinet.clinical.skin_lesion import Biopsy
from calcinet.clinical.ternary import Ternary, all_of, any_of, share_any
from calcinet.evidence.weigh import Observation
from calcinet.text import say

Modality = Literal["film", "CT", "mammogram", "bone scan", "ultrasound", "MRI"]

SHOWS: Final[dict[str, frozenset[Site]]] = {
    "lower leg": frozenset({"lower leg", "leg"}),
    "ankle": frozenset({"ankle"}),
    "foot": frozenset({"foot", "toe"}),
    "toe": frozenset({"toe"}),
    "knee": frozenset({"knee"}),
    "thigh": frozenset({"thigh", "leg"}),
    "leg": frozenset({"leg", "thigh", "knee", "lower leg"}),
    "lower extremity": frozenset({"leg", "thigh", "knee", "lower leg", "ankle", "foot", "toe"}),
    "hip": frozenset({"buttock", "groin"}),
    "pelvis": frozenset({"buttock", "groin", "penis", "vulva"}),
    "hand": frozenset({"hand", "finger"}),
    "finger": frozenset({"finger"}),
    "forearm": frozenset({"forearm", "arm"}),
    "upper arm": frozenset({"upper arm", "arm"}),
    "arm": frozenset({"arm", "upper arm", "forearm"}),
    "upper extremity": frozenset({"arm", "upper arm", "forearm", "hand", "finger"}),
    "breast": frozenset({"breast"}),
    "chest": frozenset({"chest"}),
    "abdomen": frozenset({"abdomen"}),
    "trunk": frozenset({"trunk", "chest", "breast", "abdomen", "back", "buttock"}),
}
"""Sites of the body chart whose skin an image of a body part shows. Our choice: a limb that the case names without its
part is shown by a film of either part."""

BOTH_SIDES: Final = frozenset({"pelvis", "chest", "abdomen", "trunk"})
"""Body parts of which an image that names no side shows both. Our choice: no such film is taken of one half alone."""

MIDLINE: Final[frozenset[Site]] = frozenset({"penis", "vulva"})
"""Sites that have no side."""

EVERY_NET_ALIKE: Final = say(
    "Every net weighs the same, however large, dense or sure it is: the study gives no counts by size or by certainty."
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One image as read; None is not known."""

    id: str
    """Of the image, or "imaging.N" where a person read it."""
    modality: Modality
    site: str | None = None
    side: str | None = None
    net: bool | None = None
    """A net-like pattern; False only where the image could have shown one."""
    stated_good: bool = True
    """A reader who saw no net says that one could have been seen; the program says `net` only where it could."""
    vessels: tuple[str, ...] | None = None
    """Classes of calibre; empty where there is none."""
    soft_tissue: bool | None = None
    """Calcium in soft tissue that is neither net nor vessel."""
    uptake: bool | None = None
    contrast: bool | None = None
    resolvable_mm: float | None = None
    pixel_mm: float | None = None
    blind: bool = False
    """It cannot tell whether arterioles are calcified."""
    malignancy_suspected: bool | None = None
    by_program: bool = False
    """Read by calcinet, not by a person."""
    measured: bool = False
    """A bone scan whose soft tissue was measured; what that means is for a reader to say: `uptake` stays unknown."""

    def shows(self, lesion: Lesion, side: str | None) -> bool:
        """Whether the skin of a lesion, or of one of its two sides, is surely on it; without a side, of either."""
        return self._shows_site(lesion) is True and (side is None or self._shows_side(lesion, side) is True)

    def may_show(self, lesion: Lesion) -> Ternary:
        """Whether the skin of a lesion is on it, on either side; None where a body part or a side is missing."""
        return all_of([self._shows_site(lesion), self._shows_side(lesion, lesion.side)])

    @property
    def surely_without_net(self) -> bool:
        """Whether there is no net where one could have been seen: never where contrast agent may hide it on CT."""
        hidden = self.modality == "CT" and self.contrast is not False
        return self.net is False and self.stated_good and not hidden

    def _shows_site(self, lesion: Lesion) -> Ternary:
        if self.site in SHOWS:
            return lesion.site in SHOWS[self.site]
        if self.site in SITES:
            return lesion.site == self.site
        return None

    def _shows_side(self, lesion: Lesion, side: str | None) -> Ternary:
        if "B" in (self.side, side) or lesion.site in MIDLINE:
            return True
        if self.side is None and self.site in BOTH_SIDES:
            return True
        if self.side is None or side is None:
            return None
        return self.side == side


def read_by_people(case: Case) -> tuple[Reading, ...]:
    """Earlier images of the case file."""
    return tuple(_read(number, image) for number, image in enumerate(case.imaging))


def _read(number: int, image: Imaging) -> Reading:
    limited = image.quality == "limited"
    net = image.net_like
    if limited and net is False:
        net = None
    return Reading(
        id=f"imaging.{number}",
        modality=image.modality,
        site=image.site,
        side=image.side,
        net=net,
        stated_good=image.quality == "good",
        vessels=image.vessels,
        soft_tissue=image.soft_tissue_calcium,
        uptake=image.uptake,
        contrast=image.contrast,
        blind=limited and image.modality in ("film", "mammogram"),
        malignancy_suspected=image.malignancy_suspected,
    )


def observations(case: Case, assessment: Assessment, readings: Sequence[Reading]) -> tuple[Observation, ...]:
    """One observation for each finding of the table of weights."""
    return (
        bone_scan(readings),
        net_like(case, readings),
        _combine_answers("large_vessels", readings, _is_large),
        _read_histology(case),
        _read_biopsies("fine_calcium_and_thrombosis", case, _has_fine_calcium_and_thrombosis),
        _read_biopsies("fine_calcium", case, lambda biopsy: biopsy.fine_calcium),
        _read_blood("lupus_anticoagulant", assessment, ("positive",), ("negative",)),
        Observation("protein_c_deficiency", is_deficient(case, assessment, "protein_c")),
        Observation("protein_s_deficiency", is_deficient(case, assessment, "protein_s")),
    )


def bone_scan(readings: Sequence[Reading]) -> Observation:
    """Uptake of soft tissue as a person read it: the program's own grade is not validated and is no observation."""
    read = _combine_answers("bone_scan", readings, lambda reading: reading.uptake)
    if read.present is None and any(reading.measured for reading in readings):
        doubt = say(
            "measured by the program, whose grade has not been validated: it counts once a reader has stated it in the "
            "case file"
        )
        return Observation("bone_scan", None, doubt=doubt)
    return read


def net_like(case: Case, readings: Sequence[Reading]) -> Observation:
    """A net on any image is one finding; there is none only where every image of the affected sites could show one."""
    seen = [reading for reading in readings if reading.net]
    if seen:
        return _read_net(seen, readings, case)
    looked = [reading for reading in readings if reading.modality in ("film", "CT", "mammogram")]
    if not looked:
        return Observation("net_like", None, doubt=say("no film was looked at"))
    cautions: tuple[str, ...] = ()
    if case.lesions is None:
        cautions = (say("Where the lesions are was not told; that there is no net holds for what these images show."),)
    doubt = _explain_unshown(case.lesions or (), looked)
    if doubt:
        return Observation("net_like", None, _list_ids(looked), doubt, cautions)
    doubt = ""
    if all(reading.modality != "film" for reading in looked):
        doubt = say("it was counted on films, and none was looked at")
    return Observation("net_like", False, _list_ids(looked), doubt, cautions)


def _read_net(seen: Sequence[Reading], readings: Sequence[Reading], case: Case) -> Observation:
    """A net: it weighs where a film, or a CT without contrast, shows it at an affected site and no vein explains it."""
    places = [(reading, _shows_affected_site(reading, case)) for reading in seen if _is_comparable(reading)]
    fitting = [reading for reading, affected in places if affected] or [
        reading for reading, affected in places if affected is None
    ]
    doubt = _explain_unweighed_net(seen, bool(places), bool(fitting), venous_disease(case))
    if doubt:
        return Observation("net_like", True, _list_ids(seen), doubt)
    assumed = not any(affected for _, affected in places)
    cautions = *_warn_of_disagreement(fitting, readings), *_list_net_cautions(fitting, case, assumed)
    return Observation("net_like", True, _list_ids(fitting), "", cautions)


def _warn_of_disagreement(seen: Sequence[Reading], readings: Sequence[Reading]) -> Iterator[str]:
    """Say that one image of a site shows a net and another of the same site none."""
    clear = [reading for reading in readings if reading.net is False]
    if any(_is_among_sites(reading, clear) for reading in seen):
        yield say(
            "Two images of the same site disagree: a net was seen on one and none on the other. Have both read again, "
            "side by side."
        )


def _is_among_sites(reading: Reading, others: Sequence[Reading]) -> bool:
    return any(_is_of_same_site(reading, other) for other in others)


def _is_of_same_site(one: Reading, other: Reading) -> bool:
    sides = {one.side, other.side}
    return one.site is not None and one.site == other.site and (len(sides) == 1 or "B" in sides or None in sides)


def _is_comparable(reading: Reading) -> bool:
    """Whether the counts, which are of films, may stand for it: CT without contrast shows the same fine calcium."""
    return reading.modality == "film" or (reading.modality == "CT" and reading.contrast is False)


def _shows_affected_site(reading: Reading, case: Case) -> Ternary:
    """Whether an image shows skin with a lesion; None where the lesions, the body part or the side are not known."""
    if case.lesions is None:
        return None
    return any_of(map(reading.may_show, case.lesions))


def _explain_unweighed_net(seen: Sequence[Reading], comparable: bool, fitting: bool, venous: Ternary) -> str:
    """Why a net that was seen does not count; empty where it does."""
    if not comparable and all(reading.modality == "CT" for reading in seen):
        return say("it was counted on films; a CT stands for one only where it is stated to be without contrast")
    if not comparable:
        return say("it was counted on films, and none of the images that show it here is one")
    if not fitting:
        return say("no image that shows it is of a site with a lesion, and elsewhere nobody has counted it")
    if venous:
        return say("chronic venous disease makes a reticular pattern too: it does not count here")
    return ""


def _list_net_cautions(fitting: Sequence[Reading], case: Case, assumed: bool) -> Iterator[str]:
    yield EVERY_NET_ALIKE
    if assumed:
        yield say(
            "It is taken for granted that the image with the net shows a site with a lesion: the body part or side of "
            "one of them is not stated. If it shows another site, the net must not count."
        )
    if all(reading.modality == "CT" for reading in fitting):
        yield say("The net was seen on CT; its likelihood ratio was counted on films, and nobody has counted it on CT.")
    if venous_disease(case) is None:
        yield say(
            "Chronic venous disease, which makes a reticular pattern too, has not been asked about: if it is present, "
            "the net must not count."
        )
    if all(reading.by_program for reading in fitting):
        yield say("The program marked the net; its weight is that of two radiologists' reading.")


def venous_disease(case: Case) -> Ternary:
    """Whether there is venous disease: one sign of it is enough, however else it was told."""
    stated = case.examination.venous_disease, has(case, "venous insufficiency")
    changed_skin = (case.examination.ceap or "C0") >= "C4"
    named = any(item.name == "varicose ulcer" and item.state != "excluded" for item in case.exclusions)
    if True in (*stated, changed_skin, named):
        return True
    if False in stated:
        return False
    return None


def _explain_unshown(lesions: Sequence[Lesion], looked: Sequence[Reading]) -> str:
    """Why a net cannot be said to be absent; empty where it can."""
    sites: list[tuple[Lesion, str | None]] = []
    for lesion in lesions:
        sites += [(lesion, side) for side in _list_sides(lesion)]
    for lesion, side in sites:
        if not any(reading.shows(lesion, side) for reading in looked):
            return _list_unshown(lesion, side)
    for reading in looked:
        affected = not sites or any(reading.shows(*site) for site in sites)
        if affected and not reading.surely_without_net:
            return say("not every image of the affected sites could have shown it")
    return ""


def _list_unshown(lesion: Lesion, side: str | None) -> str:
    if side is None:
        return say("not every affected site is on an image: {site} is not", site=lesion.site)
    if side == "L":
        return say("not every affected site is on an image: the left {site} is not", site=lesion.site)
    return say("not every affected site is on an image: the right {site} is not", site=lesion.site)


def _list_sides(lesion: Lesion) -> tuple[str | None, ...]:
    if lesion.side == "B":
        return "L", "R"
    return (lesion.side,)


def _list_ids(readings: Iterable[Reading]) -> tuple[str, ...]:
    return tuple(reading.id for reading in readings)


def _combine_answers(finding: str, readings: Sequence[Reading], shows: Callable[[Reading], bool | None]) -> Observation:
    """Present where one image shows it, absent where at least one was read for it and none does."""
    positive: list[str] = []
    read: list[str] = []
    for reading in readings:
        answer = shows(reading)
        if answer is not None:
            read.append(reading.id)
        if answer:
            positive.append(reading.id)
    if not read:
        return Observation(finding, None, doubt=say("not looked for"))
    return Observation(finding, bool(positive), tuple(positive or read))


def _is_large(reading: Reading) -> bool | None:
    return share_any(reading.vessels, ("large", "medium"))


def _read_histology(case: Case) -> Observation:
    done = [biopsy for biopsy in case.pathology if biopsy.status == "done" and not biopsy.contradicts_itself]
    results = {biopsy.result for biopsy in done}
    if "positive" in results:
        return Observation("histology", True)
    if "negative" in results:
        return Observation("histology", False)
    return Observation("histology", None)


def _has_fine_calcium_and_thrombosis(biopsy: Biopsy) -> Ternary:
    return all_of([biopsy.fine_calcium, biopsy.vessels_thrombosed])


def _read_biopsies(finding: str, case: Case, shows: Callable[[Biopsy], Ternary]) -> Observation:
    """What a biopsy that was done shows under the microscope; one that shows it is enough."""
    done = [biopsy for biopsy in case.pathology if biopsy.status == "done"]
    if not done:
        return Observation(finding, None, doubt=say("no biopsy was done"))
    return Observation(finding, any_of(map(shows, done)))


def _read_blood(finding: str, assessment: Assessment, yes: tuple[str, ...], no: tuple[str, ...]) -> Observation:
    """A thrombophilia; on a vitamin K antagonist, or a drug that is not recognised, it cannot be told."""
    result = assessment.lab(finding)
    if result is None or assessment.taking("vitamin_k_antagonist") or list_unread(assessment):
        return Observation(finding, None)
    word = result.word or {"H": "high", "L": "low", "N": "normal"}.get(result.flag or "", "")
    if word in yes:
        return Observation(finding, True)
    if word in no:
        return Observation(finding, False)
    return Observation(finding, None)
