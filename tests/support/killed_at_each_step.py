"""A program that kills its children while they write a result over an earlier one: before every step on the disk.

python -m tests.support.killed_at_each_step FOLDER nothing|foreign
"""

import os
import sys
from pathlib import Path

from calcinet.report.documents import Wanted
from calcinet.report.write import open_output, write_examination
from tests.support import handmade

STEPS = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "shutil.rmtree", "open")
"""Events of Python's audit; what is done between two of them is one call of the system."""

KILLED = 9
THESIS = {"thesis.txt": b"years of work", "films/mine.dcm": b"his own film"}


def write(folder: Path, name: str) -> None:
    """A result of four files, of which one has a name that no other result has."""
    attachments = {f"films/{name}.dcm": name.encode(), "same.txt": name.encode()}
    attachments |= {"old/but-for-new.txt": b""} if name == "old" else {}
    write_examination(handmade.nothing_examined(), {}, folder, Wanted(("json",)), attachments=attachments, force=True)


def begin(folder: Path, name: str, *, foreign: bool) -> None:
    for file, content in THESIS.items() if foreign else ():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(content)
    write(folder, name)


def look(folder: Path) -> dict[str, bytes | None]:
    """Everything in it and beside it; folders have no content."""
    return {
        path.relative_to(folder.parent).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.parent.rglob("*")
    }


def run_in_child(work, *, steps: int | None = None) -> int:
    """Exit code of a child that does some work and is killed before one of its steps."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    left = steps

    def count(event: str, arguments: object) -> None:
        nonlocal left
        if left is not None and event in STEPS:
            left -= 1
            if left < 0:
                os._exit(KILLED)

    sys.addaudithook(count)
    try:
        work()
    except BaseException as error:
        print(repr(error), file=sys.stderr)
        os._exit(1)
    os._exit(0)


def hold(folder: Path) -> None:
    """What the next run does first."""
    with open_output(folder, force=True):
        pass


def main(place: Path, *, foreign: bool) -> int:
    whole = {}
    for name in ("old", "new", "third"):
        begin(place / name / "out", name, foreign=foreign)
        whole[name] = look(place / name / "out")
    assert all(f"out/films/{name}.dcm" in found for name, found in whole.items())
    steps = 0
    while True:
        folder = place / str(steps) / "out"
        begin(folder, "old", foreign=foreign)
        code = run_in_child(lambda at=folder: write(at, "new"), steps=steps)
        result = {name: content for name, content in look(folder).items() if not name.startswith(".")}
        if not foreign:
            assert result in (whole["old"], whole["new"]), f"step {steps}: {sorted(result)}"
        assert run_in_child(lambda at=folder: hold(at)) == 0
        assert look(folder) in (whole["old"], whole["new"]), f"step {steps}: {sorted(look(folder))}"
        assert run_in_child(lambda at=folder: write(at, "third")) == 0
        assert look(folder) == whole["third"], f"step {steps}: {sorted(look(folder))}"
        if code == 0:
            return steps
        assert code == KILLED, f"step {steps}: {code}"
        steps += 1


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), foreign=sys.argv[2] == "foreign"))
