"""From one or several records of a patient to the sections of a case report, in the order of CARE."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Final

from calcinet.record import FindingRecord, ImageRecord, Record
from calcinet.references import reference
from calcinet.report.blocks import Block, Heading, Items, Prose, Section, Table, cited
from calcinet.report.casereport.asked import ASKED
from calcinet.report.casereport.course import timeline
from calcinet.report.labels import CONFIDENCE, KINDS
from calcinet.report.language import Language, translator
from calcinet.report.pictures.annotation import number_of
from calcinet.report.pictures.figures import ranked
from calcinet.report.quantities.findings import image_name, size
from calcinet.report.quantities.numbers import number, percent
from calcinet.report.sections.patient import patient_sections
from calcinet.report.sections.weighing import weighing_sections
from calcinet.text import say

MOST_ARROWS: Final = 8
"""Findings that a caption names. Our choice: a caption is read beside the picture."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A film with its marks."""

    name: str
    """Of its file."""
    content: bytes = field(repr=False)
    """PNG."""
    caption: str


@dataclass(frozen=True, slots=True)
class Seen:
    """One examination: its record, and the marked pictures that lie beside it, by image id."""

    record: Record
    pictures: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """A case report, in words of its language."""

    title: str
    note: str
    """What this draft is, for its first line."""
    sections: tuple[Section, ...]
    """The thirteen items of CARE but the title, then the questions to the author."""
    photos: Mapping[str, tuple[Photo, ...]]
    """By the key of the section that they belong to."""
    references: Mapping[str, str]
    """Sources in the order in which they are cited, by key."""

    def marks(self, item: Prose) -> str:
        """Write the numbers of the sources of a sentence, as [1, 4]; empty where it has none."""
        keys = list(self.references)
        numbers = [str(keys.index(key) + 1) for key in item.cites if key in keys]
        return f" [{', '.join(numbers)}]" if numbers else ""


def draft(seen: Sequence[Seen], language: str = "en", *, calendar: bool = False) -> Draft:
    """Fill CARE's items from what the records say; what they do not say is a question to the author.

    Parameters
    ----------
    seen
        Examinations of one patient in the order of time, at least one. That they are of one patient is for the caller
        to know: a record names nobody.
    language
        en or zh-Hant.
    calendar
        Give days of the calendar; without it days are counted from the first that is known.
    """
    _ = translator(language)
    first, last = seen[0].record, seen[-1].record
    parts = {section.key: section.blocks for section in (*patient_sections(first, _), *weighing_sections(first, _))}
    content = {
        "keywords": (_keywords(seen, _),),
        "abstract": _abstract(first, _),
        "introduction": (),
        "patient": _patient(first, parts, _),
        "findings": _clinical(first, parts, _),
        "timeline": (timeline([one.record for one in seen], _, calendar=calendar),),
        "assessment": _assessment(seen, parts, _),
        "intervention": _intervention(first, _),
        "outcome": _outcome(seen, _),
        "discussion": _discussion(last, parts, _),
        "perspective": (),
        "consent": (),
    }
    sections = tuple(
        Section(key, _(ASKED[key].title), (*content[key], *(_ask(text, _) for text in ASKED[key].questions)))
        for key in content
    )
    sections += (Section("questions", _("Questions to the author"), (Items(tuple(_questions(first, _))),)),)
    return Draft(
        _title(first, _),
        _("Draft made by calcinet from its record alone. It is not a diagnosis. Marked questions are for the author."),
        sections,
        {"assessment": tuple(_photos(seen, _))},
        dict(_cited(sections, _)),
    )


def _ask(text: str, _: Language) -> Prose:
    return Prose(_(text), lead=_("[Author]"), tone="warn")


def _title(record: Record, _: Language) -> str:
    who = record.clinical.about[0] if record.clinical.about else None
    if who is None:
        return _(say("Calcium outside bone: a case report"))
    return _(say("Suspicion of calciphylaxis supported by imaging ({who}): a case report", who=who))


def _keywords(seen: Sequence[Seen], _: Language) -> Prose:
    kinds = {finding.kind for one in seen for image in one.record.images for finding in image.findings}
    words = [say("calciphylaxis"), say("calcific uraemic arteriolopathy"), say("radiography")]
    return Prose(", ".join(_(word) for word in [*words, *(KINDS[kind] for kind in KINDS if kind in kinds)]))


def _abstract(record: Record, _: Language) -> tuple[Block, ...]:
    sentences = [*record.clinical.about, *(lesion.label for lesion in record.clinical.lesions)]
    told = [
        (_("Patient:"), "; ".join(map(_, sentences))),
        (_("Findings:"), " ".join(map(_, record.summary.sentences))),
    ]
    return tuple(Prose(text, lead=lead) for lead, text in told if text)


def _patient(record: Record, parts: Mapping[str, tuple[Block, ...]], _: Language) -> tuple[Block, ...]:
    about = tuple(Prose(_(sentence)) for sentence in record.clinical.about)
    drugs = (Heading(_("Drugs")), *parts["drugs"]) if "drugs" in parts else ()
    return (*((Items(about),) if about else ()), *drugs)


def _clinical(record: Record, parts: Mapping[str, tuple[Block, ...]], _: Language) -> tuple[Block, ...]:
    lesions = tuple(Prose(_(lesion.label)) for lesion in record.clinical.lesions)
    criteria = (Heading(_("Criteria, item by item")), *parts["criteria"]) if "criteria" in parts else ()
    return (*((Items(lesions),) if lesions else ()), *criteria)


def _assessment(seen: Sequence[Seen], parts: Mapping[str, tuple[Block, ...]], _: Language) -> tuple[Block, ...]:
    record = seen[0].record
    blocks: list[Block] = []
    if "laboratory" in parts:
        blocks += [Heading(_("Laboratory")), *parts["laboratory"]]
    for one in seen:
        for image in one.record.examined:
            blocks += [Heading(image_name(image, _)), *(Prose(_(text)) for text in image.statements)]
            blocks += [Prose(_(caution), tone="note") for caution in image.cautions]
    if record.clinical.imaging:
        blocks.append(Heading(_("Images that a person read")))
        blocks.append(Items(tuple(Prose(_(image.label)) for image in record.clinical.imaging)))
    if record.evidence.prior is not None:  # without one there is a drawing of all, and no number to tell
        blocks += takewhile(lambda block: not isinstance(block, Heading), parts.get("weighing", ()))
    if "differential" in parts:
        blocks += [Heading(_("What else it could be")), *parts["differential"]]
    return tuple(block for block in blocks if isinstance(block, Prose | Items | Table | Heading))


def _intervention(record: Record, _: Language) -> tuple[Block, ...]:
    changed = [drug for drug in record.clinical.drugs if drug.status != "taking"]
    status = {"stopped": say("{drug}: stopped", drug=""), "planned": say("{drug}: planned", drug="")}
    said = tuple(Prose(_(say(status[drug.status].message, drug=drug.name))) for drug in changed)
    return (Items(said),) if said else ()


def _outcome(seen: Sequence[Seen], _: Language) -> tuple[Block, ...]:
    """What a later examination says, in its own words; whether it is a change is not said here."""
    later: list[Block] = []
    for number_, one in enumerate(seen[1:], start=2):
        later.append(Heading(_("Examination {number}", number=number_)))
        later += [Prose(_(sentence)) for sentence in one.record.summary.sentences]
    return tuple(later)


def _discussion(record: Record, parts: Mapping[str, tuple[Block, ...]], _: Language) -> tuple[Block, ...]:
    limits = [Prose(_(caution), tone="note") for caution in record.evidence.cautions]
    advice = [Heading(_("Next steps with their grounds")), *parts["advice"]] if "advice" in parts else []
    return tuple(block for block in (*limits, *advice) if isinstance(block, Prose | Items | Table | Heading))


def _questions(record: Record, _: Language) -> Iterator[Prose]:
    """Those of the case first, then those of the draft."""
    for question in record.clinical.questions:
        yield Prose(_(question.text), tone="warn")
    for asked in ASKED.values():
        for text in asked.questions:
            yield Prose(_(text), lead=_(asked.title) + ":", tone="warn")


def _photos(seen: Sequence[Seen], _: Language) -> Iterator[Photo]:
    for count, one in enumerate(seen, start=1):
        for image in one.record.examined:
            if image.id in one.pictures:
                name = f"{count}-{image.id}.png" if len(seen) > 1 else f"{image.id}.png"
                yield Photo(name, one.pictures[image.id], caption(image, _))


def caption(image: ImageRecord, _: Language) -> str:
    """Say what a marked film shows, what its arrows point at, and what it could not have shown."""
    arrows = [_arrow(finding, _) for finding in ranked(image.findings)[:MOST_ARROWS]]
    shown = "; ".join(arrows) if arrows else _("no calcium is marked")
    return f"{image_name(image, _)}: {shown}. {' '.join(_(text) for text in image.statements[:1])}".strip()


def _arrow(finding: FindingRecord, _: Language) -> str:
    what = "area" if finding.kind == "net" else "calibre" if finding.kind == "vessel" else "area"
    told = [_("{number}, {kind}", number=number_of(finding), kind=_(KINDS[finding.kind]))]
    told += [measured for measured in (size(finding, what, _),) if measured.strip("–")]
    if what == "calibre" and finding.calibre_interval_mm is not None and finding.calibre_mm is not None:
        low, high = finding.calibre_interval_mm
        told.append(_("95 % interval {low} to {high} mm", low=number(low), high=number(high)))
    if finding.probability is not None:
        told.append(_("probability {p}", p=percent(finding.probability)))
    return _("arrow {text}", text=", ".join(told))


def _cited(sections: tuple[Section, ...], _: Language) -> Iterator[tuple[str, str]]:
    """The sources that the draft rests on, each with how far it was read."""
    for key in cited(sections):
        source = reference(key)
        yield key, f"{source.citation} ({_(CONFIDENCE[source.confidence])})"
