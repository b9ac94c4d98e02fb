"""What many tests share: where the real images lie, an archive, and films that are examined fast."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.extras import ModuleOfExtra, find_extra
from tests.support.orthanc import DICOMWEB, EXECUTABLE, Orthanc
from tests.support.partners import need
from tests.support.paths import SHARED_DATA


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """Tests of an extra are skipped by name where it is missing, before they import it."""
    needs = find_extra(module_path)
    if needs is None:
        return None
    module = ModuleOfExtra.from_parent(parent, path=module_path)
    module.needs = needs
    return module


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real images beside the checkout; without it the test is skipped, or fails where CI=true."""
    if SHARED_DATA.is_dir():
        return SHARED_DATA
    if os.environ.get("CI") == "true":
        pytest.fail("the real images are missing: expected a folder shared/data beside the checkout")
    pytest.skip("needs the real images of shared/data beside the checkout")


@pytest.fixture(scope="session")
def orthanc(tmp_path_factory) -> Iterator[Orthanc]:
    """An archive that many tests share; without Orthanc they are skipped, or fail where CI=true."""
    need(EXECUTABLE and DICOMWEB.exists(), "Orthanc with its DICOMweb plug-in (Debian: orthanc, orthanc-dicomweb)")
    server = Orthanc(tmp_path_factory.mktemp("orthanc")).start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def make_film(tmp_path_factory) -> Callable[[int], bytes]:
    """A small film of a leg with calcified arteries, cut out of a larger one at another place for each number."""
    from calcinet.io import write_radiograph
    from calcinet.phantoms.radiograph.limb import limb, random_spec

    folder = tmp_path_factory.mktemp("films")
    whole = limb(random_spec(3, net=True)).image

    def make(number: int) -> bytes:
        top = 300 + 9 * number
        part = replace(whole, pixels=whole.pixels[:, top : top + 320, :])
        return Path(write_radiograph(folder / f"{number}.dcm", part, uid_seed=str(number))).read_bytes()

    return make
