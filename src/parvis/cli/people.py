"""`parvis people`: accounts, links, roles and keys, from the machine itself. A password is asked for, never
typed in the call.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

import click

from parvis.administration import invitations
from parvis.cli.arguments import AsJson
from parvis.cli.city import HERE, Folder, settings, town
from parvis.cli.commands import Argument, Commands, Option
from parvis.cli.output import print_json, say, show, table
from parvis.core.errors import NotFound, UsageError
from parvis.core.sentence import Sentence
from parvis.core.types import Organisation
from parvis.people import accounts, api_keys, city_secret, demanded, duties, passkeys, second_factor, throttle
from parvis.people.passwords import Passwords, judge
from parvis.people.rights import ACTIONS, APART, ROLES, Action, Person, Role
from parvis.publication.city import SYSTEM, City, open_city
from parvis.store import datasets

Email = Annotated[str, Argument(help="Adresse de courriel du compte.")]


def register(app: Commands) -> None:
    """Add the commands."""
    group = app.group_of("people")

    @group.declare(
        "add",
        "Crée un compte. Le premier administre la ville. Le mot de passe est demandé, ou lu sur l’entrée standard.",
    )
    def add(
        email: Email,
        name: Annotated[str, Option(help="Nom affiché.")] = "",
        admin: Annotated[bool, Option("--admin", help="Administre la ville.")] = False,
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> None:
        opened = open_city(settings(city))
        password = (
            click.prompt("Mot de passe", hide_input=True, confirmation_prompt=True, err=True)
            if sys.stdin.isatty()
            else sys.stdin.readline().rstrip("\r\n")
        )
        judge(password, email, name, opened.settings.city.name)
        password_hash = Passwords().hash(password)
        with opened.db.begin() as conn:
            first = not accounts.everybody(conn)
            if not datasets.organisations(conn):
                datasets.save_organisation(conn, town(opened.settings))
            account = (
                accounts.make_first(
                    conn, email=email, name=name, password_hash=password_hash, at=opened.now()
                )
                if first
                else accounts.make(
                    conn,
                    email=email,
                    name=name,
                    password_hash=password_hash,
                    city_admin=admin,
                    actor=SYSTEM,
                    at=opened.now(),
                )
            )
        if as_json:
            print_json({"ok": True, "id": account.id, "city_admin": account.city_admin})
        else:
            show(
                f"Compte {account.id} créé"
                + (
                    ", il administre la ville."
                    if account.city_admin
                    else ". Donnez-lui un rôle : parvis people role."
                )
            )

    @group.declare(
        "invite",
        "Crée un compte sans mot de passe, avec son rôle, et affiche le lien par lequel la personne le choisit : sept jours, une fois.",
    )
    def invite(
        email: Email,
        organisation: str,
        given: Annotated[
            str, Argument(metavar="ROLE", help="admin, publisher, steward, dpo, delegate ou reader.")
        ],
        name: Annotated[str, Option(help="Nom affiché.")] = "",
        mail: Annotated[
            bool, Option("--mail", help="Envoyer le lien par courriel au lieu de l’afficher.")
        ] = False,
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> None:
        opened = open_city(settings(city))
        where, known = _organisation(opened, organisation), _role(given)
        invitation = invitations.invite(
            opened, email=email, name=name, role=known, organisation=where.id, actor=SYSTEM
        )
        _hand(opened, invitation, mail=mail, as_json=as_json)

    @group.declare(
        "link", "Fait un lien par lequel quelqu’un choisit un autre mot de passe : sept jours, une fois."
    )
    def new_link(
        email: Email,
        mail: Annotated[
            bool, Option("--mail", help="Envoyer le lien par courriel au lieu de l’afficher.")
        ] = False,
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> None:
        opened = open_city(settings(city))
        _hand(opened, _person(opened, email), mail=mail, as_json=as_json)

    @group.declare("list", "Les comptes et leurs rôles.")
    def list_people(city: Folder = HERE, as_json: AsJson = False) -> None:
        opened = open_city(settings(city))
        with opened.db.read() as conn:
            known = accounts.everybody(conn)
        if as_json:
            print_json(
                {
                    "people": [
                        {
                            "id": p.id,
                            "email": p.email,
                            "name": p.name,
                            "city_admin": p.city_admin,
                            "roles": p.roles,
                            "active": p.active,
                        }
                        for p in known
                    ]
                }
            )
        else:
            table(
                "",
                ("compte", "courriel", "nom", "rôles", "actif"),
                [(p.id, p.email, p.name, _roles(p), "oui" if p.active else "non") for p in known],
            )

    @group.declare(
        "role",
        "Donne à un compte un rôle dans une organisation : admin, publisher, steward, dpo, delegate ou reader.",
    )
    def role(
        email: Email,
        organisation: str,
        given: Annotated[str, Argument(metavar="ROLE")],
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> None:
        known = _role(given)
        opened = open_city(settings(city))
        who, where = _person(opened, email), _organisation(opened, organisation)
        with opened.db.begin() as conn:
            accounts.give_role(conn, who.id, where.id, known, actor=SYSTEM, at=opened.now())
            read = sorted(duties.holders(conn, who.id)) if known in APART else []
        if as_json:
            print_json(
                {"ok": True, "id": who.id, "organisation": where.id, "role": given, "link_read_by": read}
            )
        else:
            if read:
                say(
                    f"Un lien de ce compte a été montré à {', '.join(read)} : faites-lui choisir un autre mot de passe, parvis people link {email}."
                )
            show(f"{who.id} : {given} de « {where.name} ».")

    @group.declare("unrole", "Reprend à un compte son rôle dans une organisation.")
    def unrole(email: Email, organisation: str, city: Folder = HERE, as_json: AsJson = False) -> None:
        opened = open_city(settings(city))
        who, where = _person(opened, email), _organisation(opened, organisation)
        if where.id not in who.roles:
            raise NotFound(Sentence("Ce compte n’a aucun rôle dans « {name} ».", name=where.name))
        with opened.db.begin() as conn:
            accounts.take_role(conn, who.id, where.id, actor=SYSTEM, at=opened.now())
        if as_json:
            print_json({"ok": True, "id": who.id, "organisation": where.id})
        else:
            show(f"{who.id} : plus aucun rôle dans « {where.name} ».")

    @group.declare(
        "key",
        "Fait une clé d’API pour un compte, et l’affiche une seule fois : « Authorization: Bearer CLÉ ».",
    )
    def api_key(
        email: Email,
        label: Annotated[str, Option(help="À quoi elle sert.")],
        scope: Annotated[
            list[str], Option(help="Ce qu’elle permet, au plus : send, see-drafts… ; à répéter.")
        ],
        until: Annotated[datetime | None, Option(formats=("%Y-%m-%d",), help="Fin de validité.")] = None,
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> None:
        opened = open_city(settings(city))
        who = _person(opened, email)
        unknown = sorted(set(scope) - set(ACTIONS))
        if unknown:
            raise UsageError(
                Sentence("Portée inconnue : {list}.", list=", ".join(unknown)),
                mend=Sentence("Portées : {list}.", list=", ".join(ACTIONS)),
            )
        scopes: list[Action] = [a for a in ACTIONS if a in scope]
        end = until.replace(tzinfo=UTC) if until else None
        with opened.db.begin() as conn:
            if not demanded.keyed(conn, opened.settings.serve, replace(who, scopes=frozenset(scopes))).scopes:
                raise UsageError(
                    "Le rôle de ce compte demande un second facteur, et il n’en a pas encore : une clé n’ouvrirait rien.",
                    mend="Faites-le d’abord ajouter par la personne : parvis people link, puis la page Sécurité de son compte.",
                )
            drawn = api_keys.make(
                conn, who.id, label=label, scopes=scopes, ends_at=end, actor=SYSTEM, at=opened.now()
            )
        if as_json:
            print_json({"ok": True, "id": drawn.key.id, "key": drawn.text})
        else:
            show(drawn.text)

    @group.declare("revoke", "Met fin à une clé d’API.")
    def revoke(
        key_id: Annotated[
            str, Argument(metavar="CLE", help="Identifiant de la clé : ce qui est entre les deux tirets bas.")
        ],
        city: Folder = HERE,
        as_json: AsJson = False,
    ) -> None:
        opened = open_city(settings(city))
        with opened.db.begin() as conn:
            api_keys.revoke(conn, key_id, actor=SYSTEM, at=opened.now())
        if as_json:
            print_json({"ok": True, "id": key_id})
        else:
            show(f"Clé {key_id} révoquée.")

    @group.declare(
        "unlock",
        "Retire le second facteur et les clés d’accès d’un compte, et oublie les essais manqués : téléphone perdu, porte fermée.",
    )
    def unlock(email: Email, city: Folder = HERE, as_json: AsJson = False) -> None:
        opened = open_city(settings(city))
        who, key = _person(opened, email), invitations.secret_of(opened.settings)
        with opened.db.begin() as conn:
            coded = second_factor.remove(conn, who.id, actor=SYSTEM, at=opened.now())
            keys = passkeys.remove_all(conn, who.id, actor=SYSTEM, at=opened.now())
            programs = api_keys.revoke_all(conn, who.id, actor=SYSTEM, at=opened.now())
            throttle.forget(conn, throttle.account_key(city_secret.derive(key, "throttle"), who.email))
            throttle.forget(conn, throttle.code_key(city_secret.derive(key, "throttle"), who.id))
        if as_json:
            print_json(
                {"ok": True, "id": who.id, "second_factor": coded, "passkeys": keys, "api_keys": programs}
            )
        else:
            show(
                f"Compte {who.id} : {'second facteur retiré' if coded else 'pas de second facteur'}, clés d’accès retirées : {keys}."
                + f"\nClés d’API révoquées : {programs}."
                + f"\nSi son rôle demande un second facteur, donnez-lui un lien : parvis people link {email}."
            )

    @group.declare("suspend", "Ferme un compte et ses sessions.")
    def suspend(email: Email, city: Folder = HERE, as_json: AsJson = False) -> None:
        opened = open_city(settings(city))
        who = _person(opened, email)
        with opened.db.begin() as conn:
            accounts.suspend(conn, who.id, actor=SYSTEM, at=opened.now())
        _done(who, "suspendu", as_json=as_json)

    @group.declare("restore", "Rouvre un compte suspendu.")
    def restore(email: Email, city: Folder = HERE, as_json: AsJson = False) -> None:
        opened = open_city(settings(city))
        who = _person(opened, email)
        with opened.db.begin() as conn:
            accounts.restore(conn, who.id, actor=SYSTEM, at=opened.now())
        _done(who, "rouvert", as_json=as_json)

    @group.declare("erase", "Efface nom, adresse et mot de passe ; l’identifiant opaque reste au journal.")
    def erase(email: Email, city: Folder = HERE, as_json: AsJson = False) -> None:
        opened = open_city(settings(city))
        who = _person(opened, email)
        with opened.db.begin() as conn:
            accounts.erase(conn, who.id, actor=SYSTEM, at=opened.now())
        opened.db.scrub()
        _done(who, "effacé", as_json=as_json)


def _hand(city: City, who: Person, *, mail: bool, as_json: bool) -> None:
    """Mail a link, or show it: to whoever runs the machine."""
    key = invitations.secret_of(city.settings)
    if mail and not invitations.mails(city):
        raise UsageError(
            "La ville n’envoie pas de courriel.",
            mend="Réglez alerts.smtp dans parvis.toml, ou donnez le lien vous-même, sans --mail.",
        )
    if mail:
        invitations.mail(city, key, who, actor=SYSTEM)
    address = "" if mail else invitations.link(city, key, who.id, actor=SYSTEM)
    if as_json:
        print_json({"ok": True, "id": who.id, "mailed": mail, "link": address})
    else:
        show(f"Lien envoyé au compte {who.id}." if mail else address)


def _role(given: str) -> Role:
    known: dict[str, Role] = {r: r for r in ROLES}
    if given not in known:
        raise UsageError(
            Sentence("Rôle inconnu : « {given} ».", given=given),
            mend=Sentence("Rôles : {list}.", list=", ".join(ROLES)),
        )
    return known[given]


def _done(who: Person, what: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"ok": True, "id": who.id})
    else:
        show(f"Compte {who.id} {what}.")


def _roles(person: Person) -> str:
    return ", ".join(
        [*(["ville"] if person.city_admin else []), *(f"{r} de {o}" for o, r in person.roles.items())]
    )


def _person(city: City, email: str) -> Person:
    wanted = accounts.folded(email)
    with city.db.read() as conn:
        known = next((p for p in accounts.everybody(conn) if p.email == wanted), None)
    if known is None:
        raise NotFound(Sentence("Aucun compte à l’adresse {email}.", email=email))
    return known


def _organisation(city: City, identity: str) -> Organisation:
    with city.db.read() as conn:
        known = datasets.organisation(conn, identity)
        others = [o.id for o in datasets.organisations(conn)]
    if known is None:
        raise NotFound(
            Sentence("Organisation inconnue : « {organisation} ».", organisation=identity),
            mend=Sentence("Organisations : {list}.", list=", ".join(others)) if others else "",
        )
    return known
