"""Tables are what migrations make of nothing, and a migration loses no row, upwards or down."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from calcinet.store import Store, upgrade_store
from calcinet.store.engine import Connections
from calcinet.store.place import store_place
from calcinet.store.schema import MIGRATIONS, VERSION_TABLE, migrate
from calcinet.store.tables import REVISION, Base
from tests.support.stored import content

TABLES = ("store", "patients", "studies", "images", "records", "edits", "audit")
"""Of the first migration."""


@pytest.fixture
def connections(place):
    lent = Connections(store_place(place))
    yield lent
    lent.close()


def read_rows(connections):
    with connections.reading() as session:
        return {table: session.execute(text(f"SELECT * FROM {table} ORDER BY 1")).all() for table in TABLES}


def fill(place):
    with Store.open(place, who="ng", make=True) as store:
        store.add([content("a"), content("b")], patient="1")
    with Store.open(place, who="lee") as store:
        store.edit(2, "images/0/laterality", "L", why="marker seen")


def test_the_revision_of_the_tables_is_that_of_the_last_migration():
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == REVISION


def test_migrations_make_the_tables_that_the_code_knows(connections, place):
    """Nothing that one of them has and the other lacks."""
    with Store.open(place, who="ng", make=True):
        pass
    with connections.defining() as connection:
        looked = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE, "compare_type": True})
        assert compare_metadata(looked, Base.metadata) == []


def test_down_and_up_again_loses_no_row(connections, place):
    """The users come back from the audit, in the order of their names."""
    fill(place)
    before = read_rows(connections)

    with connections.defining() as connection:
        migrate(connection, "0001")
    assert read_rows(connections) == before
    with connections.reading() as session:
        tables = session.connection().dialect.get_table_names(session.connection())
    assert "users" not in tables

    assert upgrade_store(place) == ("0001", REVISION)
    assert read_rows(connections) == before
    with Store.open(place, who="ng") as store:
        assert [user.name for user in store.users()] == ["lee", "ng"]
        assert store.verify().faults == ()
        assert store.add([content("c")], patient="1")[0].number == 3


def test_down_to_nothing_leaves_no_table(connections, place):
    fill(place)

    with connections.defining() as connection:
        migrate(connection, "base")
    with connections.reading() as session:
        left = session.connection().dialect.get_table_names(session.connection())

    assert set(left) == {VERSION_TABLE}
