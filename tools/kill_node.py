"""Kill a node again and again while modalities send, its archive goes up and down and its disk is full, and count.

    python -m tools.kill_node --associations 20 --objects 25 --kills 10

Each association carries one study: a small film of a phantom and captures that hold nothing. storescu sends it, and
sends again what was not acknowledged; meanwhile the node is ended with SIGKILL at random moments and started again,
Orthanc is down half of the time, and once the disk takes nothing. Needs DCMTK's storescu and Orthanc. In the end each
object that was acknowledged must lie in one study and be told of in one record, and each result in the archive, once.

Exit codes: 0 nothing is lost and nothing is twice, 1 something is, 2 wrong usage.
"""

import argparse
import json
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Final

import pydicom
from pydicom.uid import generate_uid

from calcinet.io import write_radiograph
from calcinet.phantoms.radiograph.limb import LimbSpec, VesselSpec, limb
from tests.support.captures import capture
from tests.support.nodes import STORESCU, Node
from tests.support.orthanc import Orthanc

FIELD_MM: Final = (70.0, 50.0)
"""Of a film: small, for what is looked at is the node."""

QUIET_S: Final = 20
"""A study is complete after so long. Our choice: longer than the node takes to start again."""

UP_S: Final = 6.0
"""The archive is up, and down, for about so long."""

LONGEST_S: Final = 1500.0
LONGEST_SEND_S: Final = 30.0
LATEST_S: Final = 0.8
"""A kill comes at most so long after an association was asked for. Our choice: it is over by then."""

PAUSE_S: Final = 1.0
FULL_S: Final = 8.0
DISK_BYTES: Final = 512 << 20


@dataclass(slots=True)
class Study:
    """What one association carries."""

    uid: str
    files: list[Path]
    acknowledged: set[str] = field(default_factory=set)
    """Files."""


@dataclass(slots=True, kw_only=True)
class Count:
    """What was found in the end."""

    acknowledged: int
    lost: int
    twice: int
    results: int
    missing: int
    repeated: int

    @property
    def sound(self) -> bool:
        """Whether all is there, once."""
        return not (self.lost or self.twice or self.missing or self.repeated)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--associations", type=int, default=20)
    parser.add_argument("--objects", type=int, default=25, help="of each association")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--quiet", type=int, default=QUIET_S, help="seconds after which a study is complete")
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    asked = parser.parse_args(arguments)
    moments = random.Random(asked.seed)
    with tempfile.TemporaryDirectory(prefix="calcinet-node-") as folder:
        root = Path(folder)
        studies = [make_study(root / "sent", number, asked.objects) for number in range(asked.associations)]
        print(f"{asked.associations} studies of {asked.objects} objects made", flush=True)
        count = run(root, studies, asked.kills, moments, asked.quiet)
    print(
        f"{count.acknowledged} objects acknowledged: {count.lost} lost, {count.twice} examined twice;"
        f" {count.results} results in the archive: {count.missing} missing, {count.repeated} twice"
    )
    return 0 if count.sound else 1


def make_study(folder: Path, number: int, objects: int) -> Study:
    """A film and captures of one study, as files."""
    spec = LimbSpec(vessels=(VesselSpec(),), seed=number, field_mm=FIELD_MM)
    place = folder / str(number)
    place.mkdir(parents=True)
    film = place / "film.dcm"
    write_radiograph(film, limb(spec).image, uid_seed=f"kill {number}")
    header = pydicom.dcmread(film)
    files = [film]
    for index in range(objects - 1):
        other = pydicom.dcmread(BytesIO(capture(1000 * number + index)))
        other.StudyInstanceUID = header.StudyInstanceUID
        other.PatientName, other.PatientID = header.get("PatientName", ""), header.get("PatientID", "")
        other.SOPInstanceUID = generate_uid(entropy_srcs=[f"{number} {index}"])
        other.file_meta.MediaStorageSOPInstanceUID = other.SOPInstanceUID
        files.append(place / f"{index}.dcm")
        other.save_as(files[-1])
    return Study(str(header.StudyInstanceUID), files)


def run(root: Path, studies: Sequence[Study], kills: int, moments: random.Random, quiet_s: int = QUIET_S) -> Count:
    """Send, kill, wait until all is done, and count."""
    (root / "archive").mkdir()
    archive = Orthanc(root / "archive").start()
    options = ("--accept", "MODALITY@127.0.0.1", "--send", archive.node, "--quiet-seconds", str(quiet_s))
    with small_disk(root / "disk") as disk:
        node = Node(disk / "data", options, {"CALCINET_MAX_SPARE_BYTES": "1"}).start()
        ending, sends = threading.Event(), threading.Semaphore(0)
        switching = threading.Thread(target=switch_archive, args=(archive, ending, random.Random(moments.random())))
        sending = threading.Thread(target=send_all, args=(node, studies, sends))
        switching.start()
        sending.start()
        try:
            for number in range(kills):
                sends.acquire(timeout=LONGEST_SEND_S)
                time.sleep(moments.uniform(0, LATEST_S))
                node.kill()
                if number == kills // 2:
                    fill(disk, node)
                node.start()
                print(f"kill {number + 1}: {sum(len(one.acknowledged) for one in studies)} acknowledged", flush=True)
            sending.join()
            await_done(node, len(studies))
        finally:
            ending.set()
            switching.join()
        if archive.process is not None and archive.process.poll() is not None:
            archive.start()
        await_delivered(node, archive)
        count = count_all(node, archive, studies)
        node.stop()
    archive.stop()
    return count


@contextmanager
def small_disk(place: Path) -> Iterator[Path]:
    """A disk of its own in memory, which can be filled."""
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "none", str(place)], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(disk: Path, node: Node) -> None:
    """Let the node live for a while on a disk without a free byte, and free it."""
    node.start()
    known = len(node.log)
    ballast = disk / "ballast"
    with suppress(OSError), ballast.open("wb") as stream:  # closing it writes what is left, and fails as well
        while True:
            stream.write(bytes(1 << 16))
            stream.flush()
    print(f"the disk is full: {shutil.disk_usage(disk).free} bytes are free", flush=True)
    time.sleep(FULL_S)
    print(f"the node said: {node.log[known:].strip()[-300:]}", flush=True)
    node.kill()
    ballast.unlink()


def switch_archive(archive: Orthanc, ending: threading.Event, moments: random.Random) -> None:
    """Let the archive be there half of the time."""
    while not ending.wait(moments.uniform(0.5, 1.5) * UP_S):
        archive.kill()
        ending.wait(moments.uniform(0.5, 1.5) * UP_S)
        archive.start()


def send_all(node: Node, studies: Sequence[Study], sends: threading.Semaphore) -> None:
    """Send each study, and again what was not acknowledged of it, as the queue of a modality does."""
    for study in studies:
        sends.release()
        while len(study.acknowledged) < len(study.files):
            left = [file for file in study.files if str(file) not in study.acknowledged]
            study.acknowledged |= send(node, left)
            if len(study.acknowledged) < len(study.files):
                time.sleep(1.0)
        time.sleep(PAUSE_S)


def send(node: Node, files: Sequence[Path]) -> set[str]:
    """Send over one association; gives the files that were acknowledged."""
    command = [str(STORESCU), "-v", "-aet", "MODALITY", "-aec", "CALCINET", "-xs", "127.0.0.1", str(node.port)]
    done = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, check=False)
    acknowledged, current = set(), ""
    for line in (done.stdout + done.stderr).splitlines():
        sent = re.search(r"Sending file: (.+)$", line)
        if sent:
            current = sent[1].strip()
        if "Received Store Response (Success)" in line and current:
            acknowledged.add(current)
    return acknowledged


def await_done(node: Node, studies: int) -> None:
    """Wait until the queue has everything and has examined it."""
    until = time.monotonic() + LONGEST_S
    while time.monotonic() < until:
        states = Counter(state for _, state in read_queue(node))
        busy = states["queued"] + states["running"] + len(list((node.data / "received").iterdir()))
        if states["done"] + states["failed"] >= studies and not busy:
            return
        time.sleep(2.0)
    raise SystemExit(f"not examined in {LONGEST_S:.0f} s: {dict(states)}")


def await_delivered(node: Node, archive: Orthanc) -> None:
    """Wait until the archive has the results, and nothing more comes."""
    until = time.monotonic() + LONGEST_S
    while time.monotonic() < until and not list_results(node) <= set(archive.instances()):
        time.sleep(2.0)
    time.sleep(5.0)


def list_results(node: Node) -> set[str]:
    """SOP Instance UIDs of all results."""
    return {read_uid(file) for file in (node.data / "studies").glob("*/result/*.dcm")}


def read_queue(node: Node) -> list[tuple[str, str]]:
    """Studies of the queue with their states."""
    with closing(sqlite3.connect(node.data / "queue.sqlite", timeout=60)) as database:
        return list(database.execute("select id, state from studies"))


def read_uid(file: Path) -> str:
    """SOP Instance UID of a file."""
    return str(pydicom.dcmread(file, stop_before_pixels=True).SOPInstanceUID)


def count_all(node: Node, archive: Orthanc, studies: Sequence[Study]) -> Count:
    """Compare what was acknowledged with what was examined, and what was found with what the archive has."""
    given: Counter[str] = Counter()
    told = 0
    for study_id, _ in read_queue(node):
        folder = node.data / "studies" / study_id
        given.update(read_uid(file) for file in folder.rglob("given/*"))
        told += len(json.loads((folder / "result" / "record.json").read_bytes())["images"])
    acknowledged: set[str] = set()
    for study in studies:
        acknowledged |= {read_uid(file) for file in study.files if str(file) in study.acknowledged}
    wanted, there = list_results(node), archive.instances()
    return Count(
        acknowledged=len(acknowledged),
        lost=len(acknowledged - set(given)),
        twice=sum(1 for count in given.values() if count > 1) + max(0, told - len(given)),
        results=len(there),
        missing=len(wanted - set(there)),
        repeated=len(there) - len(wanted & set(there)),
    )


if __name__ == "__main__":
    sys.exit(main())
