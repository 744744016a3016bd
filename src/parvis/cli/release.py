"""`parvis release VERSION --audience A --why "..."`: a decision for the public or for a group, by the same
rules as on its page; and what it rests on, the officer's opinion (`parvis advise`) and the signed checklist
(`parvis sign`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from parvis.cli.arguments import AsJson
from parvis.cli.city import HERE, Folder, settings
from parvis.cli.commands import Argument, Commands, Option
from parvis.cli.output import print_json, show
from parvis.core.errors import HeldBack, UsageError
from parvis.core.sentence import Sentence
from parvis.core.types import PUBLIC, Audience
from parvis.decisions import deciding
from parvis.decisions.deciding import DecisionRequest
from parvis.people import accounts
from parvis.people.rights import Action, require
from parvis.privacy import checklist
from parvis.privacy.deciding import BASES
from parvis.publication.city import City, open_city
from parvis.store import versions
from parvis.store.register import Record

HELD = 3

Digest = Annotated[str, Argument(help="Empreinte de la version, ou son début (8 caractères au moins).")]
By = Annotated[str, Option(help="Adresse ou identifiant du compte qui en a le droit.")]
For = Annotated[str, Option(help="« public », ou l’identifiant d’un groupe (parvis groups list).")]


def register(app: Commands) -> None:
    """Add the commands."""

    @app.declare("release")
    def release(
        version: Digest,
        why: Annotated[str, Option(help="Motif de la décision, gardé au registre.")],
        audience: For = "public",
        purpose: Annotated[str, Option(help="Finalité ; obligatoire pour un groupe.")] = "",
        until: Annotated[
            datetime | None, Option(formats=("%Y-%m-%d",), help="Dernier jour de l’accès, pour un groupe.")
        ] = None,
        basis: Annotated[str, Option(help=f"Base légale : {', '.join(BASES)}.")] = "non-precisee",
        text: Annotated[
            str, Option(help="Le texte, la délibération ou l’accord sur lequel se fonde la décision.")
        ] = "",
        against: Annotated[
            str,
            Option(help="Pourquoi la décision va contre l’avis, ou comment ses conditions sont remplies."),
        ] = "",
        by: Annotated[
            str,
            Option(help="Qui décide : un compte qui en a le droit, là où il faut un avis et une décision."),
        ] = "cli",
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> int:
        if not why.strip():
            raise UsageError(
                "--why est vide.", mend="Dites pourquoi cette version peut être lue : le registre le garde."
            )
        if basis not in BASES:
            raise UsageError(
                Sentence("Base légale inconnue : « {basis} ».", basis=basis),
                mend=Sentence("Bases : {list}.", list=", ".join(BASES)),
            )
        if audience != "public" and not (purpose.strip() and until):
            raise UsageError("Un groupe a besoin de --purpose et de --until.")
        to = (
            PUBLIC
            if audience == "public"
            else Audience(audience, purpose.strip(), until.date() if until else None)
        )
        opened = open_city(settings(city))
        wanted = DecisionRequest(
            "released", to, purpose.strip() or why.strip(), basis, text.strip(), why.strip(), against.strip()
        )
        digest, todo, record = _decided(opened, version, wanted, by)
        if as_json:
            print_json(
                {
                    "ok": record is not None,
                    "version": digest,
                    "audience": to,
                    "todo": todo,
                    "release": record.release if record else "",
                    "record": record.id if record else "",
                }
            )
        else:
            show(
                f"Version {digest[:12]} lisible par : {to.name}. Registre : {record.id[:12]}."
                if record
                else f"Toujours retenue : {todo}"
            )
        return 0 if record else HELD

    @app.declare("advise")
    def advise(
        version: Digest,
        verdict: Annotated[str, Option(help="favourable, conditional ou unfavourable.")],
        why: Annotated[str, Option(help="Les raisons de l’avis, ou ses conditions.")],
        by: By,
        audience: For = "public",
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> None:
        opened = open_city(settings(city))
        digest = _digest(opened, version)
        opinion = deciding.advise(
            opened, digest, audience, verdict, why, actor=_actor(opened, digest, by, "advise")
        )
        if as_json:
            print_json(
                {
                    "ok": True,
                    "opinion": opinion.id,
                    "version": digest,
                    "audience": audience,
                    "verdict": opinion.verdict,
                }
            )
        else:
            show(f"Avis {opinion.id[:12]} noté sur la version {digest[:12]}.")

    @app.declare("sign")
    def sign(
        version: Digest,
        by: By,
        none: Annotated[
            bool, Option("--none", help="La table ne contient rien de ce que cherchent les questions.")
        ] = False,
        yes: Annotated[list[str], Option(help="QUESTION=pourquoi, quand la réponse est oui.")] = [],  # noqa: B006
        unsure: Annotated[list[str], Option(help="QUESTION=pourquoi, quand personne ne sait.")] = [],  # noqa: B006
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> None:
        known = {q.name for q in checklist.QUESTIONS}
        replied = [
            (name, reply, note)
            for reply, given in (("yes", yes), ("unsure", unsure))
            for name, _, note in (g.partition("=") for g in given)
        ]
        if not (none or replied) or not {name for name, _, _ in replied} <= known:
            raise UsageError(
                "Répondez à la liste : --none, ou --yes QUESTION=pourquoi et --unsure QUESTION=pourquoi.",
                mend=Sentence("Questions : {list}.", list=", ".join(known)),
            )
        opened = open_city(settings(city))
        digest = _digest(opened, version)
        replies = dict.fromkeys(sorted(known), "no") | {name: reply for name, reply, _ in replied}
        signed = deciding.sign(
            opened,
            digest,
            replies,
            {name: note for name, _, note in replied},
            actor=_actor(opened, digest, by, "sign"),
        )
        if as_json:
            print_json({"ok": True, "checklist": signed.id, "version": digest, "answers": signed.answers})
        else:
            show(f"Liste {signed.id[:12]} signée pour la version {digest[:12]}.")


def _decided(city: City, version: str, wanted: DecisionRequest, by: str) -> tuple[str, str, Record | None]:
    """Digest of the version, what is still missing, and the record of the decision."""
    digest = _digest(city, version)
    with city.db.read() as conn:
        takes = deciding.dossier_of(conn, digest).takes
    try:
        if takes == "accept":
            return digest, "", deciding.accept(city, digest, wanted.audience, why=wanted.why, actor=by)
        done = deciding.settle(city, digest, wanted, actor=_actor(city, digest, by, "decide"))
    except HeldBack as held:
        return digest, held.message, None
    return (
        (digest, "", done) if isinstance(done, Record) else (digest, " ".join(f.message for f in done), None)
    )


def _digest(city: City, version: str) -> str:
    with city.db.read() as conn:
        return versions.resolve(conn, version)


def _actor(city: City, digest: str, by: str, action: Action) -> str:
    """The account that acts, by its id or its address. Raises UsageError when there is none, Refused when it
    may not do that in the organisation.
    """
    with city.db.read() as conn:
        organisation = deciding.dossier_of(conn, digest).organisation.id
        person = next((p for p in accounts.everybody(conn) if by in (p.id, p.email)), None)
    if person is None:
        raise UsageError(
            Sentence("Aucun compte ne s’appelle « {by} ».", by=by),
            mend="Cette version demande l’avis d’une personne et la décision d’une autre : donnez --by ADRESSE.",
        )
    return require(person, action, organisation).id
