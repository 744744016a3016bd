"""Grants, contracts and decisions: rows under national names, added up, and what is wrong in them."""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import cast

from parvis.core.sentence import mark
from parvis.core.text import fold
from parvis.methods.money.amounts import cents, explanation
from parvis.methods.money.faults import Fault, luhn_right
from parvis.methods.money.national import CONTRACTS, DECISIONS, GRANTS, Row, day, national, parts, worded

PERSON = mark("personne physique")
"""What stands instead of the name of a natural person."""
SYMBOLIC = 100
"""Cents: contracts of one euro or less stand for « not known »."""
LATEST = timedelta(days=62)
"""Two months at most (code de la commande publique, art. R. 2196-1)."""

_TITLE = re.compile(
    r"^(?:m|mr|mme|mlle|monsieur|madame|mademoiselle|me|dr|docteur|indivision|consorts|epoux|succession)\b[. ]"
)
_LEGAL = re.compile(
    r"\b(?:association|asso|club|comite|union|amicale|federation|societe|sarl|sas|sasu|eurl|sa|sci|scop|scic|fondation|cooperative|compagnie|earl|gaec|scea|snc|selarl|gie|spl|sem|cie|ecole|college|lycee|"
    r"universite|commune|ville|mairie|departement|region|metropole|syndicat|centre|maison|foyer|hopital|ccas|mjc|ligue|cercle|les|amis|chorale|orchestre|theatre|"
    r"collectif|groupe|office|regie|mission|agence|institut|entreprise|ets|etablissements|sports|sportive|festival|cine|jardins?|banque|secours|croix|caisse)\b"
)
_PERSON_CODES = {
    "p3",
    mark("personne physique"),
    "personnes physiques",
    "particulier",
    "particuliers",
    "1000",
    "entrepreneur individuel",
}


@dataclass(frozen=True, slots=True)
class Grant:
    """One grant; amount in cents, None when it can't be read. name: masked for natural persons, whose
    `person` is set.
    """

    row: int
    day: date | None
    name: str
    siret: str
    rna: str
    purpose: str
    amount: int | None
    kind: str
    person: bool
    decision: str


@dataclass(frozen=True, slots=True)
class Contract:
    """One contract, whatever the number of its holders. amount: cents without tax, after its last amendment;
    holders: (id, name), natural persons masked.
    """

    rows: tuple[int, ...]
    id: str
    buyer: str
    object: str
    cpv: str
    procedure: str
    months: int | None
    notified: date | None
    published: date | None
    first_amount: int | None
    amount: int | None
    holders: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of the council."""

    row: int
    id: str
    day: date | None
    matter: str
    object: str
    received: date | None
    voters: int | None
    for_: int | None
    against: int | None
    abstained: int | None
    url: str


def person(name: str, *, siret: str, rna: str, category: str, first_names: Set[str]) -> bool:
    """Whether a beneficiary is a natural person, or may be: said by its category, by a title, or by a first name where nothing says a body.

    first_names: folded. A sole trader has a SIRET as a company has: without a category, a SIRET speaks for a body unless the name has a title.
    >>> [person(n, siret="", rna="", category="", first_names={"paul"}) for n in ("Mme Durand", "Les amis de Paul", "Paul Durand")]
    [True, False, True]
    >>> person("Marie-Paule Martin", siret="", rna="", category="", first_names={"marie"})
    True
    """
    if fold(category).strip() in _PERSON_CODES:
        return True
    words = fold(name).strip()
    if _TITLE.match(words):
        return True
    if siret or rna or category:
        return False
    tokens = re.findall(r"[a-z'-]+", words)
    return (
        2 <= len(tokens) <= 4
        and not _LEGAL.search(words)
        and any(part in first_names for token in tokens for part in (token, *token.split("-")))
    )


def grants(
    rows: Iterable[Row], *, first_names: Set[str] = frozenset(), now: date | None = None
) -> tuple[list[Grant], list[Fault], int | None]:
    """The grants of a file, its faults, and its own stated total in cents, None when it has none."""
    renamed = national(rows, GRANTS)
    faults: list[Fault] = []
    grant_list: list[Grant] = []
    first: dict[tuple[object, ...], int] = {}
    for record, row in renamed.rows:
        amount = _amount(record, row, "montant", faults)
        if amount is None and not any(f.row == record for f in faults):
            faults.append(Fault("amount-missing", record, "montant"))
        if amount is not None and amount < 0:
            faults.append(Fault("amount-negative", record, "montant", str(amount)))
        when = _day(record, row, "dateConvention", faults)
        if when and now and when > now:
            faults.append(Fault("date-future", record, "dateConvention", when.isoformat(), now.isoformat()))
        siret, rna, name = (
            worded(row, "idBeneficiaire"),
            worded(row, "rnaBeneficiaire"),
            worded(row, "nomBeneficiaire"),
        )
        if siret and not luhn_right(siret):
            faults.append(Fault("siret-key", record, "idBeneficiaire", siret))
        giver = worded(row, "idAttribuant")
        if giver and not luhn_right(giver):
            faults.append(Fault("siret-key", record, "idAttribuant", giver))
        is_person = person(
            name, siret=siret, rna=rna, category=worded(row, "categorieBeneficiaire"), first_names=first_names
        )
        if is_person:
            faults.append(Fault("person-named", record, "nomBeneficiaire", PERSON))
        elif not siret and not rna and amount is not None and amount > 2_300_000:
            faults.append(Fault("beneficiary-unidentified", record, "idBeneficiaire", name))
        key = (fold(name), siret, when, amount, fold(worded(row, "objet")))
        if key in first and name:
            faults.append(Fault("line-twice", record, "", str(first[key])))
        first.setdefault(key, record)
        grant = Grant(
            row=record,
            day=when,
            name=name,
            siret=siret,
            rna=rna,
            purpose=worded(row, "objet"),
            amount=amount,
            kind=worded(row, "nature"),
            person=is_person,
            decision=worded(row, "referenceDecision"),
        )
        grant_list.append(replace(grant, name=PERSON, siret="", purpose="") if is_person else grant)
    stated = _stated(
        renamed.totals, "montant", [(g.row, g.amount) for g in grant_list if g.amount is not None], faults
    )
    return grant_list, _sorted(faults), stated


def _stated(
    totals: Sequence[tuple[int, Row]], name: str, amounts: list[tuple[int, int]], faults: list[Fault]
) -> int | None:
    """The grand total that a file states, checked. Subtotals are those of lines since the one before."""
    grand: int | None = None
    since = 0
    ordered = list(totals)
    for place, (record, row) in enumerate(ordered):
        amount = _amount(record, row, name, faults)
        if amount is None:
            continue
        words = worded(row, "")
        last = place == len(ordered) - 1
        sub = words.startswith("sous") or (not last and not words.startswith(("total general", "grand")))
        inside = (
            [(r, a) for r, a in amounts if since < r < record]
            if sub
            else [(r, a) for r, a in amounts if r < record]
        )
        computed = sum(a for _, a in inside)
        if computed != amount:
            reason, at = explanation(amount - computed, inside)
            faults.append(Fault("total-wrong", record, name, str(amount), f"{computed}|{reason}|{at}"))
        since = record
        if not sub:
            grand = amount
    return grand


def _amount(record: int, row: Row, name: str, faults: list[Fault]) -> int | None:
    try:
        return cents(row.get(name))
    except ValueError as error:
        faults.append(Fault("amount-unreadable", record, name, str(error)))
        return None


def _day(record: int, row: Row, name: str, faults: list[Fault]) -> date | None:
    try:
        return day(row.get(name))
    except ValueError as error:
        faults.append(Fault("date-impossible", record, name, worded(row, name) or str(error)))
        return None


def _number(row: Row, name: str) -> int | None:
    written = worded(row, name)
    try:
        number = float(written.replace(",", ".")) if written else math.nan
    except ValueError:
        return None
    return int(number) if math.isfinite(number) else None


def contracts(
    rows: Iterable[Row], *, first_names: Set[str] = frozenset()
) -> tuple[list[Contract], list[Fault], int | None]:
    """Contracts, one each whatever rows and holders they have: the amount counts once, after the last
    amendment. Faults and stated total as in `grants`.
    """
    renamed = national((_laid(row) for row in rows), CONTRACTS)
    faults: list[Fault] = []
    groups: dict[tuple[str, str], list[tuple[int, Mapping[str, object]]]] = defaultdict(list)
    for record, row in renamed.rows:
        groups[worded(row, "acheteur.id"), worded(row, "id") or f"#{record}"].append((record, row))
    contract_list: list[Contract] = []
    for (buyer, identifier), some in groups.items():
        contract_list.append(
            _contract(buyer, "" if identifier.startswith("#") else identifier, some, faults, first_names)
        )
    stated = _stated(
        renamed.totals,
        "montant",
        [(c.rows[0], c.amount) for c in contract_list if c.amount is not None],
        faults,
    )
    return contract_list, _sorted(faults), stated


def _laid(row: Row) -> Row:
    """A row whose nested parts, where a reader left them as JSON, are objects again; modifications last."""
    laid = dict(row)
    for key in (
        "titulaires",
        "titulaires.titulaire",
        "concessionnaires",
        "modifications",
        "modifications.modification",
    ):
        if key in laid:
            laid[key] = _opened(laid[key])
    holders: list[Mapping[str, object]] = []
    for key in ("titulaires", "titulaires.titulaire", "concessionnaires"):
        holders += parts(laid.get(key))
    if holders:
        laid["titulaire.id"] = "|".join(str(h.get("id") or "") for h in holders)
        laid["titulaire.nom"] = "|".join(str(h.get("denominationSociale") or "") for h in holders)
    amendments: list[Mapping[str, object]] = []
    for key in ("modifications", "modifications.modification"):
        amendments += parts(laid.get(key))
    amounts = [(_amended(a), a["montant"]) for a in amendments if a.get("montant") is not None]
    if amounts:
        laid["montant_modifie"] = max(amounts, key=lambda a: a[0])[1]
    return laid


def _opened(value: object) -> object:
    """A nested value whose text is JSON, read; any other as it is."""
    if isinstance(value, list):
        return [_opened(v) for v in cast(list[object], value)]
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return cast(object, json.loads(value))
        except ValueError:
            return value
    return value


def _amended(amendment: Mapping[str, object]) -> str:
    """The day of an amendment, under the names of 2019 and of 2022."""
    names = (
        "dateNotificationModification",
        "dateNotification",
        "dateSignatureModification",
        "datePublicationDonneesModification",
    )
    return next((str(amendment[n]) for n in names if amendment.get(n)), "")


def _stages(some: Sequence[tuple[int, Row]]) -> tuple[tuple[int, Row] | None, Sequence[tuple[int, Row]]]:
    """The first row before any amendment, None when there is one stage only, and the rows of the last stage:
    in national files each amendment has its own.
    """
    stages = [_number(row, "modification_id") or 0 for _, row in some]
    if len(set(stages)) < 2:
        return None, some
    return some[stages.index(min(stages))], [
        one for one, stage in zip(some, stages, strict=True) if stage == max(stages)
    ]


def _contract(
    buyer: str, identifier: str, some: Sequence[tuple[int, Row]], faults: list[Fault], first_names: Set[str]
) -> Contract:
    everything, before, some = some, *_stages(some)
    record, row = some[0]
    amount = _amount(record, row, "montant", faults)
    first = amount if before is None else _amount(*before, "montant", faults)
    if row.get("montant_modifie") is not None:
        amount = _amount(record, row, "montant_modifie", faults)
    if first is None and not any(f.row == record for f in faults):
        faults.append(Fault("amount-missing", record, "montant"))
    if first is not None and first < 0:
        faults.append(Fault("amount-negative", record, "montant", str(first)))
    elif first is not None and first <= SYMBOLIC:
        faults.append(Fault("amount-symbolic", record, "montant", str(first)))
    expected = amount if row.get("montant_modifie") is None else first
    holders: dict[tuple[str, str], None] = {}
    for other, values in some:
        if (
            other != record
            and (again := _amount(other, values, "montant", faults)) is not None
            and again != expected
        ):
            faults.append(Fault("contract-differs", other, "montant", str(again), str(expected)))
        ids, names = (worded(values, n).split("|") for n in ("titulaire.id", "titulaire.nom"))
        for i in range(max(len(ids), len(names))):
            siret, name = (ids[i] if i < len(ids) else ""), (names[i] if i < len(names) else "")
            if len(siret) == 14 and siret.isdecimal() and not luhn_right(siret):
                faults.append(Fault("siret-key", other, "titulaire.id", siret))
            if name and person(name, siret=siret, rna="", category="", first_names=first_names):
                faults.append(Fault("person-named", other, "titulaire.nom", PERSON))
                siret, name = "", PERSON
            if (siret or name) and (siret, name) in holders and other != record:
                faults.append(Fault("line-twice", other, "", str(record)))
            if siret or name:
                holders[siret, name] = None
    if buyer and not luhn_right(buyer):
        faults.append(Fault("siret-key", record, "acheteur.id", buyer))
    notified, published = (
        _day(record, row, "dateNotification", faults),
        _day(record, row, "datePublicationDonnees", faults),
    )
    if notified and published:
        if published < notified:
            faults.append(
                Fault(
                    "published-before",
                    record,
                    "datePublicationDonnees",
                    published.isoformat(),
                    notified.isoformat(),
                )
            )
        elif published - notified > LATEST:
            faults.append(
                Fault(
                    "published-late",
                    record,
                    "datePublicationDonnees",
                    published.isoformat(),
                    (notified + LATEST).isoformat(),
                )
            )
    months = _number(row, "dureeMois")
    if months is not None and not 1 <= months <= 600:
        faults.append(Fault("duration-odd", record, "dureeMois", str(months)))
    cpv = worded(row, "codeCPV")
    if cpv and not re.fullmatch(r"\d{8}(?:-\d)?", cpv):
        faults.append(Fault("cpv-wrong", record, "codeCPV", cpv))
    return Contract(
        tuple(r for r, _ in everything),
        identifier,
        buyer,
        worded(row, "objet"),
        cpv,
        worded(row, "procedure"),
        months,
        notified,
        published,
        first,
        amount,
        tuple(holders),
    )


def decisions(rows: Iterable[Row]) -> tuple[list[Decision], list[Fault]]:
    """The decisions of a council and their faults."""
    faults: list[Fault] = []
    decision_list: list[Decision] = []
    first: dict[str, int] = {}
    for record, row in national(rows, DECISIONS).rows:
        when, received = _day(record, row, "DELIB_DATE", faults), _day(record, row, "PREF_DATE", faults)
        counts = {
            n: _number(row, n)
            for n in ("VOTE_EFFECTIF", "VOTE_REEL", "VOTE_POUR", "VOTE_CONTRE", "VOTE_ABSTENTION")
        }
        real, members = counts["VOTE_REEL"], counts["VOTE_EFFECTIF"]
        for_, against, abstained = (counts[n] for n in ("VOTE_POUR", "VOTE_CONTRE", "VOTE_ABSTENTION"))
        known = [v for v in (for_, against, abstained) if v is not None]
        if real is not None and len(known) == 3 and sum(known) != real:
            faults.append(Fault("votes-wrong", record, "VOTE_REEL", str(real), str(sum(known))))
        if real is not None and members is not None and real > members:
            faults.append(Fault("more-votes-than-members", record, "VOTE_REEL", str(real), str(members)))
        if when and received and received < when:
            faults.append(
                Fault("published-before", record, "PREF_DATE", received.isoformat(), when.isoformat())
            )
        siret = worded(row, "COLL_SIRET")
        if siret and not luhn_right(siret):
            faults.append(Fault("siret-key", record, "COLL_SIRET", siret))
        identifier = worded(row, "DELIB_ID")
        if identifier and identifier in first:
            faults.append(Fault("line-twice", record, "DELIB_ID", str(first[identifier])))
        first.setdefault(identifier, record)
        decision_list.append(
            Decision(
                record,
                identifier,
                when,
                worded(row, "DELIB_MATIERE_NOM"),
                worded(row, "DELIB_OBJET"),
                received,
                real,
                for_,
                against,
                abstained,
                worded(row, "DELIB_URL"),
            )
        )
    return decision_list, _sorted(faults)


def _sorted(faults: Iterable[Fault]) -> list[Fault]:
    return sorted(faults, key=lambda f: (f.row, f.code, f.column))
