"""Every table, once. What a migration builds must equal this (a test compares them on both databases).

Lists and mappings that are never searched lie as JSON text (see `codec`); everything else is a column of its own.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Date, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint

from parvis.store.kinds import Instant, Words

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _one_of(column: str, *values: str) -> CheckConstraint:
    """Only these values, by the database's own word. Values are constants of this module."""
    return CheckConstraint(f"{column} IN ({', '.join(repr(v) for v in values)})", name=column)


def _words(name: str, default: str = "") -> Column[str]:
    return Column(name, Words, nullable=False, server_default=default)


organisations = Table(
    "organisations", metadata,
    Column("id", Text, primary_key=True), Column("name", Words, nullable=False), _words("description"),
    Column("kind", Text, nullable=False), _words("url"), _words("siret"),
    _one_of("kind", "department", "body"),
)  # fmt: skip

datasets = Table(
    "datasets", metadata,
    Column("id", Text, primary_key=True), Column("title", Words, nullable=False), _words("description"),
    Column("publisher", Text, ForeignKey("organisations.id"), nullable=False, index=True),
    Column("contact", Text), Column("licence", Words, nullable=False), Column("themes", Text, nullable=False), Column("keywords", Text, nullable=False),
    _words("spatial"), Column("temporal", Text), Column("frequency", Words, nullable=False), Column("access", Text, nullable=False),
    Column("state", Text, nullable=False, index=True), Column("derived_from", Text, nullable=False),
    Column("issued", Instant), Column("modified", Instant), Column("language", Words, nullable=False),
    _one_of("access", "public", "restricted", "non_public"), _one_of("state", "draft", "published", "archived", "withdrawn"),
)  # fmt: skip

resources = Table(
    "resources", metadata,
    Column("id", Text, primary_key=True), Column("dataset", Text, ForeignKey("datasets.id"), nullable=False, index=True),
    Column("title", Words, nullable=False), _words("description"), _words("source"), _words("reader"), _words("table_name"),
    Column("recipe", Text, nullable=False), _words("schema_name"), Column("corrections", Text, nullable=False),
    Column("policy", Text, nullable=False), Column("every_s", BigInteger, nullable=False),
    _one_of("policy", "open", "hold"),
)  # fmt: skip

versions = Table(
    "versions", metadata,
    Column("digest", Text, primary_key=True), Column("resource", Text, ForeignKey("resources.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", Instant, nullable=False), Column("current_since", Instant, nullable=False),
    Column("rows", BigInteger, nullable=False), Column("bytes", BigInteger, nullable=False),
    Column("schema", Text, nullable=False), Column("report", Text, nullable=False), Column("run", Text, nullable=False),
    _words("received"),
    UniqueConstraint("resource", "number"), Index(None, "resource", "current_since"),
)  # fmt: skip
"""number: 1, 2, 3… in the resource, in the order of arrival. current_since: `at`, or when the resource came back to this version after another one."""

version_files = Table(
    "version_files", metadata,
    Column("version", Text, ForeignKey("versions.digest"), primary_key=True), Column("position", Integer, primary_key=True),
    Column("digest", Text, nullable=False, index=True), Column("bytes", BigInteger, nullable=False), Column("rows", BigInteger, nullable=False),
)  # fmt: skip

releases = Table(
    "releases", metadata,
    Column("id", Text, primary_key=True), Column("version", Text, ForeignKey("versions.digest"), nullable=False, index=True),
    Column("audience", Text, nullable=False), _words("purpose"), Column("until", Date), Column("policy", Words, nullable=False),
    Column("decided_by", Text, nullable=False), Column("why", Words, nullable=False), Column("at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
)  # fmt: skip

runs = Table(
    "runs", metadata,
    Column("id", Text, primary_key=True), Column("what", Words, nullable=False), Column("at", Instant, nullable=False),
    Column("parameters", Text, nullable=False), Column("seed", BigInteger, nullable=False), Column("outcome", Text, nullable=False),
    _one_of("outcome", "published", "held", "refused", "failed", "unchanged", "running"),
)  # fmt: skip

run_versions = Table(
    "run_versions", metadata,
    Column("run", Text, ForeignKey("runs.id"), primary_key=True), Column("side", Text, primary_key=True), Column("position", Integer, primary_key=True),
    Column("version", Text, nullable=False),
    _one_of("side", "input", "output"), Index(None, "version", "side"),
)  # fmt: skip
"""Versions by digest, without a foreign key: the lineage outlives a version that was taken down."""

events = Table(
    "events", metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False), Column("at", Instant, nullable=False), Column("actor", Text, nullable=False),
    Column("verb", Text, nullable=False), Column("subject", Text, nullable=False), Column("ids", Text, nullable=False),
    Index(None, "subject", "seq"), Index(None, "actor", "seq"),
)  # fmt: skip
"""Append-only by triggers of the migration: the database itself refuses to change or remove an event."""

journal = Table(
    "journal", metadata,
    Column("id", Integer, primary_key=True, autoincrement=False), Column("seq", BigInteger, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)  # fmt: skip
"""One row: the last seq given out. Whoever appends holds it until the commit, so numbers follow commits and have no gap."""

deposits = Table(
    "deposits", metadata,
    Column("id", Text, primary_key=True), Column("resource", Text, ForeignKey("resources.id"), nullable=False), Column("received", Text, nullable=False),
    _words("name"), Column("actor", Text, nullable=False), Column("at", Instant, nullable=False), Column("state", Text, nullable=False),
    _words("message"), Column("version", Text, nullable=False), Column("attempt", Integer, nullable=False),
    _one_of("state", "received", "reading", "held", "refused", "published", "failed", "unchanged"),
    UniqueConstraint("resource", "received"), Index(None, "state", "at"),
)  # fmt: skip

people = Table(
    "people", metadata,
    Column("id", Text, primary_key=True), Column("email", Text, unique=True), _words("name"), Column("password", Text),
    Column("city_admin", Boolean, nullable=False), Column("made_at", Instant, nullable=False), Column("disabled_at", Instant), Column("erased_at", Instant),
)  # fmt: skip
"""id is opaque and stays for ever, in the journal; e-mail, name and password can be erased."""

memberships = Table(
    "memberships", metadata,
    Column("person", Text, ForeignKey("people.id"), primary_key=True),
    Column("organisation", Text, ForeignKey("organisations.id"), primary_key=True, index=True), Column("role", Text, nullable=False),
    _one_of("role", "admin", "publisher", "steward", "dpo", "reader"),
)  # fmt: skip

sessions = Table(
    "sessions", metadata,
    Column("digest", Text, primary_key=True), Column("person", Text, ForeignKey("people.id"), nullable=False, index=True),
    Column("opened_at", Instant, nullable=False), Column("ends_at", Instant, nullable=False, index=True),
)  # fmt: skip
"""digest: SHA-256 of the token; the token itself is only in the browser."""

attempts = Table(
    "attempts", metadata,
    Column("key", Text, primary_key=True), Column("failures", Integer, nullable=False), Column("last_at", Instant, nullable=False, index=True),
)  # fmt: skip
"""Failed sign-ins, by a keyed hash of the account or of the address: neither can be read back."""

api_keys = Table(
    "api_keys", metadata,
    Column("id", Text, primary_key=True), Column("person", Text, ForeignKey("people.id"), nullable=False, index=True), _words("label"),
    Column("secret", Text, nullable=False), Column("scopes", Text, nullable=False), Column("made_at", Instant, nullable=False),
    Column("ends_at", Instant), Column("last_used_at", Instant), Column("revoked_at", Instant),
)  # fmt: skip
"""secret: SHA-256 of the secret part of the key."""
