"""The report on paper: one page that sums up, then the films and the details, as PDF."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from calcinet.record import Record
from calcinet.references import reference
from calcinet.report.blocks import Block, Prose, Section
from calcinet.report.content import ReportContent, collect_content
from calcinet.report.html import find_image, jpeg
from calcinet.report.labels import CONFIDENCE, SHORT_DISCLAIMER
from calcinet.report.language import Language, translator
from calcinet.report.pictures.drawn_image import DrawnImage
from calcinet.report.sections.film_table import film_section
from calcinet.report.sections.image import image_section
from calcinet.report.sections.image_name import cover_name
from calcinet.report.sections.weighing import NO_SCORE
from calcinet.report.typesetting import REGIONS, typeset


def pdf(
    record: Record,
    pictures: Mapping[str, DrawnImage],
    language: str = "en",
    photographs: Mapping[str, bytes] | None = None,
    *,
    typesetting: Path | None = None,
) -> bytes:
    """Set the report of a record around pictures that are drawn already, and photographs as JPEG bytes by id.

    What it is set from stands in a folder within `typesetting`, or where the system has such folders.
    """
    _ = translator(language)
    words = collect_words(record, collect_content(record, _), _)
    with TemporaryDirectory(dir=typesetting) as place:
        folder = Path(place)
        words["photographs"] = _write_photographs(photographs or {}, folder)
        _add_pictures(folder, words, record, pictures, _)
        return typeset("report.typ", words, folder)


def collect_words(record: Record, content: ReportContent, _: Language) -> dict[str, Any]:
    """Collect everything that is written, as the template reads it."""
    language, region = REGIONS[_.tag]
    return {
        "language": language,
        "region": region,
        "title": content.title,
        "disclaimer": _(SHORT_DISCLAIMER),
        "no_score": _(NO_SCORE),
        "glance": _pack_summary(record, content, _),
        "labels": _collect_labels(_),
        "found": [_(sentence) for sentence in record.summary.sentences],
        "films": [_pack_section(section) for section in _list_films(record, _)],
        "sections": _pack_sections(record, content, _),
        "numbers": content.citations,
        "references": [_pack_reference(key, _) for key in content.references],
        "versions": _name_versions(record),
    }


def _name_versions(record: Record) -> str:
    """The program, and its weights where they looked at an image."""
    if not record.examined:
        return f"calcinet {record.version}"
    return f"calcinet {record.version} · {record.model.name}"


def _list_films(record: Record, _: Language) -> Iterator[Section]:
    """List the images in a table, then each by itself."""
    yield from film_section(record, _)
    for image in record.examined:
        yield image_section(image, record, _)


def _add_pictures(
    folder: Path, words: dict[str, Any], record: Record, pictures: Mapping[str, DrawnImage], _: Language
) -> None:
    """Put the pictures into a folder, and their names into the words."""
    for image in record.examined:
        if image.id in pictures:
            (folder / f"{image.id}.jpg").write_bytes(jpeg(pictures[image.id].overview.marked))
    for film in words["films"]:
        film["picture"] = _name_picture(film["key"], pictures)
        film["panels"] = _write_panels(film["key"], pictures, folder, _)
    summary = words["glance"]
    if summary:
        summary["lead_image"] = _name_picture(summary["lead_image"], pictures)


def _write_photographs(photographs: Mapping[str, bytes], folder: Path) -> dict[str, str]:
    """Put the clinical photographs into the folder, and name their files by id."""
    names = {}
    for key, data in photographs.items():
        names[key] = f"photograph-{key}.jpg"
        (folder / names[key]).write_bytes(data)
    return names


def _name_picture(key: str | None, pictures: Mapping[str, DrawnImage]) -> str | None:
    """Name the file of an image that was drawn."""
    if key not in pictures:
        return None
    return f"{key}.jpg"


def _write_panels(key: str, pictures: Mapping[str, DrawnImage], folder: Path, _: Language) -> list[dict[str, str]]:
    """Put the pictures of a CT beside its projection into the folder; a film has none."""
    if key not in pictures:
        return []
    entries = []
    for position, panel in enumerate(pictures[key].panels):
        name = f"{key}-{position}.jpg"
        (folder / name).write_bytes(jpeg(panel.picture))
        entries.append({"picture": name, "caption": _(panel.caption)})
    return entries


def _collect_labels(_: Language) -> dict[str, str]:
    return {
        "urgent": _("Urgent, before anything else"),
        "suspicion": _("Suspicion of calciphylaxis"),
        "why": _("Why"),
        "questions": _("Questions to settle first"),
        "steps": _("Next steps"),
        "found": _("What was found"),
        "references": _("References"),
    }


def _pack_summary(record: Record, content: ReportContent, _: Language) -> dict[str, Any] | None:
    if content.summary is None:
        return None
    lead = find_image(record, content.lead_image)
    return {
        **asdict(content.summary),
        "more_questions": _count_more(content.summary.more_questions, _),
        "lead_name": cover_name(lead, _) if lead is not None else "",
        "more": _count_more(content.summary.more_steps, _, "{count} more below, with the grounds of each"),
    }


def _count_more(count: int, _: Language, text: str = "{count} more below") -> str:
    if count == 0:
        return ""
    return _.counted(count, text, text)


def _pack_sections(record: Record, content: ReportContent, _: Language) -> list[dict[str, Any]]:
    """Put the sections in order: the content's own, refused images, the guide."""
    sections = list(content.sections)
    if record.refused:
        sections.append(Section("refused", _("Refused images"), tuple(_list_refusals(record, _))))
    return [_pack_section(section) for section in (*sections, content.guide)]


def _list_refusals(record: Record, _: Language) -> Iterator[Prose]:
    for image in record.refused:
        if image.refused is not None:
            yield Prose(_(image.refused.reason), lead=f"{image.id} {image.source}")


def _pack_reference(key: str, _: Language) -> dict[str, str]:
    source = reference(key)
    return {
        "key": key,
        "text": source.citation,
        "url": source.url,
        "small": f"({_(CONFIDENCE[source.confidence])}) {_(source.says)}",
    }


def _pack_section(section: Section) -> dict[str, Any]:
    return {"key": section.key, "title": section.title, "blocks": [_pack_block(block) for block in section.blocks]}


def _pack_block(block: Block) -> dict[str, Any]:
    return {"kind": type(block).__name__, **asdict(block)}
