"""The page in a browser: on a phone, and on paper."""

import os
import re
import shutil
import subprocess

import pytest

from calcinet.report.html import html_page
from tests.support import handmade_ct

PHONE_PX = 390
"""Width of a common phone."""

HARNESS = """<!doctype html><iframe id="page" src="page.html" width="{width}" height="800" style="border:0"></iframe>
<script>
addEventListener("load", () => {{
  const page = document.getElementById("page").contentDocument;
  document.title = "width " + page.documentElement.scrollWidth + " letters " + page.fonts.size;
}});
</script>"""


@pytest.fixture(scope="session")
def browser() -> str:
    """A Chromium; without one the test is skipped, or fails where CI=true."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found:
        return found
    if os.environ.get("CI") == "true":
        pytest.fail("needs a browser: expected chromium")
    pytest.skip("needs a browser: chromium")


@pytest.fixture
def opened(browser, tmp_path):
    """Runs the browser with options on a file of the test's folder and returns what it prints."""

    def run(*options: str, name: str) -> str:
        plain = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
        command = [browser, *plain, f"--user-data-dir={tmp_path / 'profile'}", *options, (tmp_path / name).as_uri()]
        return subprocess.run(command, capture_output=True, check=True, timeout=60, text=True).stdout

    return run


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_page_is_no_wider_than_a_phone(opened, tmp_path, patient, pixels, language):
    """Nothing has to be scrolled sideways, tables neither."""
    (tmp_path / "page.html").write_text(html_page(patient, {"img-1": pixels}, language), "utf-8")
    (tmp_path / "harness.html").write_text(HARNESS.format(width=PHONE_PX), "utf-8")

    told = opened("--allow-file-access-from-files", "--virtual-time-budget=4000", "--dump-dom", name="harness.html")
    width = re.search(r"<title>width (\d+)", told)

    assert width is not None
    assert int(width[1]) <= PHONE_PX


def test_page_of_a_ct_is_no_wider_than_a_phone(opened, tmp_path):
    """Four panels and three tables."""
    page = html_page(handmade_ct.examination(), {"img-1": handmade_ct.examined()})
    (tmp_path / "page.html").write_text(page, "utf-8")
    (tmp_path / "harness.html").write_text(HARNESS.format(width=PHONE_PX), "utf-8")

    told = opened("--allow-file-access-from-files", "--virtual-time-budget=4000", "--dump-dom", name="harness.html")
    width = re.search(r"<title>width (\d+)", told)

    assert width is not None
    assert int(width[1]) <= PHONE_PX


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_summary_is_one_page_of_paper(opened, tmp_path, patient, pixels, language):
    """Without what comes after it, the summary prints on one sheet."""
    text = html_page(patient, {"img-1": pixels}, language)
    head, summary = text[: text.index("<main>")], text[text.index("<main>") : text.index("</section>")]
    (tmp_path / "page.html").write_text(f"{head}{summary}</section></main></body></html>", "utf-8")

    opened(f"--print-to-pdf={tmp_path / 'page.pdf'}", name="page.html")
    printed = (tmp_path / "page.pdf").read_bytes()

    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


def test_script_in_a_page_does_not_run(opened, tmp_path, patient, pixels):
    """Put into the finished page by hand, behind the policy: a script and a handler would change its title."""
    page = html_page(patient, {"img-1": pixels})
    attack = '<script>document.title = "run"</script><img src="x" onerror="document.title = \'run\'">'
    (tmp_path / "page.html").write_text(page.replace("</body>", f"{attack}</body>"), "utf-8")
    (tmp_path / "open.html").write_text(
        re.sub("<meta http-equiv[^>]*>", "", page).replace("</body>", f"{attack}</body>"), "utf-8"
    )

    assert "<title>run</title>" not in opened("--virtual-time-budget=2000", "--dump-dom", name="page.html")
    assert "<title>run</title>" in opened("--virtual-time-budget=2000", "--dump-dom", name="open.html")
