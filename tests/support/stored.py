"""Records for a store, made by hand and all of them different, and the databases to put them into."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from calcinet.record import Clinical, Evidence, ImageRecord, Lab, ModelRecord, NotMeasured, Posterior, Prior, Record
from calcinet.text import Text, say
from tests.support.orthanc import free_port

POSTGRES: Final = next(
    (Path(found).resolve().parent for found in [shutil.which("initdb")] if found),
    next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None),
)
"""Folder of the programs of PostgreSQL; Debian keeps them off the search path."""

NOBODY: Final = "postgres"
"""User of Debian's package as whom the server runs where the tests are root, for it refuses to be."""


def image(seed: str, **parts: Any) -> ImageRecord:
    """An image whose hash is that of its seed."""
    sha256 = hashlib.sha256(seed.encode()).hexdigest()
    missing = (NotMeasured(measure="resolvable_mm", because="the pixel size is not known"),)
    known = {"id": "img-1", "sha256": sha256, "source": f"{sha256[:12]}.dcm", "modality": "DX", "not_measured": missing}
    return ImageRecord(**{**known, **parts})


def visit(seed: str, *, sex: str | None = "woman", on: str | None = "2026-03-09", probability: float = 0.5) -> Record:
    """What was found in one visit of a patient of 60 years."""
    about: tuple[Text, ...] = ()
    if sex is not None:
        about = (say("{sex}, {age} years", sex=sex, age=60),)
    labs = (Lab(name="calcium", value=2.31, unit="mmol/L", as_given="2.31 mmol/L", on=on),)
    return Record(
        version="0.1.0",
        model=ModelRecord(name="m"),
        images=(image(seed),),
        clinical=Clinical(about=about, labs=labs),
        evidence=Evidence(
            prior=Prior(value=0.3, basis="given"),
            posterior=Posterior(median=probability, interval95=(probability / 2, (1 + probability) / 2)),
        ),
    )


def content(seed: str, **parts: Any) -> bytes:
    """The same as the bytes of record.json."""
    return visit(seed, **parts).to_json().encode()


class Postgres:
    """A server on loopback in an empty folder that is lent; each test has a database of its own in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._databases = 0
        self._user = NOBODY if os.geteuid() == 0 else None

    def start(self) -> "Postgres":
        if self._user is not None:
            shutil.chown(self.folder, self._user)
        self._run("initdb", "-D", str(self._data), "-U", "calcinet", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} -c fsync=off"
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", str(self._data), "-o", options, "-l", log, "-w", "-t", "120", "start")
        return self

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "-w", "stop")

    def make_database(self) -> str:
        """The address of a new database."""
        self._databases += 1
        name = f"store{self._databases}"
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "calcinet", name)
        return f"postgresql://calcinet@127.0.0.1:{self.port}/{name}"

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _run(self, program: str, *arguments: str) -> None:
        assert POSTGRES is not None, "PostgreSQL is not installed"
        command: Sequence[str] = [str(POSTGRES / program), *arguments]
        subprocess.run(
            command, check=True, user=self._user, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
