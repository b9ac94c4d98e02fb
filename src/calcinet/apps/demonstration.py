"""The demonstration: a film that was never taken, examined like any other."""

from pathlib import Path
from tempfile import TemporaryDirectory

from calcinet.apps.console import Exit
from calcinet.apps.examination import Examiner, Order, examine_and_write
from calcinet.io.export import write_radiograph
from calcinet.phantoms.limb import limb, random_spec


def demonstrate(folder: Path, seed: int, *, force: bool = False, examiner: Examiner | None = None) -> Exit:
    """Examine a generated lower leg with calcified vessels and a net; the film is put beside the report."""
    phantom = limb(random_spec(seed, net=True, vessels=True, anatomy="lower leg"))
    name = f"phantom-{seed}.dcm"
    with TemporaryDirectory() as place:
        film = write_radiograph(Path(place) / name, phantom.image)
        attachments = {f"film/{name}": film.read_bytes()}
        return examine_and_write(Order([film], folder, attachments=attachments, force=force), examiner)
