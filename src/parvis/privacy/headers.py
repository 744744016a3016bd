"""What the header says before any value is read: people, bodies, elected people, directories, births, counts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from parvis.core.text import fold
from parvis.core.types import Schema
from parvis.privacy import cut_words

_BODIES = re.compile(
    r"raison soc|\borgani[sz]ations?\b|\borgani[sz]ation ?name|\bcompany|\btiers\b|\bfournisseur|\bplace ?name|\bsite ?name|\beqpt"
    r"|\bnom asso|\blib(?:elle)? ?(?:lieu|site"
    r"|tiers|eqpt|equip)|\bnom bat|\buai\b|finess|\bcollectif|\bstructures?\b|\battributaire"
    r"|\becoles?\b|\bcolleges?\b|\blycees?\b|\bcreches?\b|\bentreprise|\betablissement|\bequipement|\bassociation|\boperateur|\bdenomination"
    r"|\benseigne|\bstructure\b|\borganisme|\bservice\b|\bmairie\b|\bstation\b|\bnom (?:de la |de l )?(?:salle|structure|societe|ecole|musee|site|lieu"
    r"|commerce)"
    r"|\btel\w* (?:de l |d )?accueil\b|\bacces(?:sib\w*)? pmr\b|\bcapacite d accueil"
    r"|\bsociete\b|\bcommerce|\bsiren\b|\bsiret\b|\brna\b|\bacheteur|\bcommune\b.*\bcontact|\blieu\b|\bsite\b|\bexploitant|\bamenageur|\bdae\b|\bnom etab"
)
_ELECTED = re.compile(
    r"\belue?s?\b|\bmaires?\b|\badjointe?s?\b(?! (?:technique|administratif|d animation|du patrimoine|de direction))|\bdepute|\bsenat(?:eur|rice)"
    r"|\brapporteu(?:r|se)s?\b"
    r"|\bconseill(?:er|ere)s? (?:munic|comm|depart|region|metrop|d arr|deleg)"
)
"""Headers of those who hold an elected office."""
_ELECTED_ROWS = re.compile(
    r"\b(?:noms?|prenoms?|patronyme|sexe|civilite|naissance|nais|profession|identite|categorie|delegation|fonction|mandat)\b.*\belue?s?\b"
    r"|^(?:les )?elue?s?$|\belue?s? munic"
    r"|\belue?s? (?:nom|prenom)|\bmandat\b(?!.*(?:paiement|sepa|prelev|recette|depense|titre|bordereau|montant))"
)
"""Headers that say so of every row."""
_CREATOR = re.compile(
    r"\bartistes?\b|\bartists?\b|\bsculpt(?:eur|rice)|\bpeintres?\b|\bcomposit(?:eur|rice)|\bplasticien|\bgraveu(?:r|se)|\bchanteu(?:r|se)|\bmusicien"
    r"|\bcineaste|\bmetteu(?:r|se)s? en scene"
    r"|\bchoregraphe|\billustrat(?:eur|rice)|\bdramaturge|\becrivain|\bparolier|\brealisat(?:eur|rice)|\bscenariste|\bcomedien|\bromanci|\bpoetes?\b|\bdj\b"
)
"""Who makes works, by trade."""
_AUTHOR = re.compile(
    r"\bauteu?rs?\b|\bautrices?\b|\bauthors?\b|\btraduct(?:eur|rice)|\bediteurs?\b|\brealisation|\bcreat(?:eur|rice)s?\b"
    r"|\binterpretes?\b|\bdistribution\b"
    r"|\bconferencier|\bmise en scene|\bscenario|\bdessins?\b|\bdessinat(?:eur|rice)s?\b|\bphotographes?\b|\bdirection musicale|^(?:de|par|avec)$"
    r"|\blaureate?s?\b|^(?:lu|dit|joue|raconte|ecrit|traduit|realise|compose|interprete|chante|illustre|filme|mis en scene|mise en voix) par$"
)
"""Who makes works, where works are listed."""
_WORK = re.compile(
    r"\bean\b|\bisbn|\bissn|\boeuvres?\b|\blivres?\b|\bfilms?\b|\balbums?\b|\bspectacles?\b|\bediteur|\bedition\b|\bromans?\b|\bconcerts?\b|\bexpositions?\b"
    r"|\bmonuments?\b|\bstatues?\b|\bcliches?\b|\bphoto(?:graphie)?s?\b|\btirages?\b"
    r"|\bsculptures?\b|\bfresques?\b|\bpieces? de theatre|\bchansons?\b|\bmorceaux?\b|\bpartitions?\b|\bbooks?\b|\bmovies?\b"
)
_BUILDER = re.compile(r"\barchitectes?\b|\bmaitres? d oeuvre\b|\bpaysagistes?\b")
_BUILT = re.compile(
    r"\bedifices?\b|\bbatiments?\b|\bouvrages?\b|\bpatrimoine|\bconstruction\b|\bsiecles?\b|\bmerimee\b|\bprotection mh\b"
)
"""Who built, and what."""
_TITLE = re.compile(r"^(?:titres?|title)\b(?! (?:de|d|foncier|recette))")
_SHELVED = re.compile(
    r"\bcotes?\b|\brayons?\b|\bcollection\b|\blangue\b|\bgenre\b|\bpages\b|\bsupport\b|\bformat\b|\bdisponib|\bedit|\bpublic vise"
    r"|\bversion\b|\btechniques?\b|\binventaire\b|\bpret(?:s|ee?s?)?\b|\bemprunt|^ed$|\bduree\b|^min(?:utes)?$"
)
_DIRECTORY = re.compile(
    r"\bannuaire|\borganigramme|\bpromotion d?|\btableau d avancement|\brpps\b|\bliste d aptitude"
)
_OUTSIDE = re.compile(
    r"\bassociation|\basso\b|\bclubs?\b|\bparticulier|\bhabitant|\bbeneficiaire|\badherent|\badministre|\beleve|\benfant|\busager|\bparent|\bbenevole"
    r"|\bentreprise|\bcommerc|\bsociete\b"
    r"|\braison soc|\bfournisseur|\bexploitant|\bloueur|\blocataire|\bproprietaire|\babonne"
)
"""Who is no public servant: the law lets the directories of administrations out, not theirs."""
_BIRTH = re.compile(
    r"\b(?:dt|dat|date|d)?_?nais|naissance\b|\bne ?\(?e?\)?(?: ou nee?)? (?:le|en|a)\b|\bnee (?:ou ne )?(?:le|en|a)\b|^ne\(?e?\)?$"
    r"|\bddn\b|\bdob\b|\byob\b|birth|\bdate nee?\b|^(?:a |ses )?[0-9]{1,3} ans (?:le|en)\b|\banniversaire (?:le|du|de l)\b"
)
_DEATH = re.compile(
    r"\bmorte?s?\b|\bdeces\b|\bdecedee?\b|\bdeath|\bdied\b|\btuee? (?:le|en|a)\b|\bdisparue? (?:le|en)\b"
)
_KIN = re.compile(
    r"\bpere\b|\bmere\b|\bparents?\b|\bconjointe?\b|\bepou(?:x|se)\b|\bmari\b|\bfemme\b|\benfants?\b|\bfils\b|\bfille\b|\bveu(?:f|ve)"
)
"""Whose birth or death is that of another than whom the row is of."""
_LONG_AGO = re.compile(
    r"\bdefunte?s?\b|\bmorte?s?\b|\bcombattante?s?\b|\bmilitaires?\b|\bfusillee?s?\b|\bdeportee?s?\b"
    r"|\bpersonnages?\b|\bauteure?s?\b|\bautrices?\b"
)
"""Parts that the dead have in what tells of them."""
_EVENT = re.compile(
    r"\bacte\b|\bcreation|\bmaj\b|\bmise a jour|\bdepot|\bsignature|\bdebut|\bfin\b|\bvote|\bmandat|\binscription|\bentree|\bsortie|\bpaiement|\bembauche"
    r"|\bcloture|\bsaisie"
    r"|\bdemande|\bplantation|\bpose\b|\bouverture|\bcontrole|\bnotification|\bdecision|\bpublication|\bconstruction"
)
_TRAITS = re.compile(
    r"\bcivilite\b|\bgir\b|\bpatient|\btaille (?:t ?shirt|vetement|pantalon)|\bquotient\b|\bsexe?\b|\bgender\b|(?<!min )(?<!max )"
    r"(?<!begin )(?<!end )(?<!start )(?<!mean )(?<!average )(?<!median )\bage\b(?! (?:min|max|debut|fin|limite|requis|moyen|median))|\bnir\b|\bprenoms?\b"
    r"|\bsituation (?:familiale|matrimoniale)|\bnumero secu\b|\bmatricule\b|\bmatr\b|\bnationalite\b"
    r"|\bquotient familial\b"
    r"|\bprofession\b"
)
_PERSONS = re.compile(
    r"\bagents?\b|\busagers?\b|\bhabitant|\bpatients?\b|\beleves?\b|\benfants?\b|\bsalaries?\b|\blocataires?\b|\bdemandeurs?\b|\ballocataires?\b"
    r"|\badherents?\b"
    r"|\bmenages?\b(?! (?:bureaux|locaux|vitres))|\bcomposition (?:familiale|du foyer|du menage)|\badministres?\b|\bcontribuables?\b|\belecteurs?\b"
    r"|\bpersonnes?\b|\bindividus?\b|\bfoyers?\b|\bpere\b|\bmere\b|\btuteur|\bproprietaires?\b"
    r"|\babonnes?\b"
    r"|\blecteurs?\b"
)
_OF_ONE = re.compile(
    r"\b(?:du|de la|de l) (?:\w+ )?(?:agente?|usager|habitante?|patiente?|eleve|enfant|salariee?|locataire|demandeur|demandeuse|allocataire"
    r"|adherente?|electeur|personne|foyer|menage|pere|mere|tuteur|proprietaire|abonnee?|beneficiaire|occupante?|victime)\b"
)
"""What is one person's, by its preposition: a number of « enfants » counts them, a level « du bénéficiaire »
is somebody's.
"""
_PLACE = re.compile(
    r"\bstop\b|\bbureaux?\b|\bstop ?name|\broad|\bstreet ?name|\bplace ?name|\bsite ?name|\bdesignation|\bintitule|\blib(?:elle)? ?(?:lieu|site|voie"
    r"|eqpt|equip)|\beqpt|\bnom ?bat|\bcompteur|\bessence"
    r"|\bvoies?\b|\brues?\b|\bcommunes?\b|\bvilles?\b|\bquartiers?\b|\becoles?\b|\bequipements?\b|\bsalles?\b|\blieux?\b|\barrets?\b|\bstations?\b"
    r"|\bessences?\b"
    r"|\bespeces?\b|\bsites?\b|\bcollege|\blycee|\bgymnase|\bmusee|\bparc\b|\bplace\b|\bhameau|\bmois\b|\bcultivar|\bobtenteur|\bvariete|\bstatut|\btype\b|\bcategorie|\bbatiment"
    r"|\btoponyme"
    r"|\bodonyme|\bdenomination|\bmonument|\boeuvre|\bsquare|\bstade|\bnom (?:arret|voie|rue|commune|ecole|site|lieu|equipement)"
)
_COUNT = re.compile(
    r"^(?:nb|nbre|nombre|n(?! (?:d |de )?[a-z])|total|effectifs?|taux(?! d (?:incapacite|invalidite))|part|pct|pourcentage|somme"
    r"|montant|moyenne|indice)\b|\bnombre d|\btaux d(?! (?:incapacite|invalidite))|\bnb\b|\beffectif"
)


_BEINGS = (
    r"naissances|deces|mariages|pacs|divorces|habitants|menages|foyers|familles|beneficiaires|allocataires|demandeurs|demandeuses|usagers|visiteurs|entrees"
    r"|participants|adherents|licencies|eleves|etudiants|agents|salaries|patients|malades|victimes|blesses|tues|hospitalises|femmes|hommes|filles|garcons"
    r"|candidats|candidatures|adultes|seniors|enfants|personnes|individus|population|places|lits|berceaux|emplois|emprunteurs|lecteurs|inscrits|votants|faits|cas"
)
_COUNTED = re.compile(
    rf"^(?:nombre|nb|nbre|effectifs?)$|^(?:(?:dont|nb|nbre|nombre|effectifs?|total) )*(?:(?:de|d|des|les|en) )*(?:{_BEINGS})\b"
    r"|^(?:nombre|nb|nbre|effectif) (?:(?:de|d|des|total|total de) )?(?!jours?\b|heures?\b|mois\b|ans\b|annees\b|semaines\b|minutes\b|parts\b|repas\b|seances\b"
    r"|visites\b|consultations\b|pieces\b|personnes? (?:a charge|au foyer))\w+s\b"
)
"""What counts people or facts, many at once: the bare word, or the plural of who or what is counted; no span
of time, nothing that one person has many of.
"""
_VOTES = re.compile(
    r"\bvoix\b|\bsuffrages?\b|\bvotes? (?:obtenus?|exprimes?)\b|\bscore\b.*\b(?:liste|candidat)"
)
_CANDIDATE = re.compile(r"\bcandidate?s?\b|\btetes? de liste\b|\bcolistiers?\b|\bliste\b|\bbinome\b")
_METERED = re.compile(r"\bcompteurs?\b|\bindex\b|\bm3\b|\bkwh\b|\bconso|\breleves?\b")
_SUBJECT = re.compile(
    r"\bcultivars?\b|\bobtenteurs?\b|\bessences?\b|\bespeces?\b|\bvarietes?\b|\barbres?\b|\bplantes?\b|\brace\b|\banima(?:l|ux)\b|\bchiens?\b|\bplats?\b|\bmenus?\b|\bproduits?\b"
    r"|\barticles?\b|\bfilms?\b|\btitres?\b(?! (?:de sejour|de transport))|\boeuvres?\b|\blivres?\b|\bspectacles?\b|\bequipements?\b|\bbatiments?\b"
    r"|\bvehicules?\b|\bmateriels?\b|\bcapteurs?\b|\bparametres?\b|\bmonuments?\b|\bmarches?\b|\bdeliberations?\b|\bformations?\b|\bstages?\b|\bactions?\b"
    r"|\bateliers?\b|\bindicateurs?\b|\bchapitres?\b|\bcomptes? (?:comptable|par nature)?$|\bfonctions? (?:comptable|m57)|\bimputation|\bdispositifs?\b"
    r"|\bthem(?:e|atique)s?\b|\b(?:ttc|ht|tva)\b|\bbordereaux?\b|\blots?\b|\bmots? cles?\b|\bspecialites?\b"
)
"""What a row is one of when it is no person: a species, a dish, a work, a building, an account of the budget.
"""
_FIRM = re.compile(
    r"\bassociation|\bentreprise|\bsociete\b|\bfournisseur|\braison soc|\btiers\b|\borganisme|\betablissement|\bstructures?\b|\battributaire|\bfiness\b|\buai\b"
)
"""Bodies whose rows are theirs, not those of people who come to them."""


_NOTES = re.compile(
    r"\bremarques?\b|\bremarks?\b|\bobs(?:ervations?)?\b|\bcomment|\bnotes?\b|\bvisa\b|\bavis\b"
)
_POINT = re.compile(
    r"^(?:coord(?:onnees?)? )?(?:lat|lon|lng)|\b[xy] ?(?:wgs|gps|l93|lambert|rgf)|\blatitude|\blongitude"
)
_VEHICLE = re.compile(
    r"\bmarque\b|\bmodele\b|\bkilometrage|\bkm\b|\benerg(?:ie)?\b|\bparc auto|\bflotte|\bmise en circ|\bcarb\b|\bcarburant|\bcarrosserie|\bptac\b"
)
_HELD_BY = re.compile(
    r"\bservice|\bserv\b|\bsce\b|\bdirection\b|\bdir\b|\baffect\b|\bpole\b|\baffectation|\bunite\b|\bdepartment|\bteam\b|\bdirec\b|\bateliers?\b"
)
_PARTS = {
    "day": re.compile(
        r"^(?:jour|jj|day|j)\b(?!s)|\bnais j\b|\bjour (?:de )?nais|\bbirth ?day|\bday of birth"
    ),
    "month": re.compile(
        r"^(?:mois|mm|month|m)\b|\bnais m\b|\bmois (?:de )?nais|\bbirth ?month|\bmonth of birth"
    ),
    "year": re.compile(
        r"^(?:annee|an|aaaa|year|yyyy|a)\b|\bnais a\b|\b(?:annee|an) (?:de )?nais|\bbirth ?year|\byear of birth"
    ),
}
_IN_STREET = re.compile(
    r"^(?:num|numero|no|n)$|\b(?:num|numero|no|n) (?:de |dans la )?(?:voie|rue)\b|\bhouse ?number"
)
_UNTOLD = re.compile(r"^(?:[a-z]|(?:c|v|x|col(?:onne)?|champ|field|column|var|unnamed) ?\d*)$")
_KEYS = (
    "prenom", "prenoms", "patronyme", "naissance", "adresse", "domicile", "telephone", "portable", "courriel", "beneficiaire", "demandeur",
    "responsable", "titulaire", "usager", "salarie", "agent", "proprietaire", "locataire", "securite", "sociale", "immatriculation", "immat",
    "plaque", "passeport", "identite", "declarant", "interesse", "surname", "firstname", "lastname", "birthdate", "birthday", "passport", "address",
    "forename", "bancaire", "handicap", "allergie", "medical", "numero", "contact", "association", "structure", "entreprise", "organisme", "societe",
    "etablissement", "denomination",
)  # fmt: skip
"""Words of headers that are known with two letters in each other's place as well."""


def _swapped(word: str) -> list[str]:
    return [
        word[:i] + word[i + 1] + word[i] + word[i + 2 :]
        for i in range(len(word) - 1)
        if word[i] != word[i + 1]
    ]


_MENDED = {wrong: word for word in _KEYS for wrong in _swapped(word) if wrong not in _KEYS}


@lru_cache(maxsize=4096)
def spoken(name: str) -> str:
    """A header as words: folded, underscores and punctuation made spaces, camelCase cut, two letters in each other's place put right.

    >>> spoken("dt_naiss"), spoken("numTel"), spoken("PRNEOM")
    ('dt naiss', 'num tel', 'prenom')
    """
    plain = _parted(name)
    return _words(cut_words.whole(plain))


@lru_cache(maxsize=4096)
def spoken_of_names(name: str) -> str:
    """The same of a column whose values are names: what a full stop cuts short is read as the likeliest part of somebody.

    >>> spoken("Loc."), spoken_of_names("Loc.")
    ('loc', 'locataire')
    """
    plain = _parted(name)
    return _words(cut_words.likeliest(plain))


def _parted(name: str) -> str:
    return fold(re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", name))


def _words(plain: str) -> str:
    words = re.sub(r"[^a-z0-9()]+", " ", plain).split()
    return " ".join(_MENDED.get(w, w) for w in words)


def about_bodies(schema: Schema) -> bool:
    """Whether the rows are organisations or places: what they give as a contact is published on purpose."""
    return any(c.meaning in ("siret", "siren") or names_body(c.name) for c in schema.columns)


def names_body(name: str) -> bool:
    return _BODIES.search(spoken(name)) is not None


def says_elected(name: str) -> bool:
    """Whether a column is called after an elected office: « Maire », « élu référent »."""
    return _ELECTED.search(spoken(name)) is not None


def says_elected_rows(name: str) -> bool:
    """Whether a header says of every row that it is somebody elected: « nom de l’élu », « mandat »."""
    return _ELECTED_ROWS.search(spoken(name)) is not None


def delegates(schema: Schema, values: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """The columns that name whom a council sends to sit elsewhere, where the table tells the seat (« titulaire
    », « suppléant ») and the deliberation that gave it: an office of elected people.
    """
    seated = any(
        v and all(_SEAT.fullmatch(fold(x).strip()) for x in v)
        for v in (values.get(c.name) for c in schema.columns)
    )
    voted = any(
        _VOTED.search(spoken(c.name)) or any(_VOTED.search(fold(v)) for v in values.get(c.name, ())[:3])
        for c in schema.columns
    )
    sent = [c.name for c in schema.columns if _SENT.search(spoken(c.name))]
    return frozenset(sent) if seated and voted else frozenset()


_SEAT = re.compile(
    r"titulaires?|suppleante?s?|(?:vice[- ]?)?presidente?|membre(?: du bureau)?|secretaire|assesseure?"
)
_VOTED = re.compile(r"\bdelib(?:s|\.|eration)?\b|\bdcm\b|\bconseil (?:municipal|communautaire|metropolitain)")
_SENT = re.compile(
    r"\bdelegue?e?s?\b(?! (?:du personnel|syndica|de classe|de parents))"
    r"|\brepresentante?s?\b(?! (?:du personnel|des? (?:parents|salaries|agents|usagers|locataires)|legal))"
)


MANDATES = 60
"""Distinct values of a column that are read as elected offices."""


def says_directory(name: str) -> bool:
    """Whether a file or a column is called a directory, an organisation chart or a promotion list: published
    by law (CRPA, D312-1-3).
    """
    return _DIRECTORY.search(spoken(name)) is not None


def about_outsiders(schema: Schema) -> bool:
    """Whether some column speaks of people or bodies outside the administration: a directory of theirs is no
    directory of public servants.
    """
    return any(_OUTSIDE.search(spoken(c.name)) for c in schema.columns)


def creators(schema: Schema, values: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """The columns that name who made a work, where the rows are works: books, films, concerts, statues. Their
    names are part of what was published.

    values: distinct ones, by column of text: a museum says of what a work is made, whatever its headers.
    """
    headers = {c.name: spoken_of_names(c.name) for c in schema.columns}
    works = (
        any(_WORK.search(h) for h in headers.values())
        or (
            any(_TITLE.search(h) for h in headers.values())
            and (
                any(_SHELVED.search(h) for h in headers.values())
                or any(_mostly(_MATERIAL, values.get(n, ())[:MANDATES]) for n in headers)
            )
        )
        or any(_made_as_works(values.get(n, ())[:MANDATES]) for n in headers)
    )
    built = works or any(_BUILT.search(h) for h in headers.values())
    return frozenset(
        n
        for n, h in headers.items()
        if _CREATOR.search(h) or (works and _AUTHOR.search(h)) or (built and _BUILDER.search(h))
    )


def says_work(name: str) -> bool:
    """Whether a column is called after works, or their titles."""
    header = spoken(name)
    return _WORK.search(header) is not None or _TITLE.search(header) is not None


def _made_as_works(values: Sequence[str]) -> bool:
    """Whether most of some distinct values are techniques or kinds of works of art."""
    return _mostly(_TECHNIQUE, values)


def _mostly(pattern: re.Pattern[str], values: Sequence[str]) -> bool:
    return len(values) > 1 and sum(pattern.search(fold(v)) is not None for v in values) >= 0.6 * len(values)


_MATERIAL = re.compile(
    r"\b(?:bronze|granite?|pierre|marbre|plomb|onyx|resine|tole|acier|fonte|fer|bois|chene|cuivre|laiton|zinc|aluminium|inox|verre|beton|argile|terre cuite"
    r"|ivoire|platre|plastique|polyester|ceramique|faience|gres|mosaique|ardoise|calcaire|schiste|basalte|lave|toile|papier|carton|tissu|laine|neon|leds?"
    r"|peinture|huile|fibre de verre|stuc|albatre|cire|corten)\b"
)
"""Of what statues are made, and benches too: they tell works where these have a title."""


_TECHNIQUE = re.compile(
    r"\b(?:huiles?|aquarelles?|gouaches?|acryliques?|pastels?|encres?|fusains?|sanguines?|crayons?|lithographies?|estampes?|gravures?|eaux? fortes?"
    r"|serigraphies?|xylographies?|photographies?|tirages?|daguerreotypes?|plaques? de verre|bronzes?|marbres?|terres? cuites?|platres?|bas reliefs?"
    r"|sculptures?|statu(?:es?|ettes?)|bustes?|medailles?|tapisseries?|vitraux?|mosaiques?|fresques?|peintures?|dessins?|ceramiques?|faiences?|emaux"
    r"|collages?|installations?|toiles?|affiches?|enluminures?)\b"
)
"""How works of art are made, and what they are."""


def says_birth(name: str) -> bool:
    return _BIRTH.search(spoken(name)) is not None


def says_death(name: str) -> bool:
    """Whether a column is called a death, one death: « décès », not « nombre de décès »."""
    return _DEATH.search(spoken(name)) is not None and not says_count(name)


def says_kin(name: str) -> bool:
    """Whether a column speaks of a relative of whom the row is of."""
    return _KIN.search(spoken(name)) is not None


_MEMORIAL = re.compile(
    r"\bsteles?\b|\bplaques?\b|\bmonuments?\b|\bhommages?\b|\bmemoire\b|\bmemorial\b|\binscriptions?$|\bepitaphe"
)


def says_memorial(name: str) -> bool:
    """Whether a column is called after what honours the dead."""
    return _MEMORIAL.search(spoken(name)) is not None


def says_historic(name: str) -> bool:
    """Whether a part is one that the dead have in what tells of them: who wrote, who fought, whom a grave is
    of.
    """
    header = spoken(name)
    return _LONG_AGO.search(header) is not None or _CREATOR.search(header) is not None


def says_event(name: str) -> bool:
    """Whether a date is said to be that of something else than a birth: an event that we know, or any word
    that speaks neither of dates nor of people.
    """
    header = spoken(name)
    if _EVENT.search(header):
        return True
    rest = [w for w in _DATED.sub(" ", header).split() if len(w) > 3]
    return (
        bool(rest)
        and not says_nothing(name)
        and not says_persons(name)
        and not any(_BORN.match(w) for w in rest)
    )


_DATED = re.compile(
    r"\b(?:dates?|dat|dte|dt|jours?|day|le|la|les|de|du|des|d|l|un|une|exacte|complete|column|colonne|champ|field)\b"
)
_BORN = re.compile(
    r"na(?:i|y)?s|nee?|birth|born|anniv|ddn|dob|agent|pers|enf|elev|assur|usag|salar|benef|adher"
)
"""How words begin that may be a birth, or whose it is, however they are cut short."""


def says_persons(name: str, *, number: bool = False) -> bool:
    """Whether a column is one that only people have: a sex, an age, a number of staff; or names them, unless
    it is a number: then it counts them.
    """
    header = spoken(name)
    if says_count(name) or _NOTES.search(header) is not None:
        return False
    return says_trait(name) or (_OF_ONE if number else _PERSONS).search(header) is not None


def says_trait(name: str) -> bool:
    """Whether a column is called after what only people have: a sex, an age, a first name."""
    return _TRAITS.search(spoken(name)) is not None and not says_count(name)


_ROLE = re.compile(
    r"\b[a-z]{2,}(?:teurs?|trices?|eurs?|euses?|aires?|antes?|ants?|ients?|istes?|iens?|iennes?|logues?|ier|iere|iers|ieres)\b"
    r"|\b(?:refer|adher|resid)ente?s?\b|\bqui\b|\bpar$|\bpar \w+$|\bsuivi\b|\bvu avec\b|\bchef(?:fe)?s?\b|\bpilote\b|\bgardiens?\b|\bvisa\b"
)
_THINGS = re.compile(
    r"\b(?:metiers?|secteurs?|valeurs?|couleurs?|hauteurs?|longueurs?|largeurs?|profondeurs?|epaisseurs?|moteurs?|compteurs?|capteurs?|vecteurs?|facteurs?|indicateurs?|"
    r"horodateurs?|transformateurs?|ascenseurs?|radars?|erreurs?|heures?|ordinateurs?|serveurs?|commentaires?|horaires?|montants?|courants?|quartiers?|dossiers?|chantiers?|papiers?|"
    r"courriers?|fichiers?|ateliers?|sentiers?|escaliers?|foyers?|loyers?|calendriers?|biens?|liens?|itineraires?|inventaires?|formulaires?|honoraires?|salaires?|territoires?|scolaires?|"
    r"supplementaires?|complementaires?|prioritaires?|tarifaires?|parcellaires?|budgetaires?|annuaires?|glossaires?|vocabulaires?|statutaires?|sanitaires?|alimentaires?|temporaires?|"
    r"batiments?|documents?|restants?|suivants?|existants?|importants?|pluriannuel|coefficients?|quotients?|etudes?|aires?|restantes?|variantes?|plantes?|dechets?|"
    r"restaurants?|paliers?|casiers?|cahiers?|greniers?|rochers?|volants?|exterieurs?|interieurs?|superieurs?|inferieurs?|anterieurs?|posterieurs?|majeurs?|mineurs?|meilleurs?|plusieurs|ailleurs|premiers?|premieres?|derniers?|dernieres?|entiers?|entieres?|"
    r"matieres?|rivieres?|frontieres?|barrieres?|manieres?|lumieres?|filieres?|carrieres?|cimetieres?|particulieres?|regulieres?|pistes?|listes?|sites?|"
    r"mobiliers?|immobiliers?|fonciers?|financiers?|financieres?|routiers?|routieres?|urbains?|moyens?|moyennes?|anciens?|anciennes?|quotidiens?|citoyens?|technologues?|catalogues?|dialogues?)\b"
)


def says_role(name: str) -> bool:
    """Whether a header is called as the part that somebody has: by the endings of French for who does or
    holds something (« permissionnaire », « loueur »).
    """
    header = _THINGS.sub(" ", _ELECTED.sub(" ", spoken(name)))
    return not says_place(name) and not says_count(name) and _ROLE.search(header) is not None


_NAMED = re.compile(r"\bnoms?\b|\bidentite\b|\bfamille\b")


def says_name(name: str) -> bool:
    """Whether a header speaks of a name, of whatever."""
    return _NAMED.search(spoken(name)) is not None


def says_place(name: str) -> bool:
    """Whether a column names places or things, which often bear people's names."""
    return _PLACE.search(spoken(name)) is not None


def birth_part(name: str) -> str:
    """Of a date cut in columns, which part a header names: "day", "month", "year", or "" for none."""
    header = spoken(name)
    return next((part for part, pattern in _PARTS.items() if pattern.search(header)), "")


def says_number(name: str) -> bool:
    """Whether a column is the number in a street, beside the street."""
    return _IN_STREET.search(spoken(name)) is not None


def says_point(name: str) -> bool:
    """Whether a column of numbers is called a coordinate."""
    return _POINT.search(spoken(name)) is not None


def says_nothing(name: str) -> bool:
    """Whether a header says nothing of what is below it: « A », « c1 », « colonne_3 »."""
    return _UNTOLD.search(spoken(name)) is not None


def about_vehicles(schema: Schema) -> bool:
    """Whether the rows are vehicles that a service uses: their plates point at the body that owns them."""
    headers = [spoken(c.name) for c in schema.columns]
    return any(_VEHICLE.search(h) for h in headers) and any(_HELD_BY.search(h) for h in headers)


def about_ballot(schema: Schema) -> bool:
    """Whether the rows are polling stations or communes and how they voted: those who stood head columns."""
    headers = [spoken(c.name) for c in schema.columns if c.type in ("integer", "number")]
    return any(_ROLL.search(h) for h in headers) and any(_POLLED.search(h) for h in headers)


_ROLL = re.compile(r"\binscr(?:it)?s?\b|\bemarg(?:ement)?s?\b|\bproc(?:uration)?s?\b|\bvot(?:ant)?s?\b")
_POLLED = re.compile(r"\bbl(?:ancs?|cs?)?\b|\bnuls?\b|\bexpr(?:ime)?s?\b|\babst(?:ention)?s?\b")


def says_counted(name: str) -> bool:
    """Whether a column of numbers counts people or facts, row by row."""
    return _COUNTED.search(spoken(name)) is not None


_BALLOT = re.compile(
    r"^(?:(?:nb|nombre|voix|votes?) (?:de |d )?)?(?:pour|contre|abst(?:entions?)?|exprimes|votants|presents|pouvoirs)$"
)


def about_votes(schema: Schema) -> bool:
    """Whether the rows were voted upon, for and against: deliberations, motions."""
    return (
        sum(
            c.type in ("integer", "number") and _BALLOT.search(spoken(c.name)) is not None
            for c in schema.columns
        )
        > 1
    )


def says_votes(name: str) -> bool:
    """Whether a column of numbers is called the votes that somebody got."""
    return _VOTES.search(spoken(name)) is not None


_CONTEST = {
    "nuance": re.compile(r"\bnuances?\b|\betiquette\b"),
    "list": re.compile(r"\blistes?\b"),
    "seats": re.compile(r"\bsieges?\b"),
    "round": re.compile(
        r"\btours?\b|\bscrutin\b|\belections?\b|\bcirconscription\b|\bcantons?\b|\bpanneau\b"
    ),
    "elected": re.compile(r"^elue?s?(?: o n| oui non)?$"),
    "votes": re.compile(r"\bvoix\b|\bsuffrages?\b|\bexprimes\b|\bvotants\b"),
}
_CONTESTED = re.compile(
    r"\belections?\b|\bmunicipales?\b.*\b(?:20|19)[0-9]{2}|\bmunicipales\b|\blegislatives\b|\bpresidentielles?\b|\beuropeennes\b|\bregionales\b"
    r"|\b(?:departe)?mentales\b|\bcantonales\b|\bsenatoriales\b|\bcandidats?\b"
)


def about_contest(called: str, schema: Schema) -> bool:
    """Whether the rows are those who stood for an office, votes told or not: a column called after them and
    two marks more of an election, the name of the file being one.
    """
    headers = [spoken(c.name) for c in schema.columns]
    candidates = [h for h in headers if _STANDING.search(h)]
    if not candidates:
        return False
    marks = {
        mark
        for mark, pattern in _CONTEST.items()
        if any(pattern.search(h) for h in headers if h not in candidates)
    }
    return len(marks) + (_CONTESTED.search(spoken(called)) is not None) >= 2


_STANDING = re.compile(r"\bcandidate?s?\b|\btetes? de liste\b|\bcolistiers?\b|\bbinomes?\b|\bsuppleante?s?\b")


def says_candidate(name: str) -> bool:
    """Whether a column is called after those who stand for an office."""
    return _CANDIDATE.search(spoken(name)) is not None


def says_metered(name: str) -> bool:
    """Whether a column is what a meter tells, or which meter."""
    return _METERED.search(spoken(name)) is not None


def says_subject(name: str) -> bool:
    """Whether a column tells which thing a row is: a species, a dish, a work, a building."""
    return _SUBJECT.search(spoken(name)) is not None


_COURSE = re.compile(
    r"^(?:entrees?|potages?|hors d oeuvres?|plats?(?: (?:principal|du jour|chaud|vege\w*))?|accomp(?:agnements?)?|garnitures?|legumes?|feculents?|laitages?"
    r"|produits? laitiers?|fromages?|desserts?|fruits?|gouters?|pain|boissons?|menus?|menu vege\w*)$"
)


def about_meals(schema: Schema) -> bool:
    """Whether the rows are meals: three columns and more are called after what is served in turn."""
    return sum(_COURSE.search(spoken(c.name)) is not None for c in schema.columns) >= 3


_ALLERGEN = re.compile(
    r"gluten|ble|seigle|orge|avoine|crustaces?|oeufs?|poissons?|arachides?|cacahuetes?|soja|laits?|lactose|fruits? a coques?|noix|noisettes?|amandes?"
    r"|celeri|moutarde|sesame|sulfites?|anhydride sulfureux|lupin|mollusques?|sans|aucun|neant|-"
)
"""Source: the fourteen substances of annex II of regulation (EU) 1169/2011, which a menu has to tell."""


def allergens(values: Sequence[str]) -> bool:
    """Whether all of some distinct values are lists of what a dish has to declare: « lait, œuf »."""
    each = [w.strip() for v in values for w in re.split(r"[,;/+]| et ", fold(v)) if w.strip()]
    return bool(each) and all(map(_ALLERGEN.fullmatch, each))


_SPECIES = re.compile(r"\bcultivars?\b|\bobtenteurs?\b|\bvarietes?\b|\bessences?\b|\bespeces?\b")


def says_species(name: str) -> bool:
    """Whether a column tells what a plant or an animal is, which is often called after somebody."""
    return _SPECIES.search(spoken(name)) is not None


_CALLED = re.compile(
    r"^(?:intitules?|designations?|termes?|definitions?|offres?|cotes?|libelles?|objets? (?:de la )?deliberation)\b(?!.*(?:demande|aide|sante|motif))"
    r"|\bintitule (?:du |de l )?(?:poste|offre|emploi|formation|acte)"
)


def says_called(name: str) -> bool:
    """Whether a column tells what a thing is called, or where it is kept: a post that is offered, a term, a shelf mark."""
    return _CALLED.search(spoken(name)) is not None


_SCALE = re.compile(r"\b(?:plafonds?|planchers?|maxi?(?:mum|mal)?|mini?(?:mum|mal)?|baremes?)\b")


def says_scale(name: str) -> bool:
    """Whether a column of numbers bounds what may be had: the rows are rules, of whoever they fit."""
    return _SCALE.search(spoken(name)) is not None


_MADE = re.compile(
    r"\bfabri(?:c|qu)\w*|\bconstructeurs?\b|\bmodeles?\b|\bmarques?\b|\bmateriaux?\b|\b(?:n|no|num|numero) (?:de )?serie\b|\bpose\b|\binstallation\b"
)


def says_made(name: str) -> bool:
    """Whether a column tells who made a thing, of what or when it was put there: the rows are things."""
    return _MADE.search(spoken(name)) is not None


_TRADE = re.compile(r"\b(?:specialites?|disciplines?|metiers?)\b")


def says_trade(name: str) -> bool:
    """Whether a column tells the trade of whoever the row is of: a « psychiatre » is no illness."""
    return _TRADE.search(spoken(name)) is not None


def says_firm(name: str) -> bool:
    """Whether a column is called after organisations that act, not after a place where people come."""
    return _FIRM.search(spoken(name)) is not None


def says_count(name: str) -> bool:
    """Whether a column counts or measures: it speaks of many at once."""
    return _COUNT.search(spoken(name)) is not None
