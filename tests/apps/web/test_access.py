"""Who is let in, and who is not."""

import os
import subprocess
import sys

import httpx
import pytest

from calcinet.apps.web.login_brake import FREE_TRIES
from calcinet.store import Store
from tests.support.servers import PASSWORD, Server

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("server")]


def test_nobody_is_let_in_without_a_name(server):
    with server.client() as nobody:
        for place in ("/studies", "/users", "/session", "/studies/0123456789abcdef/record"):
            answer = nobody.get(place)
            assert (answer.status_code, answer.json()["code"]) == (401, "login")


def test_roles_end_where_they_end(server, tokens, reader, editor):
    """A reader sends nothing, an editor lets nobody in."""
    assert reader.post("/studies", files=[("files", ("a.dcm", b"x"))]).status_code == 403
    assert editor.get("/users").status_code == 403
    with server.client(tokens["admin"]) as admin:
        assert {"a reader", "a editor", "a admin"} <= {user["name"] for user in admin.get("/users").json()}


def test_browser_logs_in_and_must_show_that_the_page_itself_asks(server, tokens):
    with server.client() as browser:
        told = browser.post("/session", json={"name": "a editor", "password": PASSWORD})
        cookie = told.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert browser.get("/studies").status_code == 200
        foreign = browser.post("/cases/assess", json={})
        assert (foreign.status_code, foreign.json()["code"]) == (403, "csrf")
        own = browser.post("/cases/assess", json={}, headers={"X-CSRF-Token": told.json()["csrf"]})
        assert own.status_code == 200
        browser.delete("/session", headers={"X-CSRF-Token": told.json()["csrf"]})
        assert browser.get("/studies").status_code == 401


def test_wrong_passwords_have_to_wait(tmp_path):
    """After five failures of one name the right password waits, too, and the answer says how long."""
    server = Server(tmp_path / "data").start()
    try:
        server.add_user("ng", "reader")
        with server.client() as browser:
            for _ in range(FREE_TRIES):
                assert browser.post("/session", json={"name": "ng", "password": "guess"}).status_code == 403
            answer = browser.post("/session", json={"name": "ng", "password": PASSWORD})
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) >= 1
    finally:
        server.stop()


def test_invited_user_chooses_a_password_once(server, tokens, editor):
    """The link makes the user with the role that the admin gave; a second use, a reader's invitation are refused."""
    with server.client(tokens["admin"]) as admin:
        given = admin.post("/invitations", json={"name": "lam", "role": "reader"}).json()
        with server.client() as browser:
            chosen = {"key": given["key"], "password": PASSWORD}
            assert browser.post("/invitations/accept", json=chosen | {"key": "guess"}).status_code == 403
            assert browser.post("/invitations/accept", json=chosen).json()["role"] == "reader"
            assert browser.get("/session").json()["user"] == "lam"
            assert browser.post("/invitations/accept", json=chosen).status_code in (403, 429)
        assert {"name": "lam", "role": "reader", "sites": []} in admin.get("/users").json()
        assert admin.patch("/users/lam", json={"role": "editor"}).json()["role"] == "editor"
        assert admin.patch("/users/a admin", json={"role": "reader"}).json()["code"] == "yourself"
        assert admin.delete("/users/lam").status_code == 204
    assert editor.post("/invitations", json={"name": "lam", "role": "admin"}).status_code == 403


def test_first_user_is_made_by_the_link_and_only_once(tmp_path):
    server = Server(tmp_path / "data").start()
    try:
        key = server.read_link().partition("#setup=")[2]
        new = {"name": "ng", "password": PASSWORD}
        with server.client() as browser:
            assert browser.get("/setup").json() == {"needed": True}
            assert browser.post("/setup", json=new | {"key": "guess"}).status_code == 403
            assert browser.post("/setup", json=new | {"key": key}).json()["role"] == "admin"
            assert browser.post("/setup", json=new | {"key": key}).status_code == 409
    finally:
        assert server.stop() == 0


def test_second_server_on_one_folder_is_refused_with_a_sentence(server):
    done = subprocess.run(
        [sys.executable, "-m", "calcinet", "serve", "--port", "0", "--data", str(server.data)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "another server works with this folder" in done.stderr


def test_foreign_name_of_the_server_is_refused(server):
    """A page elsewhere whose name leads to this machine reads nothing here."""
    answer = httpx.get(f"{server.url}/api/v1/health", headers={"Host": "evil.example"})

    assert answer.status_code == 421


def test_secrets_are_kept_as_hashes_alone(server, tokens):
    content = b"".join(path.read_bytes() for path in server.data.glob("*.sqlite*"))

    assert PASSWORD.encode() not in content
    assert not any(token.encode() in content for token in tokens.values())
    assert b"$argon2id$" in content


def test_what_was_done_stands_in_the_audit_and_its_chain_holds(server, tokens, reader, examined):
    """Logins, views and exports, each with who did it."""
    reader.get(f"/studies/{examined}/report.html")
    reader.get(f"/studies/{examined}/objects.zip")
    os.environ["CALCINET_KEY"] = str(server.data / "store.key")
    try:
        with Store.open(server.data / "store.sqlite", who="a reader") as store:
            entries = [
                (entry.who, entry.action, entry.detail.get("what")) for entry in store.entries(f"study {examined}")
            ]
            assert store.verify().faults == ()
    finally:
        del os.environ["CALCINET_KEY"]

    assert ("a editor", "sent", None) in entries
    assert ("a reader", "viewed", "report.html") in entries
    assert ("a reader", "exported", "objects.zip") in entries
