"""The page, read as a browser reads it."""

import base64
import re

import cv2
import numpy as np
import pytest

from calcinet.record import FindingRecord, ModelRecord, NotMeasured, Record, Summary
from calcinet.report.html import data_address, find_room, html_page
from calcinet.report.quantities.findings import MOST_ROWS
from calcinet.text import say
from tests.support import handmade
from tests.support.reading import Page


@pytest.fixture(scope="module")
def text(record, pixels) -> str:
    return html_page(record, {"img-1": pixels})


@pytest.fixture(scope="module")
def page(text) -> Page:
    return Page(text)


def test_page_is_well_formed(page):
    """Every element that opens closes, in order."""
    assert page.open == []


def test_parts_come_in_the_order_of_a_report(page):
    """What could be seen, what was seen, the picture, the numbers, the doubts, the rest."""
    order = [
        "not a diagnosis",
        "Lines of calcium of 0.21 mm or wider would show here",
        "A net-like pattern of calcium is seen",
        "Marked",
        "Findings",
        "Measures",
        "Cautions",
        "Not measured, and why",
        "Where the millimetres come from",
        "Refused images",
        "How to read this page",
        "Calibre classes",
        "References",
        "Versions and files",
    ]
    places = [page.text.index(part) for part in order]

    assert places == sorted(places)


def test_page_needs_nothing_beside_it(page, text):
    """No script, no style sheet, font or picture from elsewhere."""
    assert not page.all("script")
    assert not page.all("link")
    assert all(image["src"].startswith("data:image/jpeg;base64,") for image in page.all("img"))
    assert "url(" not in text
    assert "@import" not in text


def test_pictures_on_the_page_can_be_decoded(page):
    """Two of the whole film, 600 x 400 at twice the size, and two of each of three close-ups."""
    coded = [base64.b64decode(image["src"].partition(",")[2]) for image in page.all("img")]
    shapes = [cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR).shape for data in coded]

    assert len(shapes) == 8
    assert shapes[:2] == [(1200, 800, 3)] * 2


def test_every_picture_has_a_text_instead(page):
    """For a reader who cannot see it."""
    assert all(image["alt"] for image in page.all("img"))


def test_page_names_its_language_and_fits_a_phone(page):
    """lang for screen readers, viewport for small screens."""
    assert page.all("html") == [{"lang": "en"}]
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in page.all("meta")


def test_film_alone_can_be_chosen_without_a_script(page):
    """Three radio buttons, each with its label."""
    choices = page.all("input")

    assert [choice["type"] for choice in choices] == ["radio"] * 3
    assert {label["for"] for label in page.all("label")} == {choice["id"] for choice in choices}


def test_finding_is_told_with_its_interval_and_class(page):
    """The vessel is f1 in the record and thus 1 on the page."""
    assert "1 calcified vessel 1.00 mm 0.84 to 1.16 mm small 57.3 mm 57.0 mm²" in page.text


def test_numbers_on_the_page_are_those_of_the_record(page):
    """Close-ups come by rank, net f2 first; the table in the order of the record."""
    numbers = re.findall(r"(\d) (net-like calcification|calcified vessel|other calcium)", page.text)
    names = {"1": "calcified vessel", "2": "net-like calcification", "3": "other calcium"}

    assert [number for number, _ in numbers] == ["2", "1", "3", "1", "2", "3"]
    assert all(names[number] == name for number, name in numbers)
    assert any("finding 2: the film alone" in image["alt"] for image in page.all("img"))


@pytest.mark.parametrize(("limit", "shown"), [(0.374, "< 0.37 mm"), (None, "–")])
def test_calibre_that_is_not_resolvable_shows_its_limit_and_no_pixels(record, pixels, limit, shown):
    """The first estimate of 5 pixels stays in record.json."""
    unresolved = {
        "calibre_mm": None,
        "calibre_interval_mm": None,
        "calibre_class": "not resolvable",
        "upper_limit_mm": limit,
    }
    vessel = handmade.findings()[0].model_copy(update=unresolved)
    image = handmade.examined_image().model_copy(update={"findings": (vessel,)})
    page = Page(html_page(record.model_copy(update={"images": (image,)}), {"img-1": pixels}))

    assert f"calcified vessel {shown} not resolvable 57.3 mm" in page.text
    assert "5.00 px" not in page.text


def test_area_of_a_net_has_one_unit_on_the_page(page):
    """310 mm2 are 3.10 cm2, as `net.area_cm2` counts; a vessel's stays in mm2."""
    assert re.search(r"net-like calcification – – 3\.10 cm²", page.text)
    assert "57.0 mm²" in page.text


def test_interval_of_a_measure_stands_beside_it(page):
    """Three significant digits or two decimals."""
    assert "Median mesh of the net 3.20 mm 2.90 to 3.60" in page.text


def test_refused_image_is_listed_with_its_reason(page):
    """By its number and hash, never a file's own name."""
    assert "img-2 ba9876543210.png : The image is constant: every pixel is 0. Send the exposed film." in page.text


def test_every_citation_leads_to_a_reference(page):
    """Links within the page have their targets."""
    targets = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    links = {link["href"][1:] for link in page.all("a") if link["href"].startswith("#")}

    assert links
    assert links <= targets


def test_cut_offs_are_said_to_be_our_own(page):
    """4, 2 and 0.5 mm have no source in the literature."""
    assert "large from 4.0 mm, medium from 2.0 mm, small from 0.5 mm" in page.text
    assert "The literature gives no cut-offs: these are calcinet's own" in page.text


def test_text_of_a_record_cannot_become_markup(record, pixels):
    """Angle brackets in a sentence are shown, not run."""
    hostile = record.model_copy(update={"summary": Summary(sentences=("<script>alert(1)</script>",))})
    page = Page(html_page(hostile, {"img-1": pixels}))

    assert not page.all("script")
    assert "<script>alert(1)</script>" in page.text


def test_without_a_spacing_the_page_speaks_in_pixels(pixels):
    """No millimetre of a length, no class, and the reason."""
    found = FindingRecord(
        id="f1", kind="vessel", length_px=286.0, calibre_px=5.0, polyline=tuple(map(tuple, handmade.vessel_line()))
    )
    image = handmade.examined_image().model_copy(
        update={
            "spacing_mm": None,
            "spacing_basis": "none",
            "findings": (found,),
            "measures": {"calcified_length_px": 286.0},
            "intervals95": {},
            "resolvable_mm": None,
            "not_measured": (NotMeasured(measure="resolvable_mm", because="pixel size unknown"),),
        }
    )
    record = Record(version="0.1.0", model=ModelRecord(name="lines"), images=(image,))
    page = Page(html_page(record, {"img-1": pixels}))

    assert "pixels only" in page.text
    assert "calcified vessel 5.00 px 286 px" in page.text
    assert not re.search(r"\d mm", page.text[: page.text.index("How to read")].split("Findings")[1])


def test_normal_film_says_that_nothing_is_marked(record, pixels):
    """A normal film is a result."""
    normal = handmade.examined_image().model_copy(update={"findings": ()})
    clear = handmade.examined(pixels.plane, np.zeros_like(pixels.mask))
    page = Page(html_page(record.model_copy(update={"images": (normal,)}), {"img-1": clear}))

    assert "Nothing is marked on this film." in page.text
    assert "Close-ups" not in page.text


def test_long_table_says_what_it_leaves_out(record, pixels):
    """41 vessels, 40 rows."""
    vessel = handmade.findings()[0]
    many = tuple(vessel.model_copy(update={"id": f"v{n}"}) for n in range(MOST_ROWS + 1))
    crowded = handmade.examined_image().model_copy(update={"findings": many})
    page = Page(html_page(record.model_copy(update={"images": (crowded,)}), {"img-1": pixels}))

    assert "The table shows 40 of 41 findings" in page.text


def test_two_films_each_have_their_own_part(record, pixels):
    """The statement of each names its film."""
    second = handmade.examined_image().model_copy(update={"id": "img-2", "laterality": "R"})
    both = record.model_copy(update={"images": (handmade.examined_image(), second)})
    page = Page(html_page(both, {"img-1": pixels, "img-2": pixels}))

    assert len(page.all("article")) == 2
    assert "Right lower leg, AP (2): Lines of calcium" in page.text
    assert len({choice["name"] for choice in page.all("input")}) == 2


def test_page_forbids_itself_to_load_or_run_anything(page):
    """Nothing but what stands in it: pictures as data, styles of its own; no script, no frame, no form, no address."""
    (policy,) = [each["content"] for each in page.all("meta") if each.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(rule.split(maxsplit=1) for rule in policy.split("; "))

    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == rules["font-src"] == "data:"
    assert rules["base-uri"] == rules["form-action"] == "'none'"
    assert "script-src" not in rules


def test_letters_that_turn_the_direction_of_writing_do_not_reach_the_page(pixels):
    """A sentence with a word from a case, and one whose value is."""
    summary = Summary(
        sentences=("warfarin \u202egnihton\u202c", say("{drug} was stopped", drug="heparin\u200b\u2066\x1b[31m"))
    )
    made = handmade.examination().model_copy(update={"summary": summary})
    shown = html_page(made, {"img-1": pixels})

    assert not set("\u202e\u202c\u200b\u2066\x1b") & set(shown)
    assert "heparin [31m was stopped" in shown


def test_pictures_of_many_films_have_room_on_one_page():
    """Grainy ones; twenty films of four close-ups each, all shown twice."""
    findings = tuple(FindingRecord(id=f"f{number}", kind="focus") for number in range(1, 6))
    film = handmade.examined_image().model_copy(update={"findings": findings, "shape": (2000, 1500), "courses": ()})
    record = Record.model_construct(images=(film,) * 20)
    grain = np.random.default_rng(1).normal(120, 20, (1600, 1200, 1)).clip(0, 255).astype(np.uint8)
    noise = np.repeat(grain, 3, axis=2)
    overview = len(data_address(noise, find_room(record)))
    close_up = len(data_address(noise[:760, :760], find_room(record)))

    assert 20 * (2 * overview + 8 * close_up) < 6_000_000


def test_pictures_of_one_film_are_as_they_were():
    record = Record.model_construct(images=(handmade.examined_image(),))
    grain = np.full((1600, 1200, 3), 90, np.uint8)

    assert data_address(grain, find_room(record)) == data_address(grain)
