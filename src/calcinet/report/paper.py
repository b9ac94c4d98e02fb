"""The report on paper: one page that sums up, then the films and the details, as PDF."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from calcinet.record import ImageRecord, Record
from calcinet.references import reference
from calcinet.report.blocks import Block, Prose, Section
from calcinet.report.content import ReportContent, sheet
from calcinet.report.fonts import FONTS, covered
from calcinet.report.html import jpeg
from calcinet.report.labels import CONFIDENCE, SHORT_DISCLAIMER
from calcinet.report.language import Language, translator
from calcinet.report.pictures.drawn_image import DrawnImage
from calcinet.report.quantities.findings import image_name
from calcinet.report.sections.films import film_section
from calcinet.report.sections.weighing import NO_SCORE

WRITTEN_AT: Final = 946_684_800
"""Seconds: 1 January 2000. The same record gives the same bytes; a report's own date is not known here."""

REGIONS: Final = {"en": ("en", "gb"), "zh-Hant": ("zh", "hk")}
"""Language and region for the breaking of lines."""


def pdf(record: Record, pictures: Mapping[str, DrawnImage], language: str = "en") -> bytes:
    """Set the report of a record around pictures that are drawn already.

    Letters come from the report's own font; one that it lacks (a name in another script) from the machine's fonts.
    """
    import typst

    _ = translator(language)
    words = _words(record, sheet(record, _), _)
    with TemporaryDirectory() as place:
        folder = Path(place)
        _lay_out(words, record, pictures, folder, _)
        for font in FONTS.values():
            with as_file(font) as path:
                (folder / path.name).write_bytes(path.read_bytes())
        compiled = typst.compile(
            folder / "report.typ",
            root=folder,
            font_paths=[folder],
            ignore_system_fonts=covered(json.dumps(words, ensure_ascii=False)),
            format="pdf",
            timestamp=WRITTEN_AT,
        )
    return bytes(compiled)


def _lay_out(
    words: dict[str, Any], record: Record, pictures: Mapping[str, DrawnImage], folder: Path, _: Language
) -> None:
    """Put the template, its words and its pictures into a folder."""
    template = files("calcinet.report") / "templates" / "report.typ"
    (folder / "report.typ").write_bytes(template.read_bytes())
    for key in (image.id for image in record.examined if image.id in pictures):
        (folder / f"{key}.jpg").write_bytes(jpeg(pictures[key].overview.marked))
    for film in words["films"]:
        film["picture"] = f"{film['key']}.jpg" if film["key"] in pictures else None
        film["panels"] = _panels(film["key"], pictures, folder, _)
    glance = words["glance"]
    if glance:
        glance["lead_image"] = f"{glance['lead_image']}.jpg" if glance["lead_image"] in pictures else None
    (folder / "words.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")


def _panels(key: str, pictures: Mapping[str, DrawnImage], folder: Path, _: Language) -> list[dict[str, str]]:
    """Put the pictures of a CT beside its projection into the folder; a film has none."""
    shown = []
    for position, panel in enumerate(pictures[key].panels if key in pictures else ()):
        name = f"{key}-{position}.jpg"
        (folder / name).write_bytes(jpeg(panel.picture))
        shown.append({"picture": name, "caption": _(panel.caption)})
    return shown


def _words(record: Record, paper: ReportContent, _: Language) -> dict[str, Any]:
    """Everything that is written, as the template reads it."""

    def number_of_reference(key: str) -> int:
        return paper.references.index(key) + 1

    films = [film_section(image, record, _) for image in record.examined]
    language, region = REGIONS[_.tag]
    return {
        "language": language,
        "region": region,
        "title": paper.title,
        "disclaimer": _(SHORT_DISCLAIMER),
        "no_score": _(NO_SCORE),
        "glance": _glance(record, paper, _),
        "labels": {
            "why": _("Why"),
            "questions": _("Questions to settle first"),
            "steps": _("Next steps"),
            "found": _("What was found"),
            "references": _("References"),
            "nomogram": _(
                "Probability before the findings, likelihood ratio, probability after: a straight line joins them."
            ),
        },
        "found": [_(sentence) for sentence in record.summary.sentences],
        "films": [_section(film) for film in films],
        "sections": [_section(section) for section in (*paper.sections, *_refused(record, _), paper.guide)],
        "numbers": {key: number_of_reference(key) for key in paper.references},
        "references": [_reference(key, _) for key in paper.references],
        "versions": f"calcinet {record.version} · {record.model.name}",
    }


def _glance(record: Record, paper: ReportContent, _: Language) -> dict[str, Any] | None:
    if paper.glance is None:
        return None
    words = asdict(paper.glance)
    lead = next((image for image in record.examined if image.id == paper.lead_image), None)
    return {
        **words,
        "more_questions": _more(paper.glance.more_questions, _),
        "lead_name": image_name(lead, _) if lead else "",
        "more": _more(paper.glance.more_steps, _),
    }


def _more(count: int, _: Language) -> str:
    return _.counted(count, "{count} more below", "{count} more below") if count else ""


def _refused(record: Record, _: Language) -> Sequence[Section]:
    lines = tuple(_refusal(image, _) for image in record.refused)
    return (Section("refused", _("Refused images"), lines),) if lines else ()


def _refusal(image: ImageRecord, _: Language) -> Prose:
    return Prose(_(image.refused.reason) if image.refused else "", lead=f"{image.id} {image.source}")


def _reference(key: str, _: Language) -> dict[str, str]:
    source = reference(key)
    return {
        "key": key,
        "text": source.citation,
        "url": source.url,
        "small": f"({_(CONFIDENCE[source.confidence])}) {_(source.says)}",
    }


def _section(section: Section) -> dict[str, Any]:
    return {"key": section.key, "title": section.title, "blocks": [_block(block) for block in section.blocks]}


def _block(block: Block) -> dict[str, Any]:
    return {"kind": type(block).__name__, **asdict(block)}
