"""Attacks on a running server, each as somebody would try it; what it answers, and what is left on its disk."""

import io
import re
import socket
import stat
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

import httpx
import pytest
from pydicom import config, dcmread
from pydicom.dataelem import DataElement

from calcinet.apps.web.access import Access
from calcinet.apps.web.application import make_application
from tests.support.servers import PASSWORD, await_state, send_films
from tests.support.services import answer, serve

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("server")]

CHANGING = ("post", "put", "patch", "delete")
OPEN_TO_ALL = {
    ("get", "/api/v1/health"),
    ("get", "/api/v1/setup"),
    ("post", "/api/v1/setup"),
    ("post", "/api/v1/session"),
    ("post", "/api/v1/invitations/accept"),
    ("get", "/api/v1/schemas/case"),
    ("get", "/api/v1/schemas/record"),
    ("get", "/cds-services"),
    ("get", "/api/v1/sign-in"),
    ("get", "/api/v1/sign-in/start"),
    ("get", "/api/v1/sign-in/callback"),
    ("get", "/healthz"),
    ("get", "/readyz"),
}
"""Addresses that tell nothing of a patient and change nothing without a secret of their own."""

OF_READERS = {
    ("delete", "/api/v1/session"),
    ("post", "/api/v1/cases/assess"),
    ("post", "/api/v1/cases/yaml"),
    ("post", "/api/v1/cases/read"),
    ("post", "/cds-services/calcinet"),
}
"""Requests that change nothing that is kept of a patient."""

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"
QUOTES = ("' or '1'='1", "x'; drop table studies; --", '" union select hash from sessions --', "%' or 1=1 --")
SILENT_S = 20
"""Who says nothing more for so long waits for the rest of a request."""

CASE = "lesions:\n  - {site: calf, kind: ulcer}\n"


def list_operations():
    """Method and address of everything that the interface describes, with the kind of ids that it takes."""
    found = [
        (method, address) for address, methods in make_application().openapi()["paths"].items() for method in methods
    ]
    return [*found, ("post", "/dicom-web/studies"), ("post", "/dicom-web/studies/{study_uid}")]


def fill(address, study):
    names = {
        "study_id": study,
        "image_id": "img-1",
        "finding_id": "f1",
        "name": "a reader",
        "study_uid": "1.2.3",
        "file": "photo-1a2b3c4d.jpg",
    }
    return re.sub(r"{(\w+)}", lambda found: names[found[1]], address)


def ask(url, head, body=b""):
    """The answer to a request that no library would send."""
    where = urlsplit(url)
    received = b""
    with socket.create_connection((where.hostname, where.port), timeout=SILENT_S) as line, suppress(TimeoutError):
        line.sendall(head.replace(b"HOST", f"{where.hostname}:{where.port}".encode()) + body)
        while piece := line.recv(65536):
            received += piece
    return received


@pytest.fixture
def browser(server, tokens):
    """Somebody with a session, and what the page repeats."""
    with server.client() as client:
        told = client.post("/session", json={"name": "a editor", "password": PASSWORD})
        yield client, told.json()["csrf"]


def test_no_address_of_the_interface_answers_a_stranger(server, examined):
    """Every operation that is described, but those that are for everybody by design."""
    asked = [operation for operation in list_operations() if operation not in OPEN_TO_ALL]
    with httpx.Client(base_url=server.url, timeout=60) as nobody:
        answers = {one: nobody.request(one[0], fill(one[1], examined)).status_code for one in asked}

    assert len(answers) > 40
    assert {one: status for one, status in answers.items() if status != 401} == {}


def test_no_change_is_made_for_a_page_elsewhere(server, browser, examined):
    """A form of another site carries the cookie, and cannot carry the header: whatever it sends to, 403."""
    client, _ = browser
    changing = [one for one in list_operations() if one[0] in CHANGING and one not in OPEN_TO_ALL]
    answers = {}
    with httpx.Client(base_url=server.url, cookies=client.cookies, timeout=60) as page:
        for method, address in changing:
            sent = page.request(method, fill(address, examined), headers={"Origin": "http://evil.example"})
            answers[method, address] = (sent.status_code, sent.json().get("code"))

    assert {one: told for one, told in answers.items() if told != (403, "csrf")} == {}
    assert client.get(f"/studies/{examined}").status_code == 200


def test_csrf_word_of_another_session_opens_nothing(server, browser, reader):
    """Who has an account of his own takes his word for another's session."""
    client, _ = browser
    with server.client() as other:
        word = other.post("/session", json={"name": "a reader", "password": PASSWORD}).json()["csrf"]

    assert client.post("/cases/assess", json={}, headers={"X-CSRF-Token": word}).json()["code"] == "csrf"


def test_reader_changes_nothing_at_any_address(server, tokens, examined):
    changing = [
        one for one in list_operations() if one[0] in CHANGING and one not in OPEN_TO_ALL and one not in OF_READERS
    ]
    headers = {"Authorization": f"Bearer {tokens['reader']}"}
    body = {"action": "reject", "why": "x", "kind": "focus", "points": [], "title": "x", "name": "x", "role": "admin"}
    answers = {}
    with httpx.Client(base_url=server.url, headers=headers, timeout=60) as client:
        for method, address in changing:
            answers[method, address] = client.request(method, fill(address, examined), json=body).json().get("code")

    assert len(answers) > 15
    assert {one: told for one, told in answers.items() if told not in ("role", "request")} == {}
    with server.client(tokens["reader"]) as client:
        assert client.get(f"/studies/{examined}").json()["title"] == "bed 4"


def test_editor_makes_nobody_an_admin_not_even_himself(server, editor, tokens):
    """By every address that names a role."""
    whole = {"name": "a editor", "role": "admin", "password": PASSWORD}
    refused = [
        editor.post("/users", json=whole),
        editor.patch("/users/a editor", json={"role": "admin"}),
        editor.post("/invitations", json={"name": "a editor", "role": "admin"}),
        editor.post("/setup", json={"name": "a editor", "password": PASSWORD, "key": "guess"}),
    ]

    assert [one.status_code for one in refused] == [403, 403, 403, 409]
    assert editor.get("/session").json()["role"] == "editor"


@pytest.mark.parametrize(
    ("method", "address", "given"),
    [
        ("PATCH", "/studies/{}", {"title": "x", "state": "done", "made_by": "somebody", "patient": "P-X"}),
        ("POST", "/studies/{}/images/img-1/findings", {"kind": "focus", "points": [], "why": "x", "who": "somebody"}),
        ("PATCH", "/studies/{}/findings/f1", {"action": "reject", "why": "x", "who": "somebody", "at": "1999"}),
        ("POST", "/session", {"name": "a editor", "password": PASSWORD, "role": "admin"}),
        ("POST", "/invitations/accept", {"key": "k", "password": PASSWORD, "role": "admin", "name": "a admin"}),
    ],
)
def test_field_that_nobody_asked_for_is_refused(editor, examined, method, address, given):
    """Mass assignment: what the model does not name is an error, not a value."""
    sent = editor.request(method, address.format(examined), json=given)

    assert (sent.status_code, sent.json()["code"]) == (422, "request")
    assert editor.get(f"/studies/{examined}").json()["made_by"] == "a editor"


def test_forged_session_is_nobody(server, browser):
    """Guessed, cut, lengthened, of a hash as it is kept, with a quote of SQL: each is answered as none at all."""
    client, _ = browser
    true = client.cookies["calcinet_session"]
    forged = ["0" * 43, true[:-1], true + "A", true.swapcase(), "' or 1=1 --", "../../access.sqlite", "%00", ""]
    with httpx.Client(base_url=f"{server.url}/api/v1", timeout=60) as stranger:
        statuses = [
            stranger.get("/studies", headers={"Cookie": f"calcinet_session={one}"}).status_code for one in forged
        ]

    assert statuses == [401] * len(forged)
    assert client.get("/studies").status_code == 200


def test_session_that_was_stolen_ends_with_the_log_out(server, browser):
    """Whoever copied the cookie before has nothing after it."""
    client, word = browser
    stolen = {"Cookie": f"calcinet_session={client.cookies['calcinet_session']}"}
    client.delete("/session", headers={"X-CSRF-Token": word})

    assert httpx.get(f"{server.url}/api/v1/studies", headers=stolen).status_code == 401


def test_session_that_was_stolen_ends_with_a_new_password(server, tokens):
    with server.client() as thief, server.client(tokens["admin"]) as admin:
        admin.post("/users", json={"name": "chan", "role": "reader", "password": PASSWORD})
        thief.post("/session", json={"name": "chan", "password": PASSWORD})
        assert thief.get("/studies").status_code == 200
        admin.post("/users", json={"name": "chan", "role": "reader", "password": "another horse battery"})

        assert thief.get("/studies").status_code == 401


def test_session_that_was_laid_under_somebody_is_not_his(server, tokens):
    """Fixation: a cookie that was there before the log-in is worth nothing after it."""
    laid = "A" * 43
    with server.client() as victim:
        told = victim.post(
            "/session",
            json={"name": "a reader", "password": PASSWORD},
            headers={"Cookie": f"calcinet_session={laid}"},
        )

    assert told.cookies["calcinet_session"] != laid
    stranger = httpx.get(f"{server.url}/api/v1/studies", headers={"Cookie": f"calcinet_session={laid}"})
    assert stranger.status_code == 401


def test_token_of_somebody_who_was_shut_out_is_worthless(server, tokens):
    token = Access(server.data / "access.sqlite").make_token("yip")
    with server.client(tokens["admin"]) as admin, server.client(token) as thief:
        admin.post("/users", json={"name": "yip", "role": "editor", "password": PASSWORD})
        assert thief.get("/studies").status_code == 200
        admin.delete("/users/yip")

        assert thief.get("/studies").status_code == 401


def test_sql_in_any_parameter_is_a_word_like_any_other(server, editor, tokens, examined):
    """Ids do not take it; titles and names keep it letter by letter; the tables are as they were."""
    before = len(editor.get("/studies").json())
    for quotes in QUOTES:
        for address in ("/studies/{}", "/studies/{}/record", "/studies/{}/edits"):
            assert editor.get(address.format(httpx.QueryParams({"x": quotes})["x"])).status_code in (404, 422)
        assert editor.get("/timelines", params={"study": quotes}).status_code == 422
        assert editor.get(f"/studies/{examined}/report.html", params={"lang": quotes[:20]}).status_code in (200, 422)
        assert editor.patch(f"/studies/{examined}", json={"title": quotes}).json()["title"] == quotes
        with server.client() as stranger:
            assert stranger.post("/session", json={"name": quotes, "password": quotes}).status_code in (403, 429)
        with server.client(tokens["admin"]) as admin:
            assert admin.delete(f"/users/{quotes}").status_code == 404
    editor.patch(f"/studies/{examined}", json={"title": "bed 4"})

    assert len(editor.get("/studies").json()) == before


def test_name_of_a_film_leads_nowhere_outside_its_study(server, editor):
    """Paths of both kinds of system, absolute, with NUL; and none in the place of what the server keeps itself."""
    names = ["../../../store.key", "/etc/cron.d/evil", "..\\..\\evil.dcm", "a/../../../../queue.sqlite", "../case"]
    key = (server.data / "store.key").read_bytes()
    study = send_films(editor, dict.fromkeys(names, b"no film"), case=CASE)
    await_state(editor, study, "done", "failed")

    given = [path for path in (server.data / "studies" / study / "given").rglob("*") if path.is_file()]
    assert len(given) == len(names)
    assert (server.data / "store.key").read_bytes() == key
    assert (server.data / "studies" / study / "case").read_text() == CASE
    assert not [path for path in server.data.rglob("evil*") if "given" not in path.parts]
    assert editor.delete(f"/studies/{study}").status_code == 204


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/studies/..%2f..%2fstore.key",
        "/api/v1/studies/{}/images/..%2f..%2f..%2fstore.key/pixels",
        "/api/v1/studies/{}/images/img-1%00/pixels",
        "/..%2f..%2f..%2f..%2fetc/passwd",
        "/assets/..%2f..%2f..%2fserver.py",
        "/assets/%2e%2e/%2e%2e/guard.py",
        "//etc/passwd",
        "/%5c..%5c..%5cguard.py",
    ],
)
def test_path_of_an_address_leads_nowhere_outside(server, tokens, examined, path):
    """Sent as it is written: no library tidies it up."""
    head = f"GET {path.format(examined)} HTTP/1.1\r\nHost: HOST\r\nAuthorization: Bearer {tokens['admin']}\r\n"
    received = ask(server.url, (head + "Connection: close\r\n\r\n").encode())

    assert re.match(rb"HTTP/1.1 4\d\d ", received)
    assert b"root:" not in received
    assert b"import" not in received
    assert (server.data / "store.key").read_bytes().strip() not in received


@dataclass
class Hostile:
    """A zip that climbs out of its folder around a film that holds scripts and addresses, once it was examined."""

    study: str
    asked: list[bytes]
    """What the service was asked that stands at each of the addresses."""


@pytest.fixture(scope="module")
def hostile(server, tokens, make_film):
    with serve(lambda _: answer("200 OK", b"secret")) as elsewhere, server.client(tokens["editor"]) as client:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("../../../../slipped.dcm", b"x")
            archive.writestr("/calcinet-slipped.dcm", b"x")
            link = zipfile.ZipInfo("link.dcm")
            link.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(link, "../../../../store.key")
            archive.writestr(f"{SCRIPT.replace('/', '')}.dcm", write_hostile_film(make_film(5), elsewhere.url))
        study = send_films(client, {"films.zip": packed.getvalue()}, anatomy=SCRIPT, title=SCRIPT)
        assert await_state(client, study, "done", "failed")["state"] == "done"
        client.get(f"/studies/{study}/report.html")
        yield Hostile(study, elsewhere.requests)
        client.delete(f"/studies/{study}")


def write_hostile_film(film, url):
    """Each element of the header that takes words says a script, each that takes an address says this one."""
    held = dcmread(io.BytesIO(film))
    with config.disable_value_validation():
        for element in held:
            if element.VR in ("LO", "SH", "ST", "LT", "UT", "PN") and element.keyword != "PatientID":
                element.value = SCRIPT
        for keyword in ("StudyDescription", "SeriesDescription", "ProtocolName", "InstitutionName", "ImageComments"):
            setattr(held, keyword, SCRIPT)
        for tag in (0x00081190, 0x00280A02, 0x0040E010, 0x00287FE0):
            held.add(DataElement(tag, "UR", f"{url}/object"))
        written = io.BytesIO()
        held.save_as(written)
    return written.getvalue()


def test_zip_that_slips_out_writes_nothing_outside(server, editor, hostile):
    """Members that climb, that are absolute, and one that is a link to the key; the film beside them is examined."""
    record = editor.get(f"/studies/{hostile.study}/record")

    assert list(server.data.parent.rglob("*slipped*")) == []
    assert not [path for path in server.data.rglob("*") if path.is_symlink()]
    assert (server.data / "store.key").read_text().strip() not in record.text
    assert [image for image in record.json()["images"] if not image["refused"]]


class Elements(HTMLParser):
    """Names of the elements of a page, and of the attributes that run something."""

    def __init__(self):
        super().__init__()
        self.found = set()

    def handle_starttag(self, tag, attrs):
        self.found.add(tag)
        self.found.update("on..." for name, _ in attrs if name.startswith("on"))


def test_script_in_every_word_of_a_film_stays_text(editor, hostile):
    """Every element of the header that holds words says it, and so do title, body part and name of the file."""
    page = Elements()
    page.feed(editor.get(f"/studies/{hostile.study}/report.html").text)

    assert "body" in page.found
    assert not page.found & {"script", "on...", "iframe", "object", "embed", "base"}


def test_title_that_is_a_script_is_listed_as_json_alone(editor, hostile):
    listed = editor.get("/studies")

    assert SCRIPT in [study["title"] for study in listed.json()]
    assert listed.headers["content-type"] == "application/json"
    assert listed.headers["x-content-type-options"] == "nosniff"


def test_address_in_a_film_is_not_called(hostile):
    """Retrieve URL and three more; a service listens there, and hears nothing."""
    assert hostile.asked == []


def test_words_of_a_refusal_are_no_page(editor):
    """What is repeated of a request comes back as JSON that no browser takes for a page."""
    sent = editor.get(f"/timelines?study={SCRIPT}")

    assert sent.headers["content-type"] == "application/problem+json"
    assert sent.headers["x-content-type-options"] == "nosniff"


def test_foreign_page_cannot_read_or_frame(server, editor, examined):
    """No CORS for anybody; a page of ours stands in no frame of theirs, and every answer keeps others' windows off."""
    origin = {"Origin": "http://evil.example", "Access-Control-Request-Method": "GET"}
    answers = [editor.options("/studies", headers=origin), editor.get("/studies", headers=origin)]
    answers += [editor.get(f"/studies/{examined}/report.html", headers=origin), httpx.get(server.url, headers=origin)]

    assert not any(name.startswith("access-control") for one in answers for name in one.headers)
    assert all("frame-ancestors" in one.headers["content-security-policy"] for one in answers)
    assert all(one.headers["cross-origin-resource-policy"] == "same-origin" for one in answers)


def test_header_that_a_caller_made_up_names_no_other_host(server, editor):
    """Forwarded headers of a stranger change no address that we write."""
    made_up = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "X-Forwarded-Proto": "https"}
    hook = {"hook": "patient-view", "hookInstance": "1", "prefetch": {"patient": {"resourceType": "Patient"}}}
    sent = httpx.post(
        f"{server.url}/cds-services/calcinet", json=hook, headers={**dict(editor.headers), **made_up}, timeout=60
    )

    assert sent.status_code == 200
    assert "evil" not in sent.text
    assert "evil" not in str(sent.headers)


def test_line_break_in_a_parameter_makes_no_header(server, tokens, examined):
    head = f"GET /api/v1/studies/{examined}/report.html?lang=en%0d%0aSet-Cookie:%20calcinet_session=x HTTP/1.1\r\n"
    head += f"Host: HOST\r\nAuthorization: Bearer {tokens['reader']}\r\nConnection: close\r\n\r\n"
    received = ask(server.url, head.encode())

    assert b"set-cookie" not in received.partition(b"\r\n\r\n")[0].lower()


@pytest.mark.parametrize(
    "head",
    [
        b"POST /api/v1/session HTTP/1.1\r\nHost: HOST\r\nContent-Length: 4\r\nContent-Length: 60\r\n\r\n",
        b"POST /api/v1/session HTTP/1.1\r\nHost: HOST\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST /api/v1/session HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: xchunked\r\n\r\n",
        b"POST /api/v1/session HTTP/1.1\r\nHost: HOST\r\nContent-Length: +4\r\n\r\n",
        b"POST /api/v1/session HTTP/1.1\r\nHost : HOST\r\nContent-Length: 4\r\n\r\n",
    ],
    ids=["two lengths", "length and pieces", "unknown coding", "sign", "blank"],
)
def test_request_within_a_request_is_not_answered(server, head):
    """Smuggling: where it is not clear where a request ends, what follows is never a second one."""
    inner = b"0\r\n\r\nGET /api/v1/health HTTP/1.1\r\nHost: HOST\r\n\r\n"
    received = ask(server.url, head, inner)

    assert b'"status":"ok"' not in received
    assert received.startswith((b"HTTP/1.1 4", b""))


def test_many_who_never_finish_their_request_keep_nobody_out(server, tokens):
    """Two hundred connections with half a header each; one more is answered."""
    where = urlsplit(server.url)
    held = [socket.create_connection((where.hostname, where.port), timeout=60) for _ in range(200)]
    try:
        for line in held:
            line.sendall(b"GET /api/v1/studies HTTP/1.1\r\nX-Slow: ")
        with server.client(tokens["reader"]) as client:
            assert client.get("/studies").status_code == 200
    finally:
        for line in held:
            line.close()


def test_header_without_end_is_not_taken_into_memory(server):
    received = b""
    where = urlsplit(server.url)
    with socket.create_connection((where.hostname, where.port), timeout=60) as line:
        line.sendall(b"GET / HTTP/1.1\r\n")
        try:
            for _ in range(256):
                line.sendall(b"X-Long: " + b"a" * 65536 + b"\r\n")
            received = line.recv(200)
        except OSError:  # it hung up while we were sending
            received = b"HTTP/1.1 400"

    assert received.startswith(b"HTTP/1.1 4")


def test_many_ranges_of_one_document_are_not_worked_out(editor, examined):
    """A hundred thousand pieces of one report (as CVE-2011-3192 asked of a server): less than the document comes back,
    or a refusal."""
    ranges = "bytes=" + ",".join(f"{at}-{at + 9000}" for at in range(6000))
    whole = editor.get(f"/studies/{examined}/report.html")
    sent = editor.get(f"/studies/{examined}/report.html", headers={"Range": ranges})

    assert len(sent.content) <= 2 * len(whole.content)


def test_bombs_of_json_and_yaml_are_refused(editor):
    """Depth without end, aliases that grow a thousand million times, a tag that would run a program."""
    deep = b"[" * 200_000
    laughs = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))
    tag = "patient: !!python/object/apply:os.system ['touch calcinet-was-here']\n"

    assert editor.post("/cases/assess", content=deep).status_code == 422
    assert [editor.post("/cases/read", content=one).status_code for one in (deep, laughs, tag)] == [422, 422, 422]


def test_form_of_a_hundred_thousand_fields_is_refused(editor):
    parts = "".join(f'--b\r\nContent-Disposition: form-data; name="f{n}"\r\n\r\n1\r\n' for n in range(100_000))
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    sent = editor.post("/studies", content=parts + "--b--\r\n", headers=kind)

    assert sent.status_code in (400, 413, 422)


def test_address_in_a_bundle_or_a_hook_is_not_called(server, editor):
    """SSRF: attachments, photographs and full URLs of FHIR, and the FHIR server of a hook. A service hears nothing."""
    with serve(lambda _: answer("200 OK", b"secret")) as elsewhere:
        url = elsewhere.url
        attachment = {"contentType": "text/html", "url": f"{url}/attachment"}
        report = {"resourceType": "DiagnosticReport", "status": "final", "presentedForm": [attachment]}
        report |= {"subject": {"reference": f"{url}/Patient/1"}, "code": {"text": "film"}}
        patient = {"resourceType": "Patient", "id": "1", "gender": "female", "photo": [attachment]}
        entries = [{"fullUrl": f"{url}/Patient/1", "resource": patient}, {"fullUrl": f"{url}/r", "resource": report}]
        bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
        read = editor.post("/cases/read", json=bundle)
        hook = {"hook": "patient-view", "hookInstance": "1", "fhirServer": url, "prefetch": {"patient": patient}}
        told = httpx.post(f"{server.url}/cds-services/calcinet", json=hook, headers=dict(editor.headers), timeout=60)

    assert (read.status_code, told.status_code) == (200, 200)
    assert elsewhere.requests == []


def test_path_in_an_identifier_is_no_place(server, editor, make_film):
    """An object whose SOP Instance UID climbs out of the folder of what was received (STOW-RS)."""
    held = dcmread(io.BytesIO(make_film(4)))
    with config.disable_value_validation():
        held.SOPInstanceUID = held.file_meta.MediaStorageSOPInstanceUID = "../../../evil"
        held.StudyInstanceUID = "../../evil"
        written = io.BytesIO()
        held.save_as(written, enforce_file_format=False)
    body = b"--b\r\nContent-Type: application/dicom\r\n\r\n" + written.getvalue() + b"\r\n--b--\r\n"
    headers = {"Content-Type": 'multipart/related; type="application/dicom"; boundary=b'}
    sent = editor.post(f"{server.url}/dicom-web/studies", content=body, headers=headers)

    assert sent.status_code == 409
    assert not list(server.data.parent.rglob("*evil*"))


def test_document_of_another_study_is_not_given_by_its_name(editor, examined):
    """An id that is none is 404 or 422, whatever document is asked of it; a study that is gone is gone everywhere."""
    study = editor.post("/studies", files={"case": ("case.yaml", CASE.encode())}).json()["id"]
    await_state(editor, study, "done", "failed")
    editor.delete(f"/studies/{study}")
    documents = ("", "/record", "/report.html", "/report.pdf", "/measures.csv", "/objects.zip", "/edits", "/case")

    assert {editor.get(f"/studies/{study}{one}").status_code for one in documents} == {404}
