"""How fast the page is with large images: `python -m tools.page_speed`, on a machine that does nothing else.

A film of 4280 x 3520 and a CT of 800 slices are sent to a server of their own and opened in the machine's Chromium.
Prints seconds from the upload to the first picture and to the marks, frames a second (median) while the film is moved,
seconds to the first slice of the CT and from slice to slice, and bytes of the first load.
"""

import argparse
import gzip
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as Picture

from tests.support.served import CHROMIUM, NAME, PASSWORD, PLAIN, serving
from tools import page as building

ROWS, COLUMNS = 4280, 3520
SLICES, SIDE = 800, 512

MOVES = """
() => new Promise((ready) => {
  const film = document.querySelector(".film");
  const box = film.getBoundingClientRect();
  const times = [];
  let step = 0;
  const at = (name, buttons) => film.querySelector("canvas").dispatchEvent(new MouseEvent(name, {
    bubbles: true, cancelable: true, button: 0, buttons,
    clientX: box.x + 200 + (step % 60) * 3, clientY: box.y + 200 + (step % 60) * 2,
    pageX: box.x + 200 + (step % 60) * 3, pageY: box.y + 200 + (step % 60) * 2,
  }));
  at("mousedown", 1);
  const move = (now) => {
    times.push(now);
    step += 1;
    document.dispatchEvent(new MouseEvent("mousemove", {
      bubbles: true, cancelable: true, button: 0, buttons: 1,
      clientX: box.x + 200 + (step % 60) * 3, clientY: box.y + 200 + (step % 60) * 2,
    }));
    if (step < 120) requestAnimationFrame(move);
    else { document.dispatchEvent(new MouseEvent("mouseup", {bubbles: true})); ready(times); }
  };
  requestAnimationFrame(move);
})
"""
"""Moves the film a little at each frame; gives the times of the frames in ms."""


def make_film(folder: Path) -> Path:
    """A large picture of a leg: a bright bone in a grey limb on black, with noise."""
    random = np.random.default_rng(1)
    across = np.abs(np.arange(COLUMNS) - COLUMNS / 2)
    limb = np.where(across < COLUMNS / 4, 90.0, 5.0) + np.where(across < COLUMNS / 16, 90.0, 0.0)
    grey = limb + random.normal(0, 3, (ROWS, COLUMNS))
    path = folder / "film.png"
    Picture.fromarray(np.clip(grey, 0, 255).astype(np.uint8)).save(path)
    return path


def make_ct(folder: Path) -> Path:
    """A CT of a generated leg, its slices drawn out to 800, as one NIfTI file."""
    from nibabel import Nifti1Image

    z, y, x = np.ogrid[:SLICES, :SIDE, :SIDE]
    radius = np.hypot(y - SIDE / 2, x - SIDE / 2) + 0 * z
    hu = np.full((SLICES, SIDE, SIDE), -1000, np.int16)
    hu[radius < 150] = -90
    hu[radius < 135] = 50
    hu[radius < 35] = 900
    hu[350:450, 180:184, 256:260] = 700
    path = folder / "ct.nii"
    Nifti1Image(hu.transpose(2, 1, 0), np.diag([0.7, 0.7, 1.0, 1.0])).to_filename(path)
    return path


@contextmanager
def open_page(folder: Path) -> Iterator[Any]:
    """A window of the first user of a new server."""
    from playwright.sync_api import sync_playwright

    with serving(folder / "data") as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=PLAIN)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(600_000)
        page.goto(server.setup)
        page.get_by_label("User name").fill(NAME)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_label("Password again").fill(PASSWORD)
        page.get_by_role("button", name="Make the account").click()
        page.get_by_role("heading", name="Studies").wait_for()
        yield page
        browser.close()


def send(page: Any, path: Path, **fields: str) -> str:
    """Send a file by the interface, as the page does; gives its study."""
    parts = {"files": {"name": path.name, "mimeType": "application/octet-stream", "buffer": path.read_bytes()}}
    csrf = page.request.get(f"{page.url.split('#')[0]}api/v1/session").json()["csrf"]
    answer = page.request.post(
        f"{page.url.split('#')[0]}api/v1/studies",
        multipart={**parts, **fields},
        headers={"X-CSRF-Token": csrf},
        timeout=600_000,
    )
    return str(answer.json()["id"])


def time_film(page: Any, path: Path) -> None:
    """Print how long a film takes to its first picture, to its marks, and how it moves."""
    study = send(page, path, spacing_mm="0.1", anatomy="lower leg")
    began = time.perf_counter()
    page.goto(f"{page.url.split('#')[0]}#/studies/{study}")
    page.locator(".read").wait_for()
    print(f"film of {ROWS} x {COLUMNS}: first picture {time.perf_counter() - began:.1f} s after its upload")
    page.get_by_role("region", name="Findings").wait_for()
    print(f"its findings after {time.perf_counter() - began:.1f} s")
    page.locator(".read").wait_for()
    page.keyboard.press("p")
    frames = np.diff(page.evaluate(MOVES))
    print(f"moved: {1000 / np.median(frames):.0f} frames a second (median), slowest frame {frames.max():.0f} ms")


def time_ct(page: Any, path: Path) -> None:
    """Print how long the first slice of a CT takes."""
    study = send(page, path, modality="CT", anatomy="lower leg")
    began = time.perf_counter()
    page.goto(f"{page.url.split('#')[0]}#/studies/{study}")
    page.locator(".slices input").wait_for()
    print(f"CT of {SLICES} slices: first picture {time.perf_counter() - began:.1f} s after its upload")
    page.get_by_role("region", name="Findings").wait_for()
    print(f"its findings after {time.perf_counter() - began:.1f} s")
    page.reload()
    began = time.perf_counter()
    page.locator(".slices input").wait_for()
    page.locator(".slices input").fill("400")
    page.get_by_text("Slice 401 of 800").wait_for()
    page.wait_for_function("document.querySelector('.read').innerText.includes('window 400')")
    print(f"opened again: its first slice within {time.perf_counter() - began:.1f} s")


def weigh_first_load() -> int:
    """Bytes of the start page, compressed, without the viewer."""
    names = re.findall(r'(?:src|href)="\./(assets/[^"]+)"', (building.PAGE / "index.html").read_text("utf-8"))
    return sum(len(gzip.compress((building.PAGE / name).read_bytes())) for name in names)


def main() -> None:
    """Print the figures."""
    argparse.ArgumentParser(prog="python -m tools.page_speed", description=__doc__).parse_args()
    building.build()
    print(f"first load {weigh_first_load() / 1000:.0f} kB compressed")
    with tempfile.TemporaryDirectory() as name, open_page(Path(name)) as page:
        time_film(page, make_film(Path(name)))
        time_ct(page, make_ct(Path(name)))


if __name__ == "__main__":
    main()
