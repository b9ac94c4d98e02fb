"""The report as one page that needs nothing beside it: pictures inside, no scripts, for a phone and for paper."""

import base64
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import cv2
from jinja2 import Environment, PackageLoader, StrictUndefined

from calcinet.record import FindingRecord, ImageRecord, Record
from calcinet.references import reference
from calcinet.report.figures import Pair, close_ups, overview, ranked
from calcinet.report.ink import Picture
from calcinet.report.marks import STYLES, Film, number_of
from calcinet.report.table import QuantityRow, image_rows, meaning_of
from calcinet.report.view import ExaminedPixels
from calcinet.report.words import CONFIDENCE, KINDS, SIDES, SPACING_BASIS, UNITS, Translate, translator

JPEG_QUALITY: Final = 88
"""Our choice: no visible loss on film grain, a quarter of the size of a PNG."""

MOST_ROWS: Final = 40
"""Findings in the table of one image. Our choice: two sheets of paper; record.json and measures.csv have all."""

KEY_QUANTITIES: Final = (
    "net.probability",
    "calcified_length_mm",
    "calcified_length_px",
    "calcified_area_mm2",
    "calcified_area_px",
    "resolvable_mm",
)
"""Numbers shown large, where they were measured."""

CITED: Final = ("ng_case", "shmidt2011", "shmidt2012", "tokoro2009", "toussaint2011", "halasz2017", "eucalnet")
"""References of the page, in the order in which it cites them."""

NO_VALUE: Final = "–"

FIXED_SPACE: Final = "\N{NO-BREAK SPACE}"
"""Between a number and its unit."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """The pictures of one image."""

    overview: Pair
    close_ups: list[Pair]


def draw(film: Film) -> Drawn:
    """Draw all pictures of a film that the page shows."""
    return Drawn(overview(film), close_ups(film))


def html_page(record: Record, images: Mapping[str, ExaminedPixels], language: str = "en") -> str:
    """Write the report of a record whose examined images' pixels are in `images`, by image id."""
    films = {image.id: Film.of(image, images[image.id]) for image in record.examined if image.id in images}
    return page(record, {key: draw(film) for key, film in films.items()}, language)


def page(record: Record, pictures: Mapping[str, Drawn], language: str = "en") -> str:
    """Write the report of a record around pictures that are drawn already."""
    _ = translator(language)
    template = _environment(_, record).get_template("report.html.j2")
    return template.render(
        record=record,
        pictures=pictures,
        language=language,
        references=[reference(key) for key in CITED],
        most_rows=MOST_ROWS,
        title=_("Calcium outside bone"),
    )


def _environment(_: Translate, record: Record) -> Environment:
    environment = Environment(
        loader=PackageLoader("calcinet.report"),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_callables(_, _plural, newstyle=True)  # type: ignore[attr-defined]
    environment.filters |= {
        "number": number,
        "interval": interval,
        "percent": percent,
        "value": partial(value_with_unit, _=_),
        "spacing": spacing,
        "picture": picture,
        "kind": lambda kind: _(KINDS[kind]),
        "side": lambda side: _(SIDES[side]),
        "basis": lambda basis: _(SPACING_BASIS[basis][0]),
        "basis_means": lambda basis: _(SPACING_BASIS[basis][1]),
        "confidence": lambda confidence: _(CONFIDENCE[confidence]),
        "ranked": ranked,
        "listed": listed,
        "number_of": number_of,
        "image_name": partial(image_name, _=_),
        "measures": partial(image_rows, record=record),
        "key_numbers": partial(_key_numbers, record=record),
        "cite": lambda key: CITED.index(key) + 1,
        "label": lambda name: meaning_of(name, record).label,
        "size": partial(size, _=_),
    }
    environment.globals["styles"] = {
        kind: "#{:02x}{:02x}{:02x}".format(*style.colour) for kind, style in STYLES.items()
    }
    return environment


def _plural(singular: str, plural: str, n: int) -> str:
    return singular if n == 1 else plural


def _key_numbers(image: ImageRecord, record: Record) -> list[Any]:
    rows = {row.quantity: row for row in image_rows(image, record) if row.value is not None}
    return [rows[name] for name in KEY_QUANTITIES if name in rows]


def listed(findings: Sequence[FindingRecord]) -> list[FindingRecord]:
    """Choose the findings of the table: the `MOST_ROWS` first of `ranked`, in the order of the record."""
    chosen = {finding.id for finding in ranked(findings)[:MOST_ROWS]}
    return [finding for finding in findings if finding.id in chosen]


def number(value: float | None) -> str:
    """Write a number with two decimals or three significant digits, whichever is shorter, and never with an exponent.

    >>> [number(value) for value in (0.0, 0.0213, 0.2134, 2.0, 57.26, 1430.2, None)]
    ['0', '0.021', '0.21', '2.00', '57.3', '1,430', '–']
    """
    if value is None:
        return NO_VALUE
    if value == 0:
        return "0"
    leading = math.floor(math.log10(abs(value)))
    decimals = min(2 - leading, max(2, 1 - leading))
    return f"{round(value, decimals):,.{max(decimals, 0)}f}"


def interval(bounds: tuple[float | None, float | None] | None) -> str:
    """Write an interval, or a dash.

    >>> interval((0.84, 1.2))
    '0.84 to 1.20'
    """
    if bounds is None or bounds[0] is None:
        return NO_VALUE
    return f"{number(bounds[0])} to {number(bounds[1])}"


def percent(share: float | None) -> str:
    """Write a probability; 0 and 100 are never reached, for no detector is certain.

    >>> [percent(share).replace(FIXED_SPACE, " ") for share in (0.0, 0.123, 0.9996, None)]
    ['< 1 %', '12 %', '> 99 %', '–']
    """
    if share is None:
        return NO_VALUE
    shown = "< 1 %" if share < 0.01 else "> 99 %" if share > 0.99 else f"{100 * share:.0f} %"
    return shown.replace(" ", FIXED_SPACE)


def spacing(pair: tuple[float, float]) -> str:
    """Write the distance of rows and columns, once where they are equal.

    >>> spacing((0.1435, 0.1435)), spacing((0.2, 0.1))
    ('0.1435', '0.2 × 0.1')
    """
    return " × ".join(dict.fromkeys(f"{mm:.4g}" for mm in pair))


def value_with_unit(row: QuantityRow, _: Translate) -> str:
    """Write a quantity with its unit, a probability in percent."""
    if row.quantity.endswith("probability"):
        return percent(row.value)
    unit = _(UNITS.get(row.unit, row.unit))
    return FIXED_SPACE.join(filter(None, (number(row.value), unit)))


def size(finding: FindingRecord, what: str, _: Translate) -> str:
    """Write a length or an area of a finding in mm, or in pixels where there are no millimetres.

    A calibre that is not resolvable has an upper limit only: its first estimate in pixels would be read as a width.
    A net's area is in cm², as in the measures of the film.
    """
    if what == "calibre" and finding.calibre_class == "not resolvable":
        limit = finding.upper_limit_mm
        return NO_VALUE if limit is None else f"<{FIXED_SPACE}{number(limit)}{FIXED_SPACE}mm"
    if what == "area" and finding.kind == "net" and finding.area_mm2 is not None:
        return f"{number(finding.area_mm2 / 100)}{FIXED_SPACE}cm²"
    for suffix, unit in (("_mm", "mm"), ("_mm2", "mm²"), ("_px", _("px"))):
        value: float | None = getattr(finding, what + suffix, None)
        if value is not None:
            return f"{number(value)}{FIXED_SPACE}{unit}"
    return NO_VALUE


def image_name(image: ImageRecord, _: Translate) -> str:
    """Name an image as a reader would: its side, body part and view."""
    part = _(image.anatomy) if image.anatomy != "unknown" else _("film of an unnamed body part")
    side = _(SIDES[image.laterality]) if image.laterality else ""
    name = " ".join(filter(None, (side, part)))
    return ", ".join(filter(None, (name[:1].upper() + name[1:], image.view)))


def picture(pixels: Picture) -> str:
    """Encode a picture as a data address, JPEG with the colours at full resolution."""
    options = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    options += [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
    _, coded = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), options)
    return "data:image/jpeg;base64," + base64.b64encode(coded.tobytes()).decode("ascii")
