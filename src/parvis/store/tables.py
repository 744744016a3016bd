"""Every table, once. What a migration builds must equal this (a test compares them on both databases).

Lists and mappings that are never searched lie as JSON text (see `codec`); everything else is a column of its
own.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from parvis.store.column_types import Instant, SentenceText, Words

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


def _json(name: str, *, nullable: bool = False) -> Column[str]:
    """Canonical JSON, ASCII only."""
    return Column(name, Text, nullable=nullable)


def _words(name: str, default: str = "") -> Column[str]:
    return Column(name, Words, nullable=False, server_default=default)


organisations = Table(
    "organisations",
    metadata,
    Column("id", Words, primary_key=True),
    Column("name", Words, nullable=False),
    _words("description"),
    Column("kind", Words, nullable=False),
    _words("url"),
    _words("siret"),
    _one_of("kind", "department", "body"),
)

datasets = Table(
    "datasets",
    metadata,
    Column("id", Words, primary_key=True),
    Column("title", Words, nullable=False),
    _words("description"),
    Column("publisher", Words, ForeignKey("organisations.id"), nullable=False, index=True),
    _json("contact", nullable=True),
    Column("licence", Words, nullable=False),
    _json("themes"),
    _json("keywords"),
    _words("spatial"),
    _json("temporal", nullable=True),
    Column("frequency", Words, nullable=False),
    Column("access", Words, nullable=False),
    Column("state", Words, nullable=False, index=True),
    _json("derived_from"),
    Column("issued", Instant),
    Column("modified", Instant),
    Column("language", Words, nullable=False),
    _one_of("access", "public", "restricted", "non_public"),
    _one_of("state", "draft", "published", "archived", "withdrawn"),
)

resources = Table(
    "resources",
    metadata,
    Column("id", Words, primary_key=True),
    Column("dataset", Words, ForeignKey("datasets.id"), nullable=False, index=True),
    Column("title", Words, nullable=False),
    _words("description"),
    _words("source"),
    _words("reader"),
    _words("table_name"),
    _json("recipe"),
    Column("schema_name", Words, nullable=False, server_default="", index=True),
    _json("corrections"),
    Column("policy", Words, nullable=False),
    Column("every_s", BigInteger, nullable=False),
    Column("gate", Text, nullable=False, server_default="{}"),
    Column("header_row", Integer),
    _one_of("policy", "open", "hold"),
)

parts = Table(
    "parts",
    metadata,
    Column("parent", Words, ForeignKey("resources.id"), primary_key=True),
    Column("mark", Words, primary_key=True),
    Column("resource", Words, ForeignKey("resources.id"), nullable=False, index=True),
)
"""The tables of the files handed in for a resource, and the resource that each feeds. mark: digest of the
table's name, which may say too much itself.
"""

versions = Table(
    "versions",
    metadata,
    Column("digest", Words, primary_key=True),
    Column("resource", Words, ForeignKey("resources.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("current_since", Instant, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    _json("schema"),
    _json("report"),
    Column("run", Words, nullable=False),
    _words("received"),
    UniqueConstraint("resource", "number"),
    Index(None, "resource", "current_since"),
)
"""number: 1, 2, 3… in the resource, in the order of arrival. current_since: `at`, or when the resource came
back to this version after another one.
"""

version_files = Table(
    "version_files",
    metadata,
    Column("version", Words, ForeignKey("versions.digest"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("digest", Words, nullable=False, index=True),
    Column("bytes", BigInteger, nullable=False),
    Column("rows", BigInteger, nullable=False),
)

releases = Table(
    "releases",
    metadata,
    Column("id", Words, primary_key=True),
    Column("version", Words, ForeignKey("versions.digest"), nullable=False, index=True),
    Column("audience", Words, nullable=False, index=True),
    _words("purpose"),
    Column("until", Date),
    Column("policy", Words, nullable=False),
    Column("decided_by", Words, nullable=False),
    Column("why", Words, nullable=False),
    Column("at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Words, primary_key=True),
    Column("what", Words, nullable=False),
    Column("at", Instant, nullable=False),
    _json("parameters"),
    Column("seed", BigInteger, nullable=False),
    Column("outcome", Words, nullable=False),
    _one_of("outcome", "published", "held", "refused", "failed", "unchanged", "running"),
)

run_versions = Table(
    "run_versions",
    metadata,
    Column("run", Words, ForeignKey("runs.id"), primary_key=True),
    Column("side", Words, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("version", Words, nullable=False),
    _one_of("side", "input", "output"),
    Index(None, "version", "side"),
)
"""Versions by digest, without a foreign key: the lineage outlives a version that was taken down."""

study_runs = Table(
    "study_runs",
    metadata,
    Column("run", Words, ForeignKey("runs.id"), primary_key=True),
    Column("study", Words, nullable=False),
    Column("actor", Words, nullable=False),
    Column("at", Instant, nullable=False),
    Column("state", Words, nullable=False),
    Column("cancelled", Boolean, nullable=False),
    Column("share", Float, nullable=False),
    _words("step"),
    Column("message", SentenceText, nullable=False, server_default=""),
    Column("attempt", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("ended_at", Instant),
    _json("inputs"),
    _words("kept"),
    _json("parts"),
    _one_of("state", "waiting", "running", "done", "failed", "cancelled", "destroyed"),
    Index(None, "study", "at"),
    Index(None, "state"),
)
"""What was asked of a study, and how far it is. inputs: name to version digest; kept: digest of the last
checkpoint; parts: tables and files of the result, by digest.
"""

events = Table(
    "events",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", Words, nullable=False),
    Column("verb", Words, nullable=False),
    Column("subject", Words, nullable=False),
    _json("ids"),
    Index(None, "subject", "seq"),
    Index(None, "actor", "seq"),
)
"""Append-only by triggers of the migration: the database itself refuses to change or remove an event."""

journal = Table(
    "journal",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)
"""One row: the last seq given out. Whoever appends holds it until the commit, so numbers follow commits and
have no gap.
"""

deposits = Table(
    "deposits",
    metadata,
    Column("id", Words, primary_key=True),
    Column("resource", Words, ForeignKey("resources.id"), nullable=False),
    Column("received", Words, nullable=False),
    _words("name"),
    Column("actor", Words, nullable=False),
    Column("at", Instant, nullable=False),
    Column("state", Words, nullable=False),
    Column("message", SentenceText, nullable=False, server_default=""),
    Column("version", Words, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("look", Words, nullable=False, server_default=""),
    Column("understood", Text, nullable=False, server_default="[]"),
    Column("step", SentenceText, nullable=False, server_default=""),
    _one_of("state", "received", "reading", "held", "refused", "published", "failed", "unchanged"),
    UniqueConstraint("resource", "received"),
    Index(None, "state", "at"),
)

people = Table(
    "people",
    metadata,
    Column("id", Words, primary_key=True),
    Column("email", Words, unique=True),
    _words("name"),
    Column("password", Words),
    Column("city_admin", Boolean, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("disabled_at", Instant),
    Column("erased_at", Instant),
)
"""id is opaque and stays for ever, in the journal; e-mail, name and password can be erased."""

memberships = Table(
    "memberships",
    metadata,
    Column("person", Words, ForeignKey("people.id"), primary_key=True),
    Column("organisation", Words, ForeignKey("organisations.id"), primary_key=True, index=True),
    Column("role", Words, nullable=False),
    _one_of("role", "admin", "publisher", "steward", "dpo", "delegate", "reader"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", Words, primary_key=True),
    Column("person", Words, ForeignKey("people.id"), nullable=False, index=True),
    Column("opened_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False, index=True),
    Column("until_at", Instant),
    Column("way", Words, nullable=False, server_default=""),
    Column("device", Words, nullable=False, server_default=""),
    Column("seen_at", Instant),
)
"""digest: SHA-256 of the token; the token itself is only in the browser. ends_at: unless it is used before;
until_at: in any case (none: ends_at). way: how its owner showed who they are; device: kind of browser and of
system; seen_at: last use, to a tenth of the idle time.
"""

second_factors = Table(
    "second_factors",
    metadata,
    Column("person", Words, ForeignKey("people.id"), primary_key=True),
    Column("sealed", Words, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("confirmed_at", Instant),
    Column("last_step", BigInteger, nullable=False),
)
"""sealed: the secret of the codes, under the city's; confirmed_at: since when they are asked for; last_step:
of the last code that served.
"""

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("digest", Words, primary_key=True),
    Column("person", Words, ForeignKey("people.id"), nullable=False, index=True),
)
"""Keyed digests of the codes that did not serve yet."""

passkeys = Table(
    "passkeys",
    metadata,
    Column("id", Words, primary_key=True),
    Column("person", Words, ForeignKey("people.id"), nullable=False, index=True),
    Column("public_key", Words, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    _words("label"),
    Column("made_at", Instant, nullable=False),
    Column("last_used_at", Instant),
)
"""id and public_key: base64url, as WebAuthn has them; the private key never leaves its device."""

spent = Table(
    "spent",
    metadata,
    Column("key", Words, primary_key=True),
    Column("ends_at", Instant, nullable=False, index=True),
)
"""What served once and would still be in time: answered challenges."""

attempts = Table(
    "attempts",
    metadata,
    Column("key", Words, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", Instant, nullable=False, index=True),
)
"""Failed sign-ins, by a keyed hash of the account or of the address: neither can be read back."""

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Words, primary_key=True),
    Column("person", Words, ForeignKey("people.id"), nullable=False, index=True),
    _words("label"),
    Column("secret", Words, nullable=False),
    _json("scopes"),
    Column("made_at", Instant, nullable=False),
    Column("ends_at", Instant),
    Column("last_used_at", Instant),
    Column("revoked_at", Instant),
)
"""secret: SHA-256 of the secret part of the key."""

feeds = Table(
    "feeds",
    metadata,
    Column("resource", Words, ForeignKey("resources.id"), primary_key=True),
    Column("state", Words, nullable=False),
    Column("since", Instant, nullable=False),
    Column("polled_at", Instant, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("message", SentenceText, nullable=False, server_default=""),
    _one_of("state", "up", "stale", "down", "malformed", "held"),
)
"""One row for each live source: how it goes, and since when."""

rereads = Table(
    "rereads",
    metadata,
    Column("resource", Words, ForeignKey("resources.id"), primary_key=True),
    Column("address", Words, nullable=False),
    Column("every_s", BigInteger, nullable=False),
    Column("state", Words, nullable=False),
    Column("since", Instant, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("message", SentenceText, nullable=False, server_default=""),
    _words("received"),
    _one_of("state", "up", "down", "refused", "waiting"),
)
"""One row for each file at an address that is read again by itself. received: digest of what it last held."""

tips = Table(
    "tips",
    metadata,
    Column("resource", Words, ForeignKey("resources.id"), primary_key=True),
    Column("at", Instant, primary_key=True),
    Column("digest", Words, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("held", Boolean, nullable=False),
)
"""Batches of the open hour, in the time of the feed; a closed hour takes them away."""

segments = Table(
    "segments",
    metadata,
    Column("resource", Words, ForeignKey("resources.id"), primary_key=True),
    Column("start", Instant, primary_key=True),
    Column("span", Words, primary_key=True),
    Column("digest", Words, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("rows", BigInteger, nullable=False),
    _one_of("span", "hour", "day", "month"),
)
"""Closed hours, days and months of a live resource: the files of its newest version, in order of `start`."""

protocols = Table(
    "protocols",
    metadata,
    Column("dataset", Words, ForeignKey("datasets.id"), primary_key=True),
    Column("organisation", Words, ForeignKey("organisations.id")),
    Column("person", Words, ForeignKey("people.id")),
    Column("period", Words, nullable=False),
    Column("margin", Integer, nullable=False),
    Column("since", Instant, nullable=False),
)
"""Who verifies a dataset in the field, and how often. margin: points within which its share of errors is to
be known.
"""

rechecks = Table(
    "rechecks",
    metadata,
    Column("resource", Words, ForeignKey("resources.id"), primary_key=True),
    Column("version", Words, nullable=False),
    Column("state", Words, nullable=False),
    Column("since", Instant, nullable=False),
    Column("at", Instant, nullable=False),
    Column("errors", Integer, nullable=False),
    Column("warnings", Integer, nullable=False),
    Column("message", SentenceText, nullable=False, server_default=""),
    _one_of("state", "sound", "faulty", "damaged"),
)
"""What the last look at what is published said: one row a resource."""

links = Table(
    "links",
    metadata,
    Column("dataset", Words, ForeignKey("datasets.id"), primary_key=True),
    Column("url", Words, primary_key=True),
    Column("place", Words, nullable=False),
    Column("state", Words, nullable=False),
    Column("since", Instant, nullable=False),
    Column("at", Instant, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("message", SentenceText, nullable=False, server_default=""),
    _one_of("state", "up", "down", "barred"),
)
"""Addresses that a dataset names, and whether they answer. place: what names it, `contact`, `source` or
`column:<name>`.
"""

rounds = Table(
    "rounds",
    metadata,
    Column("id", Words, primary_key=True),
    Column("dataset", Words, ForeignKey("datasets.id"), nullable=False, index=True),
    Column("resource", Words, nullable=False),
    Column("version", Words, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("actor", Words, nullable=False),
    Column("at", Instant, nullable=False),
    Column("closed_at", Instant),
)
"""A draw of rows to verify in the field. rows: how many the version holds; closed_at: when the last of them
had its verdict.
"""

round_rows = Table(
    "round_rows",
    metadata,
    Column("round", Words, ForeignKey("rounds.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("row", BigInteger, nullable=False),
    Column("verdict", Words),
    _words("said"),
    _words("actor"),
    Column("at", Instant),
    _one_of("verdict", "exact", "wrong", "absent"),
)
"""row: its place in the version, from 0. said: what is right in the field, for those who may see drafts only.
"""

groups = Table(
    "groups",
    metadata,
    Column("id", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("organisation", Words, ForeignKey("organisations.id"), nullable=False),
    Column("made_by", Words, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("closed_at", Instant),
)
"""People of several organisations that a table may be shared with; what for and until when stands in each
release. organisation: who keeps the list.
"""

group_members = Table(
    "group_members",
    metadata,
    Column("group", Words, ForeignKey("groups.id"), primary_key=True),
    Column("person", Words, ForeignKey("people.id"), primary_key=True, index=True),
    Column("since", Instant, nullable=False),
)

opinions = Table(
    "opinions",
    metadata,
    Column("id", Words, primary_key=True),
    Column("version", Words, nullable=False, index=True),
    Column("audience", Words, nullable=False),
    Column("verdict", Words, nullable=False),
    _words("text"),
    Column("by", Words, nullable=False),
    Column("at", Instant, nullable=False),
    _one_of("verdict", "favourable", "conditional", "unfavourable"),
)
"""What the data protection officer thinks of letting an audience read a version. The newest counts."""

checklists = Table(
    "checklists",
    metadata,
    Column("id", Words, primary_key=True),
    Column("version", Words, nullable=False, index=True),
    _json("answers"),
    _words("note"),
    Column("by", Words, nullable=False),
    Column("at", Instant, nullable=False),
)
"""Other secrets that the law protects, looked for and signed. The newest counts."""

register = Table(
    "register",
    metadata,
    Column("id", Words, primary_key=True),
    Column("version", Words, nullable=False, index=True),
    Column("dataset", Words, nullable=False),
    Column("organisation", Words, nullable=False, index=True),
    Column("at", Instant, nullable=False),
    _json("said"),
)
"""Decisions, as the register of processing demands. By digest and id, without foreign keys: the record
outlives a version that was taken down.
"""

breaches = Table(
    "breaches",
    metadata,
    Column("id", Words, primary_key=True),
    Column("organisation", Words, ForeignKey("organisations.id"), nullable=False),
    Column("known_at", Instant, nullable=False),
    _json("said"),
)
"""Breaches of personal data. known_at: when the controller knew, from which the 72 hours run."""

sealed = Table(
    "sealed",
    metadata,
    Column("digest", Words, primary_key=True),
    Column("object", Words, nullable=False),
    Column("key", Words, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
)
"""What lies encrypted: the digest of its bytes, the object that holds them, and its own key, wrapped by the
city's. Without its row an object is noise.
"""

takedowns = Table(
    "takedowns",
    metadata,
    Column("id", Words, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("subject", Words, nullable=False, index=True),
    Column("dataset", Words, nullable=False),
    Column("actor", Words, nullable=False),
    Column("at", Instant, nullable=False),
    _words("why"),
    _json("versions"),
    _json("derived"),
    _json("files"),
    _json("received"),
    _json("deposits"),
    Column("public", Boolean, nullable=False),
    Column("organisations", Text, nullable=False, server_default="[]"),
    _one_of("kind", "version", "resource", "dataset", "expired"),
)
"""What was taken down, as digests and ids. versions: those that were named, with their copies; derived: those
computed from them; public: some were public; organisations: where it bars the same bytes, everywhere when
empty.
"""

agreements = Table(
    "agreements",
    metadata,
    Column("takedown", Words, ForeignKey("takedowns.id"), primary_key=True),
    Column("organisation", Words, ForeignKey("organisations.id"), primary_key=True),
    _json("versions"),
    _json("derived"),
    Column("state", Words, nullable=False, index=True),
    Column("asked_at", Instant, nullable=False),
    _words("by"),
    Column("at", Instant),
    _words("done"),
    _one_of("state", "waiting", "agreed", "refused"),
)
"""What a takedown would have touched of an organisation that whoever withdrew has no right in: it waits for
theirs. done: the takedown that followed.
"""

destructions = Table(
    "destructions",
    metadata,
    Column("takedown", Words, ForeignKey("takedowns.id"), primary_key=True),
    Column("node", Words, primary_key=True),
    Column("at", Instant, nullable=False),
)
"""A node says that it holds nothing of it any more."""

nodes = Table(
    "nodes",
    metadata,
    Column("id", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("seen_at", Instant, nullable=False),
)
"""The machines that serve or work, and when each last gave a sign."""

scans = Table(
    "scans",
    metadata,
    Column("version", Words, primary_key=True),
    Column("detectors", Words, nullable=False, index=True),
    Column("at", Instant, nullable=False),
)
"""The set of detectors, by its fingerprint, that last looked at a version."""

overlap_checks = Table(
    "overlap_checks",
    metadata,
    Column("version", Words, primary_key=True),
    Column("others", Text, nullable=False),
    Column("at", Instant, nullable=False),
)
"""The other versions, as a list of digests in JSON, that a version was put beside before it could go out."""

risks = Table(
    "risks",
    metadata,
    Column("version", Words, primary_key=True),
    Column("state", Words, CheckConstraint("state IN ('part', 'whole')", name="state"), nullable=False),
    _json("said"),
    Column("at", Instant, nullable=False),
)
"""The risk that was measured of a version, for who decides on it."""

alert_states = Table(
    "alert_states",
    metadata,
    Column("name", Words, primary_key=True),
    Column("at", Instant, nullable=False),
    _json("said"),
)
"""What a service remembers of an alert between two looks: the episode under way, as the service writes it."""

alert_steps = Table(
    "alert_steps",
    metadata,
    Column("id", Words, primary_key=True),
    Column("episode", Words, nullable=False),
    Column("number", Integer, nullable=False),
    Column("alert", Words, nullable=False),
    Column("topic", Words, nullable=False, index=True),
    Column("kind", Words, nullable=False),
    Column("state", Words, nullable=False, index=True),
    Column("data_at", Instant, nullable=False),
    Column("made_at", Instant, nullable=False),
    _words("decided_by"),
    Column("decided_at", Instant),
    Column("issued_at", Instant),
    _words("refers"),
    _json("said"),
    _one_of("state", "proposed", "issued", "refused", "replaced", "void"),
    UniqueConstraint("episode", "number"),
)
"""Each step of an episode, once: the message, when its data came, when it was made, who let it out and when.
refers: ids of the messages that it replaces.
"""

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", Words, primary_key=True),
    Column("channel", Words, nullable=False),
    Column("mark", Words, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("language", Words, nullable=False),
    _words("quiet"),
    Column("urgent", Boolean, nullable=False),
    Column("confirmed_at", Instant, nullable=False),
    _one_of("channel", "mail", "webhook", "sms"),
    UniqueConstraint("channel", "mark"),
)
"""An address that asked for alerts. sealed: the address, encrypted by the city's key; mark: its keyed hash,
so that one address is one row. Nothing is kept of who asked and did not confirm; erasing takes the row away.
"""

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("subscriber", Words, ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True),
    Column("topic", Words, primary_key=True),
    Column("zone", Words, primary_key=True, server_default=""),
    Column("level", Words, nullable=False),
    Index(None, "topic", "zone"),
    _one_of("level", "information", "alert"),
)
"""zone: INSEE code, "" for the whole city. level: from which level on."""

outbox = Table(
    "outbox",
    metadata,
    Column("step", Words, ForeignKey("alert_steps.id"), primary_key=True),
    Column("subscriber", Words, primary_key=True),
    Column("channel", Words, primary_key=True),
    Column("state", Words, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    _words("note"),
    Index(None, "state", "due_at"),
    Index(None, "subscriber", "state"),
    _one_of("state", "waiting", "sent", "failed", "dropped"),
)
"""One message to one subscriber by one channel: its key makes a second one impossible. subscriber: an opaque
id, which outlives an erased subscriber.
"""

listing = Table(
    "listing",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)
"""One row: how often what everybody may see has changed."""

changed = Table("changed", metadata, Column("dataset", Words, primary_key=True))
"""Datasets of which a row was written in the open transaction: triggers of the migration say so, and
`store.listing` empties it before the commit.
"""

listed = Table(
    "listed",
    metadata,
    Column("dataset", Words, primary_key=True),
    Column("publisher", Words, nullable=False, index=True),
    Column("title", Words, nullable=False),
    Column("frequency", Words, nullable=False),
    _json("themes"),
    Column("issued", Instant, nullable=False),
    Column("modified_us", BigInteger, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("live", Boolean, nullable=False),
    Column("computed", Boolean, nullable=False),
    Column("score", Float),
    Column("change", Float),
    Column("errors", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False, index=True),
    Index(None, "computed", "modified_us", "dataset"),
    Index(None, "score", "title"),
)
"""A row for each dataset that everybody may see. title: folded, for the order of the alphabet; modified_us:
microseconds since 1970; live: a resource is polled; computed: services make all of it; score, change, errors:
of its tables as they are served; seq: the state of the listing that it changed in.
"""

column_words = Table(
    "column_words",
    metadata,
    Column("resource", Words, ForeignKey("resources.id"), primary_key=True),
    Column("column", Words, primary_key=True),
    _words("title"),
    _words("description"),
    _words("unit"),
)
"""What people say of the columns of a resource, beside its versions; "": nothing."""

listed_tables = Table(
    "listed_tables",
    metadata,
    Column("resource", Words, primary_key=True),
    Column("dataset", Words, nullable=False),
    Column("position", Integer, nullable=False),
    Column("first", Boolean, nullable=False),
    Column("version", Words, nullable=False),
    Column("at", Instant, nullable=False, index=True),
    Column("geo", Boolean, nullable=False),
    Column("dated", Boolean, nullable=False),
    Index(None, "dataset", "position"),
)
"""The tables of those datasets and the version of each that everybody reads. first: it bears the name of the
dataset in the query API; geo, dated: it holds places, moments.
"""

listed_sources = Table(
    "listed_sources",
    metadata,
    Column("source", Words, primary_key=True),
    Column("dataset", Words, primary_key=True, index=True),
)
"""What those datasets are computed from."""

listed_keywords = Table(
    "listed_keywords",
    metadata,
    Column("keyword", Words, primary_key=True),
    Column("dataset", Words, primary_key=True, index=True),
)

listed_words = Table(
    "listed_words",
    metadata,
    Column("dataset", Words, primary_key=True),
    Column("resource", Words, primary_key=True),
    Column("title", Words, nullable=False),
    Column("description", Words, nullable=False),
    Column("keywords", Words, nullable=False),
    Column("publisher", Words, nullable=False),
    Column("others", Words, nullable=False),
)
"""The tokens (`core.text.tokens`) of what is said of each of those tables, each between two spaces, so that
a word is looked for in all of them without reading the texts. others: identifier, territory, language,
frequency, and the codes of its themes and its licence (`store.listing.code_word`).
"""

delisted = Table(
    "delisted",
    metadata,
    Column("dataset", Words, primary_key=True),
    Column("seq", BigInteger, nullable=False, index=True),
)
"""What was listed once and is not any more, and the state of the listing that it left in."""

description_scores = Table(
    "description_scores",
    metadata,
    Column("dataset", Words, primary_key=True),
    Column("seq", BigInteger, nullable=False, index=True),
    Column("made_with", Words, nullable=False),
    Column("low", Float, nullable=False),
    Column("high", Float, nullable=False),
    Column("lasting", Integer, nullable=False),
    Column("gain", Words, nullable=False),
    Column("tallies", Words, nullable=False),
    Index(None, "low", "dataset"),
)
"""How complete each listed description is for other portals (`catalogue.description_scores`). seq: the state
of the listing that it was scored in, negative when its links have changed since; made_with: digest of what
else the score depends on; low, high: points of data.europa.eu; lasting: criteria of data.gouv.fr that are
met whatever the day; gain: the indicator that gains most, "" for none; tallies: of every indicator.
"""

uses = Table(
    "uses",
    metadata,
    Column("day", Words, primary_key=True),
    Column("dataset", Words, primary_key=True),
    Column("act", Words, primary_key=True),
    Column("client", Words, primary_key=True),
    Column("n", BigInteger, nullable=False),
)
"""How often a dataset was used, by day of the city: what was done (view, download, api) by what kind of client
(browser, program, robot). Nothing of who.
"""

comparisons = Table(
    "comparisons",
    metadata,
    Column("version", Words, primary_key=True),
    Column("resource", Words, nullable=False, index=True),
    Column("before", Words, nullable=False),
    Column("at", Instant, nullable=False),
    Column("score", Float),
    Column("change", Float),
    Column("errors", BigInteger, nullable=False),
    Column("worse", Boolean, nullable=False),
    Index(None, "worse", "at"),
)
"""The last versions of each of those tables, each beside the one that everybody read before ("": none)."""
