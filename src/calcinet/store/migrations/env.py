"""How Alembic runs the migrations of a store: on the connection that it is lent, within that transaction."""

from alembic import context

from calcinet.store.schema import VERSION_TABLE
from calcinet.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
