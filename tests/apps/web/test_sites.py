"""Rights by study: people of one site, of another, of none, and an admin; what is not theirs is not there."""

import json
import re
from dataclasses import dataclass

import httpx
import pytest

from calcinet.apps.web.application import make_application
from tests.support.in_process import run_application
from tests.support.servers import run_command

CASE = "lesions:\n  - {site: calf, kind: ulcer}\n"
PASSWORD = "correct horse battery"
PEOPLE = {"north": ["ward north"], "south": ["ward south"], "both": ["ward north", "ward south"], "none": []}


@dataclass
class House:
    """A server, and a client for each of its people, editors but the admin."""

    url: str
    folder: str
    clients: dict[str, httpx.Client]

    def __getitem__(self, name):
        return self.clients[name]


@pytest.fixture(scope="module")
def wards(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sites") / "data"
    with run_application(folder) as (services, url):
        services.people.put("admin", "admin", PASSWORD, who="test")
        clients = {}
        for name in ("admin", *PEOPLE):
            headers = {"Authorization": f"Bearer {services.access.make_token(name)}"}
            clients[name] = httpx.Client(base_url=f"{url}/api/v1", headers=headers, timeout=60)
        for name, sites in PEOPLE.items():
            new = {"name": name, "role": "editor", "password": PASSWORD, "sites": sites}
            assert clients["admin"].post("/users", json=new).json()["sites"] == sites
        yield House(url, str(folder), clients)
        for client in clients.values():
            client.close()


def send_case(client, **fields):
    return client.post("/studies", files={"case": ("case.yaml", CASE.encode())}, data=fields)


@pytest.fixture(scope="module")
def of_north(wards):
    """A study of the northern ward."""
    study = send_case(wards["north"]).json()["id"]
    assert wards["north"].get(f"/studies/{study}").json()["site"] == "ward north"
    return study


def list_ids(client):
    return [study["id"] for study in client.get("/studies").json()]


def test_list_holds_the_studies_of_the_sites_of_who_asks(wards, of_north):
    seen = {name: of_north in list_ids(client) for name, client in wards.clients.items()}

    assert seen == {"north": True, "both": True, "admin": True, "south": False, "none": False}


@pytest.mark.parametrize("stranger", ["south", "none"])
def test_study_of_another_site_is_not_there_by_its_id(wards, of_north, stranger):
    """At every address that names a study, whatever is asked of it: 404, and what it was is as it was."""
    body = {"action": "reject", "why": "x", "kind": "focus", "points": [], "title": "x"}
    statuses = {}
    paths = make_application().openapi()["paths"]
    for address, method in [(path, method) for path, methods in paths.items() for method in methods]:
        if "{study_id}" in address and not address.endswith("/site"):
            wanted = {"action", "why"} if address.endswith("{finding_id}") else {"kind", "points", "why"}
            wanted = {"title"} if address.endswith("{study_id}") else wanted
            sent = {name: body[name] for name in wanted}
            named = {"study_id": of_north, "image_id": "img-1", "finding_id": "f1", "file": "photo-1a2b3c4d.jpg"}
            place = re.sub(r"{(\w+)}", lambda found, named=named: named[found[1]], address)
            asked = wards[stranger].request(
                method, f"{wards.url}{place}", json=sent if method in ("post", "patch") else CASE
            )
            statuses[method, address] = asked.status_code
    timelines = [wards[stranger].get(f"/timelines{page}", params={"study": of_north}) for page in ("", "/page.html")]

    assert len(statuses) > 15
    assert {one: status for one, status in statuses.items() if status != 404} == {}
    assert [one.status_code for one in timelines] == [404, 404]
    assert wards["north"].get(f"/studies/{of_north}").json()["state"] == "queued"


def test_study_of_another_site_sounds_like_one_that_is_not_there(wards, of_north):
    """The answers do not tell which of both: nobody learns that an id is one."""
    of_another, of_none = wards["south"].get(f"/studies/{of_north}"), wards["south"].get("/studies/0123456789abcdef")

    assert of_another.json() == of_none.json()


def test_nobody_sends_to_a_site_that_is_not_his(wards):
    """Of several his own is asked for; a blank name is none."""
    answers = [
        send_case(wards["south"], site="ward north"),
        send_case(wards["none"], site="ward north"),
        send_case(wards["both"]),
        send_case(wards["admin"], site=" "),
    ]

    assert [(one.status_code, one.json()["code"]) for one in answers] == [
        (403, "site"),
        (403, "site"),
        (422, "site"),
        (422, "input"),
    ]


def test_nobody_but_an_admin_moves_a_study_or_a_user(wards, of_north):
    assert wards["north"].put(f"/studies/{of_north}/site", json={"site": "ward south"}).status_code == 403
    assert wards["north"].put("/users/north/sites", json={"sites": ["ward south"]}).status_code == 403

    assert wards["admin"].put(f"/studies/{of_north}/site", json={"site": "ward south"}).status_code == 200
    assert (of_north in list_ids(wards["north"]), of_north in list_ids(wards["south"])) == (False, True)
    assert wards["admin"].put(f"/studies/{of_north}/site", json={"site": "ward north"}).json()["site"] == "ward north"


def test_who_changes_wards_sees_the_other_one_at_once(wards, of_north):
    changed = wards["admin"].put("/users/south/sites", json={"sites": ["ward north"]})

    assert changed.json() == {"name": "south", "role": "editor", "sites": ["ward north"]}
    assert of_north in list_ids(wards["south"])
    wards["admin"].put("/users/south/sites", json={"sites": ["ward south"]})
    assert of_north not in list_ids(wards["south"])


def test_what_is_of_all_sites_together_is_kept_from_who_has_single_ones(wards):
    """The outbox, and objects that come over DICOMweb, which belong to no site."""
    headers = {"Content-Type": 'multipart/related; type="application/dicom"; boundary=b'}
    sent = wards["north"].post(f"{wards.url}/dicom-web/studies", content=b"--b--", headers=headers)

    assert wards["north"].get("/outbox").json()["code"] == "site"
    assert (sent.status_code, sent.json()["code"]) == (403, "site")
    assert wards["none"].get("/outbox").status_code == 200


def test_command_line_names_sites(wards):
    """`calcinet user list` has them behind name and role."""
    told = run_command("user", "list", "--data", wards.folder)

    assert "both editor ward north, ward south" in told.splitlines()


def test_who_is_logged_in_is_told_where_he_belongs(wards):
    """So that the page can ask to which site a study belongs."""
    told = {name: wards[name].get("/session").json()["sites"] for name in PEOPLE}

    assert told == PEOPLE


def test_change_of_sites_stands_in_the_audit_with_who_made_it(wards):
    """Set on the page as here, by `PUT users/{name}/sites`; nobody but an admin may."""
    refused = wards["both"].put("/users/none/sites", json={"sites": ["ward north"]})
    put = wards["admin"].put("/users/none/sites", json={"sites": ["ward east"]})
    printed = run_command("audit", "list", "--store", f"{wards.folder}/store.sqlite", "--json")
    wards["admin"].put("/users/none/sites", json={"sites": []})

    entries = [entry for entry in json.loads(printed)["entries"] if entry["action"] == "put sites"]
    assert refused.status_code == 403
    assert put.json()["sites"] == ["ward east"]
    assert (entries[-1]["who"], entries[-1]["subject"]) == ("admin", "user none")
    assert "ward east" in json.dumps(entries[-1])
