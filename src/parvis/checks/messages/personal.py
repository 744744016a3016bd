"""The codes of the search for personal data and secrets. The detectors' own words are in `privacy/detectors`;
here is what each means to a reader.
"""

from __future__ import annotations

from parvis.checks.declaration import English
from parvis.checks.message import Told
from parvis.core.types import Severity

_WHERE = (("dans", "in"), ("dans le texte libre de", "in the free text of"))
_ENDS = (
    ("", ""),
    (" Elles désignent des services : elles peuvent sortir.", " They point at services: they may go out."),
    (
        " La table décrit des organismes : vérifiez qu’ils sont publiés exprès.",
        " The table describes organisations: check that they are published on purpose.",
    ),
    (" Rien ne dit que ce soit chez quelqu’un.", " Nothing says that it is anyone’s home."),
)
_OF_A_PERSON = (
    (" Chaque ligne décrit une personne : {because}.", " Each row describes a person: {because}."),
)
"""What is told of a column by those beside it."""
_TAKEN_APART = (
    (" L’adresse est répartie sur {together}.", " The address is spread over {together}."),
    (
        " Le numéro est réparti sur {together} et écrit à l’envers.",
        " The number is spread over {together} and written backwards.",
    ),
    (" Le numéro est réparti sur plusieurs lignes.", " The number is spread over several rows."),
    (
        " Le numéro est réparti sur {together}.",
        " The number is spread over {together}.",
    ),  # last: it fits those above
    (" Ses chiffres sont séparés.", " Its digits are set apart."),
    (" C’est écrit à l’envers.", " It is written backwards."),
)
"""What is told of a number that no column holds whole, or that is turned round."""


def _titles(title: str, english: str, more: tuple[tuple[str, str], ...] = ()) -> tuple[tuple[str, str], ...]:
    """The sentences of one detector: where, how many, which share, and what else is known, or more."""
    return tuple(
        (
            f"{title} {where} la colonne « {{name}} » : {{n}} ({{share}} % des cellules remplies).{end}",
            f"{english} {place} column “{{name}}”: {{n}} ({{share}}% of the filled cells).{tail}",
        )
        for where, place in _WHERE
        for end, tail in (*_ENDS, *more)
    )


def _personal(
    code: str,
    title: str,
    why: str,
    fix: str,
    english: English,
    more: tuple[tuple[str, str], ...] = (),
) -> Told:
    return Told(
        f"privacy-{code}",
        title,
        why,
        fix,
        english,
        "error",
        "confidentiality",
        (*_titles(title, english.title, more), (fix, english.fix)),
    )


_LAW = "Publier une donnée personnelle sans base légale est une violation de données : elle se notifie à la CNIL, et ce qui est sorti ne revient pas."
_LAW_EN = "Publishing personal data without a legal ground is a data breach: it must be notified to the authority, and what went out does not come back."

email = _personal(
    "email",
    "Adresses électroniques",
    _LAW,
    "Une adresse nominative ne se publie qu’avec l’accord de la personne ou si un texte le prévoit ; préférez une adresse de service.",
    English(
        "E-mail addresses",
        fix="An address that names someone needs that person’s consent, or a law that says so; prefer the address of a service.",
        why=_LAW_EN,
    ),
    _TAKEN_APART,
)
iban = _personal(
    "iban",
    "Coordonnées bancaires (iban)",
    "Un IBAN suffit à préparer une fraude.",
    "Des coordonnées bancaires ne se publient pas : supprimez-les.",
    English(
        "Bank account numbers (IBAN)",
        fix="Bank details are not to be published: delete them.",
        why="An IBAN is enough to prepare a fraud.",
    ),
    _TAKEN_APART,
)
bank_account = _personal(
    "bank-account",
    "Coordonnées bancaires (RIB)",
    "Un RIB suffit à préparer une fraude.",
    "Des coordonnées bancaires ne se publient pas : supprimez-les.",
    English(
        "Bank account numbers (RIB)",
        fix="Bank details are not to be published: delete them.",
        why="A bank account number is enough to prepare a fraud.",
    ),
    _TAKEN_APART,
)
credential = _personal(
    "credential",
    "Clés, jetons ou mots de passe de services",
    "Une clé publiée est trouvée et essayée dans l’heure.",
    "Une clé ou un jeton publié ouvre le service à n’importe qui : supprimez-le, et faites-en émettre un autre.",
    English(
        "Keys, tokens or passwords of services",
        fix="A published key or token opens the service to anybody: delete it, and have another one issued.",
        why="A published key is found and tried within the hour.",
    ),
)
ip = _personal(
    "ip",
    "Adresses ip",
    _LAW,
    "Une adresse IP est une donnée personnelle : supprimez-la ou agrégez par jour et par lieu.",
    English(
        "IP addresses",
        fix="An IP address is personal data: delete it, or aggregate by day and place.",
        why=_LAW_EN,
    ),
)
nir = _personal(
    "nir",
    "Numéros de sécurité sociale",
    "Le NIR ouvre le dossier de santé et social d’une personne, pour la vie.",
    "Le NIR ne sort que dans les cas d’un décret (loi 78-17, article 30) : supprimez la colonne.",
    English(
        "Social security numbers",
        fix="A NIR goes out only in the cases of a decree (law 78-17, article 30): delete the column.",
        why="A social security number opens a person’s health and social files, for life.",
    ),
    _TAKEN_APART,
)
card = _personal(
    "payment-card",
    "Numéros de carte bancaire",
    "Un numéro de carte suffit à payer.",
    "Un numéro de carte ne se garde ni ne se publie : supprimez-le et prévenez votre service des paiements.",
    English(
        "Payment card numbers",
        fix="A card number is neither kept nor published: delete it and tell your payment service.",
        why="A card number is enough to pay.",
    ),
    _TAKEN_APART,
)
phone = _personal(
    "phone",
    "Numéros de téléphone",
    _LAW,
    "Un numéro personnel ne se publie qu’avec l’accord de la personne ; préférez le standard du service.",
    English(
        "Telephone numbers",
        fix="A personal number may be published with that person’s consent only; prefer the number of the service.",
        why=_LAW_EN,
    ),
    _TAKEN_APART,
)
plate = _personal(
    "plate",
    "Plaques d’immatriculation",
    _LAW,
    "Une plaque désigne le titulaire du véhicule : supprimez-la, ou gardez la seule catégorie du véhicule.",
    English(
        "Number plates",
        fix="A plate points at the holder of the vehicle: delete it, or keep the category of the vehicle only.",
        why=_LAW_EN,
    ),
)

mac = _personal(
    "mac",
    "Adresses mac",
    _LAW,
    "Une adresse MAC suit un appareil et qui le porte : supprimez-la, ou comptez par heure et par lieu.",
    English(
        "MAC addresses",
        fix="A MAC address follows a device and its bearer: delete it, or count by hour and place.",
        why=_LAW_EN,
    ),
)
device_number = _personal(
    "device-number",
    "Numéros d’appareils ou de cartes SIM",
    _LAW,
    "Le numéro d’un téléphone ou de sa carte suit qui le porte : supprimez la colonne.",
    English(
        "Numbers of devices or SIM cards",
        fix="The number of a telephone or of its card follows whoever carries it: delete the column.",
        why=_LAW_EN,
    ),
)
identity_document = _personal(
    "identity-document",
    "Numéros de pièces d’identité",
    "Ce numéro suffit à usurper une identité.",
    "Le numéro d’une pièce d’identité suffit à usurper une identité : supprimez la colonne.",
    English(
        "Numbers of identity documents",
        fix="The number of an identity document is enough to steal an identity: delete the column.",
        why="This number is enough to steal an identity.",
    ),
)
tax_number = _personal(
    "tax-number",
    "Numéros fiscaux",
    "Un numéro fiscal ouvre le dossier d’un foyer.",
    "Un numéro fiscal ouvre le dossier d’un foyer : supprimez la colonne.",
    English(
        "Tax numbers",
        fix="A tax number opens the file of a household: delete the column.",
        why="A tax number opens the file of a household.",
    ),
    _TAKEN_APART,
)
handle = _personal(
    "handle",
    "Comptes de réseaux sociaux",
    _LAW,
    "Un compte personnel mène à quelqu’un : gardez celui de l’organisme, supprimez les autres.",
    English(
        "Accounts on social networks",
        fix="A personal account leads to someone: keep the organisation’s, delete the others.",
        why=_LAW_EN,
    ),
)
nir_without_key = _personal(
    "nir-without-key",
    "Numéros de sécurité sociale sans clé",
    "Le NIR ouvre le dossier de santé et social d’une personne, pour la vie.",
    "Le NIR, même sans clé, ne sort que dans les cas d’un décret (loi 78-17, article 30) : supprimez la colonne.",
    English(
        "Social security numbers without key",
        fix="A NIR, even without its key, goes out only in the cases of a decree (law 78-17, article 30): delete "
        "the column.",
        why="A social security number opens a person’s health and social files, for life.",
    ),
    _TAKEN_APART,
)
health = _personal(
    "health",
    "Données de santé",
    "Le RGPD interdit d’en traiter sans exception prévue (articles 9 et 10) : les publier expose chacun à la discrimination.",
    "Une donnée de santé relève de l’article 9 du RGPD : elle ne sort qu’agrégée, sans que personne soit reconnaissable.",
    English(
        "Health data",
        fix="Health data fall under article 9 of the GDPR: they go out aggregated only, so that nobody can be "
        "recognised.",
        why="The GDPR forbids processing them but for listed exceptions (articles 9 and 10): publishing them exposes people to discrimination.",
    ),
)
politics = _personal(
    "politics",
    "Opinions politiques",
    "Le RGPD interdit d’en traiter sans exception prévue (articles 9 et 10) : les publier expose chacun à la "
    "discrimination.",
    "Une opinion politique relève de l’article 9 du RGPD ; seules celles des élus, rendues publiques par leur mandat, se publient.",
    English(
        "Political opinions",
        fix="A political opinion falls under article 9 of the GDPR; only those of elected people, made public by their mandate, "
        "may be published.",
        why="The GDPR forbids processing them but for listed exceptions (articles 9 and 10): publishing them exposes people to "
        "discrimination.",
    ),
)
religion = _personal(
    "religion",
    "Convictions religieuses",
    "Le RGPD interdit d’en traiter sans exception prévue (articles 9 et 10) : les publier expose chacun à la "
    "discrimination.",
    "Une conviction religieuse relève de l’article 9 du RGPD, et se lit aussi dans un menu de cantine : supprimez la colonne.",
    English(
        "Religious beliefs",
        fix="A religious belief falls under article 9 of the GDPR, and can be read in a canteen menu too: delete "
        "the column.",
        why="The GDPR forbids processing them but for listed exceptions (articles 9 and 10): publishing them exposes people to discrimination.",
    ),
)
origin = _personal(
    "origin",
    "Origines ethniques",
    "Le RGPD interdit d’en traiter sans exception prévue (articles 9 et 10) : les publier expose chacun à la discrimination.",
    "Une origine ethnique ou raciale relève de l’article 9 du RGPD et du code pénal (226-19) : elle ne se collecte ni ne se publie.",
    English(
        "Ethnic origins",
        fix="An ethnic or racial origin falls under article 9 of the GDPR and the criminal code (226-19): it is neither collected nor "
        "published.",
        why="The GDPR forbids processing them but for listed exceptions (articles 9 and 10): publishing them exposes people to discrimination.",
    ),
)
trade_union = _personal(
    "trade-union",
    "Appartenances syndicales",
    "Le RGPD interdit d’en traiter sans exception prévue (articles 9 et 10) : les publier expose chacun à la "
    "discrimination.",
    "L’appartenance à un syndicat et la grève relèvent de l’article 9 du RGPD : ne publiez que des totaux.",
    English(
        "Trade-union memberships",
        fix="Union membership and strikes fall under article 9 of the GDPR: publish totals only.",
        why="The GDPR forbids processing them but for listed exceptions (articles 9 and 10): publishing them exposes people to discrimination.",
    ),
)
sex_life = _personal(
    "sex-life",
    "Données sur la vie ou l’orientation sexuelle",
    "Le RGPD interdit d’en traiter sans exception prévue (articles 9 et 10) : les publier expose chacun à la discrimination.",
    "La vie sexuelle relève de l’article 9 du RGPD : supprimez la colonne.",
    English(
        "Data on sex life or orientation",
        fix="Sex life falls under article 9 of the GDPR: delete the column.",
        why="The GDPR forbids processing them but for listed exceptions (articles 9 and 10): publishing them exposes people to discrimination.",
    ),
)
offences = _personal(
    "offences",
    "Infractions ou condamnations",
    "Le RGPD interdit d’en traiter sans exception prévue (articles 9 et 10) : les publier expose chacun à la "
    "discrimination.",
    "Une infraction ou une condamnation relève de l’article 10 du RGPD : elle ne sort qu’en totaux, sans personne reconnaissable.",
    English(
        "Offences or convictions",
        fix="An offence or a conviction falls under article 10 of the GDPR: it goes out in totals only, nobody "
        "recognisable.",
        why="The GDPR forbids processing them but for listed exceptions (articles 9 and 10): publishing them exposes people to discrimination.",
    ),
)
social_condition = _personal(
    "social-condition",
    "Ressources ou situations sociales",
    _LAW,
    "Les ressources et la situation sociale relèvent de la vie privée (CRPA, L311-6) : gardez une tranche, ou des totaux.",
    English(
        "Income or social situations",
        fix="Income and social situation belong to private life (CRPA, L311-6): keep a band, or totals.",
        why=_LAW_EN,
    ),
)
appraisal = _personal(
    "appraisal",
    "Appréciations portées sur des personnes",
    _LAW,
    "Une appréciation portée sur quelqu’un ne se communique qu’à lui (CRPA, L311-6) : supprimez la colonne.",
    English(
        "Appraisals of people",
        fix="An appraisal of somebody is told to them alone (CRPA, L311-6): remove the column.",
        why=_LAW_EN,
    ),
)
water_network = _personal(
    "water-network",
    "Ouvrages du réseau d’eau potable",
    "Qui veut nuire y lit où frapper ; ce qui est sorti ne revient pas.",
    "Le plan d’un réseau d’eau touche à la sécurité publique (CRPA, L311-5) : publiez des zones, pas les ouvrages.",
    English(
        "Works of the drinking-water network",
        fix="The plan of a water network bears on public security (CRPA, L311-5): publish areas, not "
        "the works.",
        why="Whoever wants to do harm reads there where to strike; what went out does not come back.",
    ),
)
camera_sites = _personal(
    "camera-sites",
    "Emplacements de caméras",
    "Qui veut nuire y lit où frapper ; ce qui est sorti ne revient pas.",
    "L’emplacement exact des caméras aide qui veut y échapper (CRPA, L311-5) : publiez leur nombre par quartier.",
    English(
        "Sites of cameras",
        fix="The exact site of cameras helps whoever wants to avoid them (CRPA, L311-5): publish how many there are "
        "by district.",
        why="Whoever wants to do harm reads there where to strike; what went out does not come back.",
    ),
)
sensitive_building = _personal(
    "sensitive-building",
    "Points sensibles de bâtiments",
    "Qui veut nuire y lit où frapper ; ce qui est sorti ne revient pas.",
    "Montrer les points sensibles d’un bâtiment touche à la sécurité publique (CRPA, L311-5) : supprimez la colonne.",
    English(
        "Sensitive points of buildings",
        fix="Showing the sensitive points of a building bears on public security (CRPA, L311-5): delete "
        "the column.",
        why="Whoever wants to do harm reads there where to strike; what went out does not come back.",
    ),
)
access_code = _personal(
    "access-code",
    "Codes d’accès ou mots de passe",
    "Qui veut nuire y lit où frapper ; ce qui est sorti ne revient pas.",
    "Un code ou un mot de passe publié est à changer : supprimez la colonne, et changez-les.",
    English(
        "Access codes or passwords",
        fix="A code or a password that is published must be changed: delete the column, and change them.",
        why="Whoever wants to do harm reads there where to strike; what went out does not come back.",
    ),
)
business_secrecy = _personal(
    "business-secrecy",
    "Éléments couverts par le secret des affaires",
    "Une entreprise peut demander réparation de ce qui révèle ses procédés, ses comptes ou sa stratégie.",
    "Prix détaillés, marges et offres perdantes relèvent du secret des affaires (CRPA, L311-6) ; le nom du titulaire et le montant global du marché "
    "se publient.",
    English(
        "Matters of business secrecy",
        fix="Detailed prices, margins and losing bids are business secrets (CRPA, L311-6); the winner’s name and the "
        "total amount are published.",
        why="A company may claim damages for what reveals its processes, its accounts or its strategy.",
    ),
)
third_party_rights = _personal(
    "third-party-rights",
    "Mentions de droits de tiers",
    "Publier l’œuvre d’autrui sans son accord est une contrefaçon.",
    "D’autres ont des droits dessus (CRPA, L321-2) : demandez leur accord, ou supprimez la colonne et ce qu’elle désigne.",
    English(
        "Mentions of others’ rights",
        fix="Others hold rights on it (CRPA, L321-2): ask for their consent, or delete the column and what it "
        "points at.",
        why="Publishing someone else’s work without consent is an infringement.",
    ),
)
postal_address = _personal(
    "postal-address",
    "Adresses postales",
    _LAW,
    "Une adresse précise désigne un foyer : gardez la commune, le quartier ou l’IRIS.",
    English(
        "Postal addresses",
        fix="A precise address points at a household: keep the town, the district or the census area.",
        why=_LAW_EN,
    ),
)
home_point = _personal(
    "home-point",
    "Points qui situent des personnes",
    _LAW,
    "Un point exact à côté d’une personne montre où elle vit : agrégez par quartier ou par maille, ou déplacez les points.",
    English(
        "Points that locate people",
        fix="An exact point beside a person shows where they live: aggregate by district or grid, or move "
        "the points.",
        why=_LAW_EN,
    ),
)
person_number = _personal(
    "person-number",
    "Numéros ou comptes de personnes",
    _LAW,
    "Un numéro ou un compte qui suit quelqu’un le désigne, même sans son nom : supprimez la colonne, ou comptez par jour, par lieu ou par tranche.",
    English(
        "Numbers or accounts of people",
        fix="A number or an account that follows somebody points at them, even without their name: delete the column, or "
        "count by day, by place or by class.",
        why=_LAW_EN,
    ),
)
person_trait = _personal(
    "person-trait",
    "Traits d’une personne",
    _LAW,
    "Dans la ligne d’une personne, ce qui la décrit aide à la reconnaître : gardez une tranche, ou des totaux.",
    English(
        "Traits of one person",
        fix="In the row of one person, what describes them helps to recognise them: keep a class, or totals.",
        why=_LAW_EN,
    ),
    _OF_A_PERSON,
)
sole_trader = _personal(
    "sole-trader",
    "Numéros d’entrepreneurs individuels",
    _LAW,
    "Le SIRET d’un entrepreneur individuel désigne une personne : l’annuaire SIRENE le publie sauf opposition (code de commerce, A123-96) ; vérifiez qu’il "
    "y est diffusé, ou supprimez ces lignes.",
    English(
        "Numbers of sole traders",
        fix="The SIRET of a sole trader points at a person: the SIRENE directory publishes it unless they object (commercial "
        "code, A123-96); check that it is there, or delete these rows.",
        why=_LAW_EN,
    ),
)
person_in_text = _personal(
    "person-in-text",
    "Personnes nommées",
    _LAW,
    "Un nom dans une phrase désigne quelqu’un : masquez-le, ou remplacez la colonne par une catégorie.",
    English(
        "People named",
        fix="A name in a sentence points at someone: mask it, or replace the column by a category.",
        why=_LAW_EN,
    ),
)
birth_in_text = _personal(
    "birth-in-text",
    "Naissances",
    _LAW,
    "Une date de naissance dans une phrase désigne quelqu’un : masquez-la.",
    English("Births", fix="A date of birth in a sentence points at someone: mask it.", why=_LAW_EN),
)
address_in_text = _personal(
    "address-in-text",
    "Adresses de personnes",
    _LAW,
    "Une adresse dans une phrase dit où quelqu’un vit : masquez-la.",
    English(
        "Addresses of people", fix="An address in a sentence tells where someone lives: mask it.", why=_LAW_EN
    ),
)
plate_in_text = _personal(
    "plate-in-text",
    "Plaques d’immatriculation",
    _LAW,
    "Une plaque désigne le titulaire du véhicule : masquez-la.",
    English("Number plates", fix="A plate points at the holder of the vehicle: mask it.", why=_LAW_EN),
)


def _beside(
    code: str, title: str, fix: str, english: str, fixed: str, severity: Severity = "warning"
) -> Told:
    """What a file says beside the cells of its tables."""
    in_english = English(english, fix=fixed, why=_LAW_EN)
    return Told(
        f"privacy-{code}",
        title,
        _LAW,
        fix,
        in_english,
        severity,
        "confidentiality",
        ((f"{title} : {{n}}.", f"{english}: {{n}}."), (fix, fixed)),
    )


file_author = _beside(
    "file-author",
    "Auteurs du document",
    "Effacez les propriétés du document avant de le transmettre (Fichier, Informations, Inspecter).",
    "Authors of the document",
    "Clear the document’s properties before passing it on (File, Info, Inspect).",
)
file_comments = _beside(
    "file-comments",
    "Commentaires de cellules",
    "Les commentaires d’un tableur ne sont pas publiés, mais partent avec le fichier : relisez-les, "
    "supprimez-les.",
    "Cell comments",
    "Comments of a spreadsheet are not published, but leave with the file: read them again, delete them.",
)
hidden_sheet = _beside(
    "hidden-sheet",
    "Feuilles masquées",
    "Une feuille masquée est lue comme les autres : supprimez-la si elle ne doit pas sortir.",
    "Hidden sheets",
    "A hidden sheet is read like the others: delete it if it must not go out.",
)
hidden_column = _beside(
    "hidden-column",
    "Colonnes masquées",
    "Une colonne masquée est publiée comme les autres : supprimez-la si elle ne doit pas sortir.",
    "Hidden columns",
    "A hidden column is published like the others: delete it if it must not go out.",
)
image_position = _beside(
    "image-position",
    "Photos qui disent où elles ont été prises",
    "La photo dit où elle a été prise : effacez ses métadonnées.",
    "Photos that tell where they were taken",
    "The photo tells where it was taken: clear its metadata.",
)
image_author = _beside(
    "image-author",
    "Photos qui nomment leur auteur",
    "La photo nomme son auteur : effacez ses métadonnées, ou demandez-lui son accord.",
    "Photos that name their author",
    "The photo names its author: clear its metadata, or ask for consent.",
)
file_name = _beside(
    "file-name",
    "Noms de fichiers qui désignent quelqu’un",
    "Le nom du fichier nomme quelqu’un : renommez-le.",
    "File names that point at someone",
    "The name of the file names someone: rename it.",
)
header_name = _beside(
    "header-name",
    "En-têtes de colonnes qui nomment quelqu’un",
    "Une colonne porte le nom de quelqu’un : remplacez-le par un code, ou mettez une ligne par personne et retirez leurs noms.",
    "Column headers that name someone",
    "A column bears someone’s name: put a code in its place, or give each person a line and take their names out.",
    "error",
)
margin_name = _beside(
    "margin-name",
    "Lignes hors de la table qui nomment quelqu’un",
    "Au-dessus de la table, ou dans la marge des pages, quelqu’un est nommé : effacez ces lignes avant de transmettre le fichier.",
    "Lines outside the table that name someone",
    "Above the table, or in the margin of its pages, someone is named: delete these lines before passing the file on.",
)

_NAMES = (
    ("Prénoms", "First names"),
    ("Noms de famille", "Surnames"),
    ("Noms de personnes", "Names of people"),
)
_NAME_ENDS = (
    ("", ""),
    (
        " Sans nom de famille à côté, ils ne désignent personne.",
        " Without a surname beside them they point at nobody.",
    ),
    (" Les noms et mandats des élus sont publics.", " The names and mandates of elected people are public."),
    (" Le nom de qui a fait une œuvre en fait partie.", " The name of who made a work is part of it."),
    (
        " L’annuaire SIRENE publie qui exerce en son nom, sauf opposition.",
        " The SIRENE directory publishes who trades in their own name, unless they object.",
    ),
    (
        " La loi laisse publier annuaires, organigrammes et listes de promotion.",
        " The law lets directories, organisation charts and promotion lists be published.",
    ),
)
_NAME_FIX = (
    "Un nom ne se publie qu’avec l’accord de la personne ou si un texte le prévoit (élus, organigrammes, listes de promotion : CRPA, article D312-1-3) ; "
    "sinon supprimez la colonne.",
    "A name may be published with that person’s consent, or where a law says so (elected people, organisation charts, promotion lists: CRPA, D312-1-3); "
    "else delete the column.",
)
person_name = Told(
    "privacy-person-name",
    "Noms de personnes",
    _LAW,
    _NAME_FIX[0],
    English("Names of people", fix=_NAME_FIX[1], why=_LAW_EN),
    "error",
    "confidentiality",
    (
        *(
            (
                f"{kind} dans la colonne « {{name}} » : {{n}} cellules remplies.{end}",
                f"{kind_name} in column “{{name}}”: {{n}} filled cells.{tail}",
            )
            for kind, kind_name in _NAMES
            for end, tail in _NAME_ENDS
        ),
        _NAME_FIX,
    ),
)
_BIRTH_FIX = (
    "Gardez l’année ou une tranche d’âge : avec le sexe et la commune, une date de naissance suffit à désigner quelqu’un.",
    "Keep the year or an age group: with sex and town, a date of birth is enough to point at someone.",
)
birth_date = Told(
    "privacy-birth-date",
    "Dates ou lieux de naissance",
    _LAW,
    _BIRTH_FIX[0],
    English("Dates or places of birth", fix=_BIRTH_FIX[1], why=_LAW_EN),
    "error",
    "confidentiality",
    (
        (
            "Dates ou lieux de naissance dans la colonne « {name} » : {n} cellules remplies.",
            "Dates or places of birth in column “{name}”: {n} filled cells.",
        ),
        _BIRTH_FIX,
    ),
)
_DERIVED_FIX = (
    "Retirez-la de la recette, anonymisez la table par une politique, ou faites décider de sa publication.",
    "Take it out of the recipe, make the table anonymous by a policy, or have its publication decided.",
)
derived = Told(
    "privacy-derived",
    "Colonne tirée de données personnelles",
    "Un nom mis en initiales ou un numéro écrit en lettres désigne toujours la même personne.",
    _DERIVED_FIX[0],
    English(
        "Column drawn from personal data",
        fix=_DERIVED_FIX[1],
        why="A name made initials, or a number written in letters, still points at the same person.",
    ),
    "error",
    "confidentiality",
    (
        (
            "La colonne « {column} » est tirée de données personnelles ou secrètes du fichier ({names}).",
            "Column “{column}” is drawn from personal or secret data of the file ({names}).",
        ),
        _DERIVED_FIX,
    ),
)
chosen_rows = Told(
    "privacy-chosen-rows",
    "Lignes choisies d’après des données personnelles",
    "Être dans la table, ou ne pas y être, dit alors quelque chose de chacun.",
    _DERIVED_FIX[0],
    English(
        "Rows chosen by personal data",
        fix=_DERIVED_FIX[1],
        why="To be in the table, or not to be, then tells something about each person.",
    ),
    "error",
    "confidentiality",
    (
        (
            "Les lignes ont été choisies d’après des données personnelles ou secrètes du fichier ({names}).",
            "The rows were chosen by personal or secret data of the file ({names}).",
        ),
        _DERIVED_FIX,
    ),
)
_CLEARED_FIX = (
    "Si elle désigne quelqu’un, dites-le au registre des décisions : elle sera cherchée à nouveau.",
    "If it points at someone, say so in the register of decisions: it will be searched again.",
)
cleared = Told(
    "privacy-cleared",
    "Colonne dont on a dit qu’elle ne désigne personne",
    "Des bureaux, des écoles ou des rues portent des noms de personnes : quelqu’un l’a dit, avec son motif, et en répond.",
    _CLEARED_FIX[0],
    English(
        "Column that was said to point at nobody",
        fix=_CLEARED_FIX[1],
        why="Offices, schools or streets bear names of people: somebody said so, with a reason, and answers for it.",
    ),
    "info",
    "confidentiality",
    (
        (
            "Ce qui ressemble à des données personnelles dans la colonne « {column} » ne désigne personne : c’est dit au registre.",
            "What looks personal in column “{column}” points at nobody: the register says so.",
        ),
        _CLEARED_FIX,
    ),
)
_NAMED_FIX = (
    "Écrivez-le sans nommer personne ; ou faites décider de sa publication.",
    "Write it without naming anyone; or have its publication decided.",
)
named = Told(
    "privacy-named",
    "Intitulés qui désignent quelqu’un",
    "Un titre, un mot-clé ou un en-tête sort avec la table, et reste dans des adresses et des moteurs de recherche.",
    _NAMED_FIX[0],
    English(
        "Words that point at someone",
        fix=_NAMED_FIX[1],
        why="A title, a keyword or a header goes out with the table, and stays in addresses and search engines.",
    ),
    "error",
    "confidentiality",
    (
        (
            "L’en-tête de la colonne {n} porte une donnée personnelle ou secrète.",
            "The header of column {n} bears something personal or secret.",
        ),
        (
            "Un intitulé porte une donnée personnelle ou secrète : {place}.",
            "A title or name bears something personal or secret: {place}.",
        ),
        _NAMED_FIX,
    ),
)
