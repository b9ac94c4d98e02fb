"""The page in a browser, with the real server behind it: a film from the drop to the report, a case as one types it."""

import gzip
import json
import re
import subprocess

import cv2
import numpy as np
import pytest
from pydicom import dcmread
from pydicom.uid import generate_uid

from calcinet.io.case.reader import read_case
from tests.support.paths import ROOT
from tests.support.served import NAME, PASSWORD
from tests.web.conftest import EXAMINED_MS
from tools import page as building

pytestmark = [pytest.mark.xdist_group("page"), pytest.mark.slow]

MOST_FIRST_BYTES = 1_500_000
"""Of the first load, compressed, without the viewer."""

CASE = ROOT / "examples" / "case-report" / "case.yaml"


def test_libraries_of_the_page_keep_their_rules(built):
    """The tests beside the TypeScript: numbers as Python writes them, words in both languages, printed results read."""
    building.run_node("--test", "src/**/*.test.ts")
    building.run_node(building.WEB / "node_modules" / "typescript" / "bin" / "tsc", "--noEmit")


def test_lock_file_names_no_host():
    """Whoever builds the page takes the libraries from where their own npm takes them."""
    lock = json.loads((building.WEB / "package-lock.json").read_text("utf-8"))

    assert len(lock["packages"]) > 50
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []


def test_first_load_is_light(built):
    """The start page without the viewer, which is loaded when a film is opened."""
    start = (building.PAGE / "index.html").read_text("utf-8")
    names = re.findall(r'(?:src|href)="\./(assets/[^"]+)"', start)
    size = sum(len(gzip.compress((building.PAGE / name).read_bytes())) for name in names)

    assert len(names) >= 2
    assert 10_000 < size < MOST_FIRST_BYTES


def test_page_holds_no_script_of_its_own(built):
    """The server's policy forbids it."""
    start = (building.PAGE / "index.html").read_text("utf-8")

    assert re.findall(r"<script(?![^>]*\ssrc=)", start) == []
    assert "style=" not in start


def test_film_is_read_and_reported(page, study, tmp_path):
    """A generated film is opened, windowed, zoomed and measured, its report read and its record saved."""
    page.goto(study)
    page.locator("svg.marks .mark.net").first.wait_for()

    first = page.locator(".read").inner_text()
    stage = page.locator(".film").bounding_box()
    middle = (stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 60, middle[1] + 40, steps=4)
    page.mouse.up()
    assert page.locator(".read").inner_text() != first

    small = page.locator("svg.marks .mark .line").first.bounding_box()
    page.keyboard.press("+")
    page.wait_for_timeout(300)
    large = page.locator("svg.marks .mark .line").first.bounding_box()
    assert large["width"] > 1.1 * small["width"]

    page.keyboard.press("f")
    page.locator(".finding.net").first.click()
    assert page.locator("svg.marks .mark.chosen").count() == 1

    page.keyboard.press("m")
    page.mouse.click(*middle)
    page.mouse.click(middle[0] + 100, middle[1])
    assert re.fullmatch(r"\d+\.\d mm \(mm, calibrated\)", page.locator(".length-label").inner_text())

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Report").click()
    report = opened.value
    report.wait_for_load_state()
    assert "net-like" in report.content()
    report.close()
    with page.expect_download() as saved:
        page.get_by_role("link", name="record.json").click()
    saved.value.save_as(tmp_path / "record.json")
    assert json.loads((tmp_path / "record.json").read_text("utf-8"))["schema"] == "calcinet.record/1"


def test_case_is_written_as_on_the_ward(page, tmp_path):
    """Typed, pasted and clicked; the impossible unit is asked about beside its field, and the saved file is read."""
    page.get_by_role("link", name="Case").click()
    page.get_by_label("Age", exact=True).fill("55")
    page.get_by_label("Sex", exact=True).select_option("female")
    page.get_by_label("Dialysis", exact=True).select_option("peritoneal")
    page.get_by_label("On dialysis for", exact=True).fill("4")
    page.get_by_role("button", name="lower leg, right").focus()
    page.keyboard.press("Enter")
    lesion = page.get_by_role("group", name="ulcer, lower leg, right")
    lesion.get_by_role("group", name="Painful", exact=True).get_by_role("radio", name="yes").check()
    page.get_by_label("Drugs, one a line").fill("aspirin\nwarfarin 3 mg od")
    page.get_by_role("region", name="Drugs").get_by_role("button", name="Take over").click()
    page.get_by_label("Results, pasted").fill("PTH 64 pml/L\nadjusted calcium 2.67 mmol/L (2.10-2.60) H")
    page.get_by_role("region", name="Laboratory").get_by_role("button", name="Take over").click()

    question = page.get_by_role("group", name="PTH").locator(".question")
    assert "pml/L is no unit of it" in question.inner_text()
    question.get_by_role("button").click()
    question.wait_for(state="detached")

    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as case.yaml").click()
    saved.value.save_as(tmp_path / "case.yaml")
    case = read_case((tmp_path / "case.yaml").read_bytes())
    assert case.patient.age_years == 55
    assert [(lesion.site, lesion.side, lesion.painful) for lesion in case.lesions] == [("lower leg", "R", True)]
    assert [drug.name for drug in case.drugs] == ["aspirin", "warfarin 3 mg od"]
    assert [(lab.name, lab.unit_confirmed) for lab in case.labs] == [("PTH", "pmol/L"), ("adjusted calcium", None)]


def test_case_is_answered_while_one_types(page):
    """The patient of the case report; how soon is measured by `tools.server_load`."""
    page.get_by_role("link", name="Case").click()
    page.locator("input[accept*=yaml]").set_input_files(str(CASE))
    page.locator("p.level.clinical").wait_for()
    page.get_by_label("Pre-test probability").fill("0.3")
    page.get_by_text("Pre-test 0.3, post-test 0.68").wait_for()

    assert page.locator("[data-took-ms]").count() == 1


def test_finding_is_switched_off_where_it_is_weighed(page):
    """Without the net nothing is left that is weighed: the post-test is the pre-test probability."""
    page.get_by_role("link", name="Case").click()
    page.locator("input[accept*=yaml]").set_input_files(str(CASE))
    page.get_by_role("link", name="Weigh", exact=True).click()
    page.get_by_label("Or a published figure").wait_for()
    page.get_by_role("slider").fill("300")
    page.locator(".probability").wait_for()
    with_net = page.locator(".probability").inner_text()
    page.get_by_role("group", name="Net-like calcification on a film").get_by_label("not stated").check()
    page.wait_for_function("before => document.querySelector('.probability')?.innerText !== before", arg=with_net)

    page.locator(".term summary", has_text="Net-like").click()
    assert "Ng SSH" in page.locator(".citation:visible").inner_text()


def test_language_is_switched_in_place(page):
    """What was typed stays; the answer, worked out in English, is said in Chinese without being asked again."""
    page.get_by_role("link", name="Case").click()
    page.locator("input[accept*=yaml]").set_input_files(str(CASE))
    page.locator("p.level.clinical").wait_for()
    page.get_by_label("Language").select_option("zh-Hant")
    page.get_by_role("heading", name="個案").wait_for()

    assert page.locator("html").get_attribute("lang") == "zh-Hant"
    assert page.get_by_label("年齡").input_value() == "55"
    assert re.search(r"[\u4e00-\u9fff]{4}", page.locator("p.level.clinical").inner_text())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everybody_can_use_it(page, theme):
    """WCAG 2.2 AA, as far as axe-core can tell, with a whole case in the form; no page is wider than a phone."""
    page.get_by_label("Theme").select_option(theme)
    axe = (building.WEB / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    for place in ("case", "weigh", "help", "follow", "outbox", "users", "studies"):
        page.goto(f"{page.url.split('#')[0]}#/{place}")
        if place == "case":
            page.locator("input[accept*=yaml]").set_input_files(str(CASE))
            page.locator("p.level").wait_for()
        page.locator("h1").first.wait_for()
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, place
        page.set_viewport_size({"width": 1280, "height": 900})
        page.evaluate(axe)
        found = page.evaluate("tags => axe.run(document, {runOnly: tags})", tags)
        told = [(rule["id"], [node["html"] for node in rule["nodes"]][:3]) for rule in found["violations"]]
        assert told == [], place


def find_violations(page) -> list[tuple[str, list[str]]]:
    """What axe-core finds against WCAG 2.2 AA on a page as it is."""
    page.evaluate((building.WEB / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", tags)
    return [(rule["id"], [node["html"] for node in rule["nodes"]][:3]) for rule in found["violations"]]


@pytest.fixture
def wound(tmp_path) -> str:
    """A photograph of 800 x 600: a wound of 160 x 240 pixels; a ruler whose marks of 0 and 5 cm lie 400 pixels apart.

    So 80 pixels are 1 cm, and the wound has 2 x 3 = 6 cm2.
    """
    picture = np.full((600, 800, 3), (170, 190, 224), np.uint8)
    cv2.rectangle(picture, (200, 120), (360, 360), (30, 20, 120), -1)
    for mark in range(6):
        cv2.line(picture, (200 + 80 * mark, 480), (200 + 80 * mark, 520), (0, 0, 0), 2)
    cv2.imwrite(str(tmp_path / "Chan Tai Man.jpg"), picture)
    return str(tmp_path / "Chan Tai Man.jpg")


def click_at(page, stage, *points) -> None:
    """Click points of the photograph, in its own pixels."""
    box = stage.bounding_box()
    for x, y in points:
        page.mouse.click(box["x"] + x * box["width"] / 800, box["y"] + y * box["height"] / 600)
        page.wait_for_timeout(50)


def read_area(page) -> float:
    """The area as the page says it, in cm2."""
    page.locator(".photograph .area").wait_for()
    return float(re.match(r"([\d.]+) cm2 \(", page.locator(".photograph .area").inner_text())[1])


def test_wound_is_measured_on_its_photograph(page, wound, tmp_path):
    """2 x 3 cm by the ruler in the picture; the name of the file stays here, the report shows picture and area."""
    page.get_by_role("link", name="Case").click()
    page.get_by_role("button", name="lower leg, right").click()
    page.locator("input.photograph-file").set_input_files(wound)
    stage = page.locator(".photo-stage")
    stage.scroll_into_view_if_needed()
    page.get_by_role("button", name="Mark the ruler").click()
    stage.scroll_into_view_if_needed()
    click_at(page, stage, (200, 500), (600, 500))
    page.get_by_text("outline the lesion for its area").wait_for()
    page.get_by_role("button", name="Outline the lesion").click()
    click_at(page, stage, (200, 120), (360, 120), (360, 360), (200, 360))
    page.get_by_role("button", name="Drawn").click()
    assert abs(read_area(page) - 6.0) < 0.2
    assert find_violations(page) == []

    page.get_by_label("cm between its two points").fill("10")
    page.wait_for_function("() => document.querySelector('.photograph .area')?.innerText.startsWith('2')")
    assert abs(read_area(page) - 24.0) < 0.8
    page.get_by_label("cm between its two points").fill("5")

    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as case.yaml").click()
    saved.value.save_as(tmp_path / "case.yaml")
    text = (tmp_path / "case.yaml").read_text("utf-8")
    ((_, _, photograph),) = read_case(text.encode()).photographs
    assert re.fullmatch(r"photographs/photo-[0-9a-f]{8}\.jpg", photograph.file)
    assert abs(photograph.area.cm2 - 6.0) < 0.2
    assert "Chan" not in text

    page.get_by_role("button", name="Report", exact=True).click()
    page.wait_for_url(re.compile("#/studies/"))
    page.get_by_role("link", name="Report").wait_for(timeout=EXAMINED_MS)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Report").click()
    report = opened.value
    report.wait_for_load_state()
    assert "cm2 (" in report.content()
    assert "data:image/jpeg" in report.content()
    assert "Chan" not in report.content()
    report.close()


def test_wound_is_outlined_by_the_keyboard_alone(page, wound):
    """Ten steps of the cross are 5 cm, four to each side of the outline 2 cm; a point is taken back on the way."""
    page.get_by_role("link", name="Case").click()
    page.get_by_role("button", name="lower leg, right").click()
    page.locator("input.photograph-file").set_input_files(wound)
    page.locator(".photo-stage img").wait_for()
    page.get_by_role("button", name="Mark the ruler").press("Enter")
    for key in (" ", *["ArrowRight"] * 10, " "):
        page.keyboard.press(key)
    page.get_by_text("outline the lesion for its area").wait_for()
    page.get_by_role("button", name="Outline the lesion").press("Enter")
    for key in (
        " ",
        *["ArrowRight"] * 4,
        " ",
        " ",
        "Backspace",
        *["ArrowDown"] * 4,
        " ",
        *["ArrowLeft"] * 4,
        " ",
        "Enter",
    ):
        page.keyboard.press(key)

    assert abs(read_area(page) - (4 / 10 * 5) ** 2) < 0.05
    page.reload()
    page.get_by_text("The picture is not in this window").wait_for()
    page.get_by_role("button", name="Take away Photograph 1").click()
    assert page.locator(".photograph").count() == 0


def test_case_of_a_study_is_opened_changed_and_put_back(page, wound):
    """Its photograph is there again in another window; the study says what the changed case says."""
    page.get_by_role("link", name="Case").click()
    page.get_by_label("Age", exact=True).fill("55")
    page.get_by_role("button", name="lower leg, right").click()
    page.locator("input.photograph-file").set_input_files(wound)
    page.locator(".photo-stage img").wait_for()
    page.get_by_role("button", name="Report", exact=True).click()
    page.wait_for_url(re.compile("#/studies/"))
    study = page.url.rpartition("/")[2]
    page.get_by_role("button", name="Open its case").wait_for(timeout=EXAMINED_MS)

    page.reload()  # the photograph is not in this window any more, the case is
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="Open its case").click()
    page.get_by_text("This is the case of study").wait_for()
    page.locator(".photo-stage img").wait_for()
    assert page.get_by_label("Age", exact=True).input_value() == "55"
    assert find_violations(page) == []

    page.get_by_label("Age", exact=True).fill("67")
    page.locator("input.photograph-file").set_input_files(wound)
    page.locator(".photo-stage img").nth(1).wait_for()
    page.get_by_role("button", name="Put it back into the study").click()
    page.get_by_role("button", name="Open its case").wait_for(timeout=EXAMINED_MS)
    record = page.request.get(f"{page.url.partition('#')[0]}api/v1/studies/{study}/record").json()
    assert record["clinical"]["age_years"] == 67
    assert len(record["clinical"]["photographs"]) == 2

    page.get_by_role("link", name="Case").click()
    assert page.get_by_label("Age", exact=True).input_value() == ""


def test_sites_of_a_user_are_shown_and_changed(page, served):
    """An admin invites somebody to two sites and takes one away; the interface tells the same."""
    page.get_by_role("link", name="Users").click()
    form = page.locator("form.card")
    form.get_by_label("User name").fill("lam")
    form.get_by_label("Sites, one a line").fill("ward 7\nward 8")
    form.get_by_role("button", name="Make a link").click()
    page.get_by_text("A link for lam").wait_for()
    link = page.get_by_label("Link").input_value()
    other = page.context.browser.new_context()
    window = other.new_page()
    window.goto(link)
    window.get_by_label("Password", exact=True).fill(PASSWORD)
    window.get_by_label("Password again").fill(PASSWORD)
    window.locator("form button[type=submit]").click()
    window.get_by_role("heading", name="Studies").wait_for()
    other.close()
    page.reload()
    row = page.get_by_role("row").filter(has_text="lam")
    row.get_by_text("ward 7; ward 8").wait_for()
    row.get_by_role("button", name="Change the sites of lam").click()
    row.get_by_label("Sites of lam").fill("ward 8")
    assert find_violations(page) == []
    row.get_by_role("button", name="Save").click()
    page.get_by_text("The sites were changed.").wait_for()

    users = page.request.get(f"{served.address}api/v1/users").json()
    assert {user["name"]: user["sites"] for user in users}["lam"] == ["ward 8"]
    row.get_by_text("ward 8", exact=True).wait_for()


def test_log_out_leaves_nothing_open(served, browser):
    """Afterwards the interface knows nobody."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(served.address)
    page.get_by_label("User name").fill(NAME)
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("alert").wait_for()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("heading", name="Log in").wait_for()

    assert page.request.get(f"{served.address}api/v1/studies").status == 401
    context.close()


def test_built_page_is_packed(built, tmp_path):
    """The wheel carries the page, so that who installs it needs no Node."""
    listed = subprocess.run(
        ["git", "check-ignore", "-q", str(building.PAGE / "index.html")], cwd=ROOT, check=False
    ).returncode
    patterns = (ROOT / "pyproject.toml").read_text("utf-8")

    assert listed == 0
    assert 'artifacts = ["src/calcinet/apps/web/page/**"]' in patterns


def test_mark_that_is_none_is_rejected_and_the_numbers_follow(page, study):
    """The net is rejected with a reason: no net is told of any more; taken back, the summary is as before."""
    page.goto(study)
    page.locator(".finding.net").first.click()
    summary = page.get_by_role("region", name="Summary")
    before = summary.inner_text()
    assert "net-like" in before
    page.get_by_role("button", name="Reject").click()
    page.get_by_label("Why").fill("trabecular bone")
    page.locator("form.why").get_by_role("button", name="Reject").click()
    page.locator(".corrections").wait_for()

    assert page.locator(".finding.net").count() == 0
    assert summary.inner_text() != before

    page.get_by_role("button", name="Undo the last change").click()
    page.locator(".finding.net").first.wait_for()
    assert summary.inner_text() == before


PRESS = """keys => {
  const how = {bubbles: true, cancelable: true};
  for (const key of keys) document.body.dispatchEvent(new KeyboardEvent("keydown", {...how, key}));
}"""
"""Keys within one turn of the page: nothing is rendered between them, as on a machine that is busy."""


def test_mark_that_was_missed_is_drawn_by_the_keyboard_alone(page, study):
    """A triangle of other calcium about the middle of the screen, without a pause; undone by U."""
    page.goto(study)
    page.locator("svg.marks .mark").first.wait_for()
    before = page.locator(".finding").count()
    page.evaluate(PRESS, ["c", " ", *["ArrowRight"] * 4, " ", *["ArrowDown"] * 4, " ", "Enter"])
    page.keyboard.type("missed")
    page.keyboard.press("Enter")
    page.locator(".corrections").wait_for()

    assert page.locator(".finding").count() == before + 1
    assert f"({NAME})" in page.locator(".corrections").inner_text()
    page.locator("h2").first.click()
    page.keyboard.press("u")
    page.locator(".corrections").wait_for(state="detached")
    assert page.locator(".finding").count() == before


def test_film_of_ten_bits_is_as_grey_as_it_is(page, film, tmp_path):
    """Most real films have ten to twelve bits: what is seen is the film, from 0.5 to 99.5 % of its pixels."""
    made = dcmread(film)
    made.StudyInstanceUID, made.SeriesInstanceUID, made.SOPInstanceUID = generate_uid(), generate_uid(), generate_uid()
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    values = made.pixel_array >> (made.BitsStored - 10)
    made.BitsStored, made.HighBit, made.PixelData = 10, 9, values.astype("<u2").tobytes()
    made.save_as(tmp_path / "ten.dcm")
    if made.PhotometricInterpretation == "MONOCHROME1":
        values = 1023 - values
    rows = page.locator("tbody tr")
    rows.first.wait_for()
    before = rows.count()
    page.locator("input[type=file]").first.set_input_files(tmp_path / "ten.dcm")
    rows.nth(before).wait_for()
    rows.first.get_by_role("link", name="Open").click()
    page.locator(".film canvas").wait_for()
    page.locator(".read").wait_for()
    page.wait_for_timeout(1000)
    box = page.locator(".film canvas").bounding_box()
    seen = cv2.imdecode(np.frombuffer(page.screenshot(clip=box), np.uint8), cv2.IMREAD_GRAYSCALE)
    height = seen.shape[0]
    width = round(height * values.shape[1] / values.shape[0])
    left = (seen.shape[1] - width) // 2
    low, high = np.percentile(values, [0.5, 99.5])
    true = 255 * np.clip((values - low) / (high - low), 0, 1).astype(np.float32)
    true = cv2.resize(true, (width, height), interpolation=cv2.INTER_AREA)

    assert np.corrcoef(seen[:, left : left + width].ravel(), true.ravel())[0, 1] > 0.97
