"""Entries of the audit log are neither changed nor deleted, not even by this program."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_REFUSE = (
    "CREATE FUNCTION lexframe_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the audit log only grows'; END $$"
)


def upgrade() -> None:
    """To this revision."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_REFUSE)
        op.execute("CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION lexframe_refuse()")
        op.execute("CREATE TRIGGER audit_not_emptied BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION lexframe_refuse()")
    else:
        for act in ("UPDATE", "DELETE"):
            op.execute(f"CREATE TRIGGER audit_no_{act} BEFORE {act} ON audit BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END")


def downgrade() -> None:
    """Back to the revision before."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_not_emptied ON audit")
        op.execute("DROP TRIGGER audit_stays ON audit")
        op.execute("DROP FUNCTION lexframe_refuse()")
    else:
        for act in ("UPDATE", "DELETE"):
            op.execute(f"DROP TRIGGER audit_no_{act}")
