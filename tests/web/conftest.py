"""One server and one browser for the tests of the page; the first user is made through the page itself."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.partners import need
from tests.support.paths import ROOT
from tests.support.served import CHROMIUM, NAME, PASSWORD, PLAIN, Served, serving
from tools import page as building

PATIENCE_MS = 60_000
"""Of a step in the browser, beside other tests."""

EXAMINED_MS = 400_000
"""A film is examined within it, on two processors that other tests use as well."""


@pytest.fixture(scope="session")
def built() -> None:
    """The page as it is built from the checkout; without Node or npm the test is skipped, or fails where CI=true."""
    try:
        building.build()
    except RuntimeError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(f"needs the page, which could not be built: {error}")


@pytest.fixture(scope="session")
def served(built, tmp_path_factory) -> Iterator[Served]:
    """A server that nobody has used yet."""
    pytest.importorskip("fastapi", reason="needs the extra serve")
    with serving(tmp_path_factory.mktemp("served")) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The machine's Chromium, driven by Playwright."""
    need(CHROMIUM, "a browser (Debian: chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=PLAIN)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def logged_in(served, browser) -> dict[str, Any]:
    """Cookies of the first user, made as the link on the terminal says."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(served.setup)
    page.get_by_label("User name").fill(NAME)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    page.get_by_role("heading", name="Studies").wait_for()
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def page(served, browser, logged_in) -> Iterator[Any]:
    """A window of the first user; a script that fails, a refusal of the policy or a foreign address fails the test."""
    context = browser.new_context(storage_state=logged_in, accept_downloads=True, locale="en-GB")
    context.set_default_timeout(PATIENCE_MS)
    window = context.new_page()
    faults: list[str] = []
    window.on("pageerror", lambda error: faults.append(str(error)))
    window.on("console", lambda message: faults.append(message.text) if "Content Security" in message.text else None)
    window.on("request", lambda request: None if _is_own(request.url, served) else faults.append(request.url))
    window.goto(served.address)
    yield window
    context.close()
    assert faults == []


def _is_own(url: str, served: Served) -> bool:
    return url.startswith((served.address, f"blob:{served.address}", "data:"))


@pytest.fixture(scope="session")
def study(served, browser, logged_in, film) -> str:
    """The address of a study: a film was put on the page, waited for over a reload, and examined."""
    context = browser.new_context(storage_state=logged_in, locale="en-GB")
    window = context.new_page()
    window.goto(served.address)
    window.locator("input[type=file]").first.set_input_files(film)
    window.locator("tbody tr").wait_for()
    window.reload()
    opening = window.get_by_role("link", name="Open")
    opening.wait_for(timeout=EXAMINED_MS)
    opening.click()
    window.locator("svg.marks").wait_for(timeout=PATIENCE_MS)
    address = window.url
    context.close()
    return str(address)


@pytest.fixture(scope="session")
def film(tmp_path_factory) -> str:
    """A generated film of a lower leg with a net."""
    folder = tmp_path_factory.mktemp("film")
    command = [sys.executable, "-m", "calcinet", "phantom", "--seed", "3", "--net", "-o", str(folder / "films")]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return str(folder / "films" / "phantom-3.dcm")
