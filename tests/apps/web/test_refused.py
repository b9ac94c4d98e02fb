"""What a server cannot take: a full disk, too much at once, a case that is wrong; it goes on working."""

import pytest

from tests.support.servers import Server, await_state

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("refused")]

MOST_BYTES = 8 * 2**20
"""No file of the server grows beyond it, as on a full disk."""


def test_full_disk_and_too_much_at_once_are_sentences_and_nothing_is_lost(tmp_path):
    """10 MiB do not fit on the disk (507), 13 MiB are more than is read (413); a case afterwards is assessed."""
    server = Server(
        tmp_path / "data", environment={"CALCINET_MAX_UPLOAD_BYTES": str(12 * 2**20)}, most_bytes=MOST_BYTES
    )
    token = server.start().add_user("ng", "editor")
    try:
        with server.client(token) as client:
            full = client.post("/studies", files=[("files", ("a.dcm", bytes(10 * 2**20)))])
            assert (full.status_code, full.json()["code"]) == (507, "machine")
            assert "takes no file of this size" in full.json()["detail"]
            large = client.post("/studies", files=[("files", ("a.dcm", bytes(13 * 2**20)))])
            assert large.status_code == 413
            assert client.get("/studies").json() == []
            case = ("case.yaml", b"lesions:\n  - {site: calf, kind: ulcer}\n")
            study = client.post("/studies", files={"case": case}).json()["id"]
            assert await_state(client, study, "done", "failed")["state"] == "done"
            assert client.get(f"/studies/{study}/record").json()["images"] == []
            assert client.put(f"/studies/{study}/case", content="patient: 3").status_code == 422
            assert client.put(f"/studies/{study}/case", content="patient:\n  age_years: 55\n").status_code == 200
            await_state(client, study, "done", "failed")
            assert client.get(f"/studies/{study}/case").text == "patient:\n  age_years: 55\n"
        assert not list((server.data / "incoming").iterdir())
    finally:
        server.stop()
