"""A destination is connected to by its own protocol, whose library is loaded only then."""

import gc
import subprocess
import sys

import pytest

from calcinet.delivery import destination
from calcinet.delivery.outcome import Unreachable
from calcinet.delivery.transport import connect
from tests.support.captures import NOBODY, capture, uid_of

LOADED = """
import sys
from calcinet.apps import sending
from calcinet.delivery import deliver, transport
print([name for name in ("pynetdicom", "dicomweb_client") if name in sys.modules])
"""


def test_libraries_of_the_network_are_loaded_only_to_connect():
    """In a fresh interpreter."""
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("way", ["node", "dicomweb"])
def test_object_sent_through_a_connection_is_in_the_archive(tmp_path, orthanc, way):
    content = capture(7000 + len(way))
    path = tmp_path / "object.dcm"
    path.write_bytes(content)
    with connect(destination(getattr(orthanc, way)), [path]) as connection:
        connection.send(path)

    assert uid_of(content) in orthanc.instances()


@pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")
def test_node_that_is_down_is_unreachable(tmp_path):
    path = tmp_path / "object.dcm"
    path.write_bytes(capture(1))
    with pytest.raises(Unreachable, match="does not answer"), connect(destination(NOBODY), [path]):
        pass
    gc.collect()


def test_service_that_is_down_is_unreachable_when_an_object_is_sent(tmp_path):
    path = tmp_path / "object.dcm"
    path.write_bytes(capture(1))
    service = destination("http://127.0.0.1:9/dicom-web")
    with connect(service, [path]) as connection, pytest.raises(Unreachable, match="the service does not answer"):
        connection.send(path)
