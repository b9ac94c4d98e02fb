"""Whether an archive is there: asked of a real Orthanc both ways, and of addresses where none is."""

import pytest

from calcinet.delivery import destination
from calcinet.delivery.outcome import Misdirected, Unreachable
from calcinet.delivery.transport import ask
from tests.support.orthanc import free_port
from tests.support.services import answer, serve

pytestmark = pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")
"""The DICOM library leaves the socket of a failed association to the garbage collector, which says so."""


@pytest.mark.xdist_group("orthanc")
def test_archive_answers_both_ways(orthanc):
    ask(destination(orthanc.node))
    ask(destination(orthanc.dicomweb))


@pytest.mark.parametrize("address", ["dicom://NOBODY@127.0.0.1:{}", "http://127.0.0.1:{}/dicom-web"])
def test_nobody_is_there(address):
    with pytest.raises(Unreachable, match="does not answer"):
        ask(destination(address.format(free_port())))


@pytest.mark.parametrize(("status", "reason"), [("401 Unauthorized", "let us in"), ("404 Not Found", "check the")])
def test_service_that_lets_nobody_in_says_why(status, reason):
    with serve(lambda _: answer(status)) as service, pytest.raises(Misdirected, match=reason):
        ask(destination(service.url))
