"""From one or several records of a patient to the sections of a case report, in the order of CARE."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from calcinet.record import Record
from calcinet.references import reference
from calcinet.report.blocks import (
    Block,
    Heading,
    Items,
    Prose,
    Section,
    Table,
    cited,
    itemise,
    itemise_labels,
    quote,
    say_each,
)
from calcinet.report.casereport.asked import ASKED
from calcinet.report.casereport.caption import caption
from calcinet.report.casereport.course import say_change, timeline
from calcinet.report.labels import CONFIDENCE, KINDS
from calcinet.report.language import Language, translator
from calcinet.report.sections.bedside import describe_photograph, list_conditions, list_examination
from calcinet.report.sections.image_name import image_name
from calcinet.report.sections.patient import patient_sections
from calcinet.report.sections.weighing import weighing_sections
from calcinet.text import say

Parts = Mapping[str, tuple[Block, ...]]
"""Blocks of the report's own sections, by the key of the section."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A film with its marks."""

    name: str
    """Name of its file."""
    content: bytes = field(repr=False)
    """PNG of a marked film, JPEG of a clinical photograph."""
    caption: str


@dataclass(frozen=True, slots=True)
class Examination:
    """One examination: its record, and the marked pictures that were written beside it, by image id."""

    record: Record
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    photographs: Mapping[str, bytes] = field(default_factory=dict)
    """Clinical photographs as JPEG, by their id."""


@dataclass(frozen=True, slots=True, kw_only=True)
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
        if not numbers:
            return ""
        return f" [{', '.join(numbers)}]"


def draft(examinations: Sequence[Examination], language: str = "en", *, calendar: bool = False) -> Draft:
    """Fill CARE's items from what the records say; what they do not say is a question to the author.

    Parameters
    ----------
    examinations
        Of one patient in the order of time, at least one. That they are of one patient is for the caller to know: a
        record names nobody.
    language
        en or zh-Hant.
    calendar
        Give days of the calendar; without it days are counted from the first that is known.
    """
    _ = translator(language)
    first = examinations[0].record
    content = _fill_items(examinations, _, calendar=calendar)
    sections = [_add_questions(key, blocks, first, _) for key, blocks in content.items()]
    questions = Items(tuple(_list_questions(first, _)))
    sections.append(Section("questions", _("Questions to the author"), (questions,)))
    return Draft(
        title=_make_title(first, _),
        note=_(
            "Draft made by calcinet from its record alone. It is not a diagnosis. Marked questions are for the author."
        ),
        sections=tuple(sections),
        photos={
            "findings": tuple(_list_photographs(examinations, _)),
            "assessment": tuple(_list_photos(examinations, _)),
        },
        references=_list_sources(sections, _),
    )


def _fill_items(examinations: Sequence[Examination], _: Language, *, calendar: bool) -> dict[str, list[Block]]:
    """Fill each item of CARE, by its key, in their order."""
    records = [examination.record for examination in examinations]
    first, last = records[0], records[-1]
    parts = _collect_parts(first, _)
    return {
        "keywords": [_list_keywords(records, _)],
        "abstract": list(_sum_up(first, _)),
        "introduction": [],
        "patient": list(_describe_patient(first, parts, _)),
        "findings": list(_describe_lesions(first, parts, _)),
        "timeline": [timeline(records, _, calendar=calendar)],
        "assessment": list(_assess(records, parts, _)),
        "intervention": list(_list_interventions(first, _)),
        "outcome": list(_follow_up(records, _)),
        "discussion": list(_discuss(last, parts, _)),
        "perspective": [],
        "consent": [],
    }


def _collect_parts(record: Record, _: Language) -> Parts:
    parts = {}
    for section in (*patient_sections(record, _), *weighing_sections(record, _)):
        parts[section.key] = section.blocks
    return parts


def _add_questions(key: str, blocks: Sequence[Block], record: Record, _: Language) -> Section:
    """Make an item of CARE of its blocks and of what only the author can say."""
    item = ASKED[key]
    questions = [Prose(_(text), lead=_("[Author]"), tone="warn") for text in item.ask(record)]
    return Section(key, _(item.title), (*blocks, *questions))


def _make_title(record: Record, _: Language) -> str:
    if not record.clinical.about:
        return _(say("Calcium outside bone: a case report"))
    who = record.clinical.about[0]
    if not record.examined and not record.clinical.imaging:
        return _(say("Suspicion of calciphylaxis ({who}): a case report", who=who))
    return _(say("Suspicion of calciphylaxis supported by imaging ({who}): a case report", who=who))


def _list_keywords(records: Sequence[Record], _: Language) -> Prose:
    found: set[str] = set()
    for record in records:
        for image in record.images:
            for finding in image.findings:
                found.add(finding.kind)
    keywords: list[str] = [say("calciphylaxis"), say("calcific uraemic arteriolopathy"), say("radiography")]
    for kind, name in KINDS.items():
        if kind in found:
            keywords.append(name)
    return Prose(_(", ").join(_(keyword) for keyword in keywords))


def _sum_up(record: Record, _: Language) -> Iterator[Block]:
    sentences = [*record.clinical.about, *(lesion.label for lesion in record.clinical.lesions)]
    if sentences:
        yield Prose(_("; ").join(map(_, sentences)), lead=_("Patient:"))
    if record.summary.sentences:
        yield Prose(" ".join(map(_, record.summary.sentences)), lead=_("Findings:"))


def _describe_patient(record: Record, parts: Parts, _: Language) -> Iterator[Block]:
    if record.clinical.about:
        yield itemise(record.clinical.about, _)
    yield from list_conditions(record.clinical, _)
    yield from _quote("drugs", _("Drugs"), parts)


def _describe_lesions(record: Record, parts: Parts, _: Language) -> Iterator[Block]:
    if record.clinical.lesions:
        yield itemise_labels(record.clinical.lesions, _)
    yield from list_examination(record.clinical, _)
    yield from _quote("criteria", _("Criteria, item by item"), parts)


def _quote(key: str, title: str, parts: Parts) -> Iterator[Block]:
    """Quote a section of the report under a heading, without its drawings and folded lists."""
    if key in parts:
        yield Heading(title)
        yield from _keep_printable(parts[key])


def _keep_printable(blocks: Sequence[Block]) -> Iterator[Block]:
    """Keep what a text document can hold."""
    for block in blocks:
        if isinstance(block, Prose | Items | Table | Heading):
            yield block


def _assess(records: Sequence[Record], parts: Parts, _: Language) -> Iterator[Block]:
    """Laboratory values, images, what the findings weigh and what else it could be."""
    first = records[0]
    yield from _quote("laboratory", _("Laboratory"), parts)
    for record in records:
        for image in record.examined:
            yield Heading(image_name(image, _))
            yield from say_each(image.statements, _)
            yield from say_each(_leave_out_advice_to_user(image.all_cautions), _, tone="note")
    if first.clinical.imaging:
        yield Heading(_("Images that a person read"))
        yield itemise_labels(first.clinical.imaging, _)
    if first.clinical.biopsies:
        yield Heading(_("Biopsy"))
        yield itemise_labels(first.clinical.biopsies, _)
    if first.clinical.impression:
        yield Prose(quote(first.clinical.impression, _), lead=_("The treating clinician's words:"))
    if first.evidence.prior is not None:  # without one there is a drawing of all, and no number to tell
        before_drawings = takewhile(_is_no_heading, parts.get("weighing", ()))
        yield from _keep_printable(list(before_drawings))
    yield from _quote("differential", _("What else it could be"), parts)


def _leave_out_advice_to_user(cautions: Sequence[str]) -> list[str]:
    """Leave out what tells the user of the command line which option to give: a journal has none."""
    return [caution for caution in cautions if "--" not in caution]


def _is_no_heading(block: Block) -> bool:
    return not isinstance(block, Heading)


def _list_interventions(record: Record, _: Language) -> Iterator[Block]:
    """List treatments, and the drugs that were stopped or are planned."""
    treatments: list[str] = [treatment.label for treatment in record.clinical.treatments]
    changes = [say_change(drug) for drug in record.clinical.drugs if drug.status != "taking"]
    if treatments or changes:
        yield itemise([*treatments, *changes], _)


def _follow_up(records: Sequence[Record], _: Language) -> Iterator[Block]:
    """Say the outcome, and quote what later examinations say; whether it is a change is not said here."""
    outcome = records[-1].clinical.outcome or records[0].clinical.outcome
    if outcome is not None:
        yield Prose(_(outcome.label), lead=_("Outcome:"))
    for number, record in enumerate(records[1:], start=2):
        yield Heading(_("Examination {number}", number=number))
        yield from say_each(record.summary.sentences, _)


def _discuss(record: Record, parts: Parts, _: Language) -> Iterator[Block]:
    yield from say_each(record.evidence.cautions, _, tone="note")
    yield from _quote("prognosis", _("Prognosis in studies"), parts)
    yield from _quote("advice", _("Next steps with their grounds"), parts)


def _list_questions(record: Record, _: Language) -> Iterator[Prose]:
    """List the questions of the case first, then those of the draft."""
    for question in record.clinical.questions:
        yield Prose(_(question.text), tone="warn")
    for item in ASKED.values():
        for text in item.ask(record):
            yield Prose(_(text), lead=_(item.title) + ":", tone="warn")


def _list_photos(examinations: Sequence[Examination], _: Language) -> Iterator[Photo]:
    """List the pictures; where there are several examinations, their files are numbered by them."""
    for count, examination in enumerate(examinations, start=1):
        for image in examination.record.examined:
            if image.id in examination.pictures:
                name = f"{image.id}.png"
                if len(examinations) > 1:
                    name = f"{count}-{name}"
                yield Photo(name, examination.pictures[image.id], caption(image, _))


def _list_photographs(examinations: Sequence[Examination], _: Language) -> Iterator[Photo]:
    """List the clinical photographs with their captions, numbered like the pictures."""
    for count, examination in enumerate(examinations, start=1):
        clinical = examination.record.clinical
        for photograph in clinical.photographs:
            if photograph.id in examination.photographs:
                name = f"{photograph.id}.jpg"
                if len(examinations) > 1:
                    name = f"{count}-{name}"
                described = describe_photograph(photograph, clinical, _)
                yield Photo(name, examination.photographs[photograph.id], described)


def _list_sources(sections: Sequence[Section], _: Language) -> dict[str, str]:
    """Cite the sources that the draft rests on, each with how far it was read."""
    citations = {}
    for key in cited(sections):
        source = reference(key)
        citations[key] = f"{source.citation} ({_(CONFIDENCE[source.confidence])})"
    return citations
