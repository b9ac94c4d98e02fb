"""The sender over TLS to DCMTK's storescp, which asks for a certificate of its authority."""

import gc
import shutil
import socket
import subprocess
import time

import pytest
from pydicom import dcmread

from calcinet.delivery import Outbox, deliver, destination
from calcinet.delivery.tls import AUTHORITY, CERTIFICATE, KEY, make_caller_context
from calcinet.errors import BadInput
from tests.support.captures import capture, uid_of
from tests.support.orthanc import free_port
from tests.support.papers import make_papers
from tests.support.partners import need

STORESCP = shutil.which("storescp")

pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <(socket|ssl):pytest.PytestUnraisableExceptionWarning"
)
"""The DICOM library leaves the socket of a failed association to the garbage collector, which says so."""


@pytest.fixture(autouse=True)
def _collected():
    """Sockets that were left are collected in the test that left them."""
    yield
    gc.collect()


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    return make_papers(tmp_path_factory.mktemp("papers"))


@pytest.fixture(scope="module")
def archive(papers, tmp_path_factory):
    """A real archive that lets nobody in without a certificate of the authority, and where it keeps objects."""
    need(STORESCP, "DCMTK")
    folder, port = tmp_path_factory.mktemp("archive"), free_port()
    shown = ("+tls", str(papers / "node.key"), str(papers / "node.pem"), "+cf", str(papers / "ca.pem"), "-rc")
    with (folder.parent / "storescp.log").open("w") as log:
        running = subprocess.Popen([str(STORESCP), *shown, "-od", str(folder), str(port)], stdout=log, stderr=log)
    for _ in range(600):
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield port, folder
    running.terminate()
    running.wait()


@pytest.fixture
def shown(papers, monkeypatch):
    """What the environment names: our certificate and the authority."""
    monkeypatch.setenv(AUTHORITY, str(papers / "ca.pem"))
    monkeypatch.setenv(CERTIFICATE, str(papers / "caller.pem"))
    monkeypatch.setenv(KEY, str(papers / "caller.key"))


def send(tmp_path, port, seed, scheme="dicoms"):
    outbox, where = Outbox(tmp_path), destination(f"{scheme}://ANY@127.0.0.1:{port}")
    outbox.put(capture(seed), where)
    return deliver(outbox, where, attempts=1)


def test_object_arrives_with_a_certificate_of_ours(archive, shown, tmp_path):
    port, folder = archive

    assert send(tmp_path, port, 31).whole
    assert uid_of(capture(31)) in {dcmread(path).SOPInstanceUID for path in folder.iterdir()}


@pytest.mark.parametrize("kind", ["none of ours", "a stranger's", "another authority", "plain"])
def test_nothing_is_sent_otherwise_and_it_waits(archive, shown, papers, monkeypatch, tmp_path, kind):
    """Without a certificate, with one that nobody signed, to an archive that we do not trust, and without TLS."""
    if kind == "none of ours":
        monkeypatch.delenv(CERTIFICATE)
        monkeypatch.delenv(KEY)
    if kind == "a stranger's":
        monkeypatch.setenv(CERTIFICATE, str(papers / "stranger.pem"))
        monkeypatch.setenv(KEY, str(papers / "stranger.key"))
    if kind == "another authority":
        monkeypatch.setenv(AUTHORITY, str(papers / "stranger.pem"))
    port, folder = archive
    done = send(tmp_path, port, 32, "dicom" if kind == "plain" else "dicoms")

    assert (done.sent, done.waiting) == (0, 1)
    assert "does not answer" in done.because
    assert uid_of(capture(32)) not in {dcmread(path).SOPInstanceUID for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("name", "file", "told"),
    [(AUTHORITY, "absent.pem", "authority"), (KEY, "node.key", "belong together"), (KEY, "", "needs both")],
)
def test_papers_that_cannot_be_are_a_sentence(shown, papers, monkeypatch, name, file, told):
    monkeypatch.setenv(name, str(papers / file) if file else "")
    with pytest.raises(BadInput, match=told):
        make_caller_context()
