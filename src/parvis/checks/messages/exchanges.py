"""The codes of readers of exchange files: calendars, health directories, budgets."""

from __future__ import annotations

from parvis.checks.declaration import English
from parvis.checks.message import Told

ics_bad_line = Told(
    "file-ics-bad-line",
    "Lignes illisibles dans l’agenda",
    "Un programme d’agenda les passerait sans rien dire : un événement peut manquer.",
    "Refaites l’export depuis le logiciel d’agenda, ou corrigez les lignes dites.",
    English(
        "Unreadable lines in the calendar",
        fix="Export again from the calendar program, or correct the lines that are named.",
        why="A calendar program would pass them over in silence: an event may be missing.",
    ),
    severity="warning",
    sentences=(
        (
            "Des lignes ne sont pas des lignes d’agenda : elles sont laissées de côté.",
            "Some lines are no calendar lines: they are left out.",
        ),
    ),
)
ics_no_start = Told(
    "file-ics-no-start",
    "Événements sans date de début",
    "Sans début, un événement n’a lieu aucun jour.",
    "Donnez à chaque événement sa date de début (DTSTART).",
    English(
        "Events without a start",
        fix="Give each event its start (DTSTART).",
        why="Without a start an event takes place on no day.",
    ),
    severity="warning",
    sentences=(
        (
            "Des événements n’ont pas de date de début : ils sont laissés de côté.",
            "Some events have no start: they are left out.",
        ),
    ),
)
ics_bad_time = Told(
    "file-ics-bad-time",
    "Dates illisibles dans l’agenda",
    "Une date mal écrite fait disparaître un rendez-vous, ou toute sa série.",
    "Écrivez les dates comme 20261124T183000, ou refaites l’export.",
    English(
        "Unreadable dates in the calendar",
        fix="Write dates like 20261124T183000, or export again.",
        why="A date that is written wrongly makes an appointment vanish, or its whole series.",
    ),
    severity="warning",
    sentences=(
        (
            "Des dates sont illisibles : ces dates, ou leurs événements, sont laissés de côté.",
            "Some dates cannot be read: these dates, or their events, are left out.",
        ),
    ),
)
ics_unknown_zone = Told(
    "file-ics-unknown-zone",
    "Fuseau horaire inconnu",
    "L’heure peut être fausse de plusieurs heures pour qui lit d’ailleurs.",
    "Exportez avec les fuseaux (VTIMEZONE), ou nommez-les comme Europe/Paris.",
    English(
        "Unknown time zone",
        fix="Export with the zones (VTIMEZONE), or name them like Europe/Paris.",
        why="The time may be wrong by hours for whoever reads from elsewhere.",
    ),
    severity="warning",
    sentences=(
        (
            "Un fuseau horaire n’est ni connu, ni défini dans le fichier : ses heures sont prises pour des heures locales.",
            "A time zone is neither known nor defined in the file: its times are taken for local times.",
        ),
    ),
)
ics_no_uid = Told(
    "file-ics-no-uid",
    "Événements sans identifiant",
    "Un agenda abonné les montrerait en double à chaque mise à jour.",
    "Donnez à chaque événement un identifiant qui ne change pas (UID).",
    English(
        "Events without an identifier",
        fix="Give each event an identifier that does not change (UID).",
        why="A subscribed calendar would show them twice at each update.",
    ),
    sentences=(
        (
            "Des événements n’ont pas d’identifiant : leurs mises à jour ne pourront pas être suivies.",
            "Some events have no identifier: their updates cannot be followed.",
        ),
    ),
)
ics_bad_end = Told(
    "file-ics-bad-end",
    "Fin d’événement impossible",
    "Sans fin, on ne sait pas si l’événement est encore en cours.",
    "Corrigez la fin (DTEND) ou la durée de ces événements.",
    English(
        "Impossible end of an event",
        fix="Correct the end (DTEND) or the duration of these events.",
        why="Without an end nobody knows whether the event still goes on.",
    ),
    severity="warning",
    sentences=(
        (
            "Des événements finissent avant de commencer, ou ont une fin illisible : ils sont gardés sans durée.",
            "Some events end before they begin, or have an unreadable end: they are kept without a duration.",
        ),
    ),
)
ics_unclosed = Told(
    "file-ics-unclosed",
    "Événement non fermé",
    "Le fichier est sans doute coupé : ce qui suivait manque.",
    "Refaites l’export, et vérifiez que le fichier est arrivé entier.",
    English(
        "An event is not closed",
        fix="Export again, and check that the file arrived whole.",
        why="The file is most likely cut off: what followed is missing.",
    ),
    severity="warning",
    sentences=(
        (
            "Un événement n’est pas fermé : le fichier est peut-être tronqué.",
            "An event is not closed: the file may be cut off.",
        ),
    ),
)
finess_swapped = Told(
    "file-finess-swapped",
    "Coordonnées inversées",
    "Un établissement aux axes inversés est sur la carte à des centaines de kilomètres.",
    "Dites à qui tient le fichier lesquels : la table publiée est dans l’ordre.",
    English(
        "Swapped coordinates",
        fix="Tell whoever keeps the file which ones: the published table is in order.",
        why="An establishment with swapped axes stands hundreds of kilometres away on the map.",
    ),
    severity="warning",
    sentences=(
        (
            "Des établissements ont leurs deux coordonnées inversées : elles ont été remises dans l’ordre.",
            "Some establishments have their two coordinates swapped: they were put in order.",
        ),
    ),
)
finess_nowhere = Told(
    "file-finess-nowhere",
    "Coordonnées hors du territoire",
    "Une position fausse envoie les gens au mauvais endroit ; sans position, ils lisent l’adresse.",
    "Vérifiez la position de ces établissements, ou géocodez leur adresse.",
    English(
        "Coordinates outside their territory",
        fix="Check the position of these establishments, or geocode their address.",
        why="A wrong position sends people to the wrong place; without one they read the address.",
    ),
    severity="warning",
    sentences=(
        (
            "Des établissements ont des coordonnées hors de leur territoire : ils sont gardés, sans position.",
            "Some establishments have coordinates outside their territory: they are kept, without a position.",
        ),
    ),
)
finess_twice = Told(
    "file-finess-twice",
    "Un numéro FINESS, deux établissements",
    "Un établissement écrit deux fois compte deux fois, et l’un des deux n’est peut-être plus à jour.",
    "Gardez la ligne la plus récente de chaque numéro.",
    English(
        "One FINESS number, two establishments",
        fix="Keep the most recent row of each number.",
        why="An establishment written twice counts twice, and one of the two may be out of date.",
    ),
    severity="warning",
    sentences=(
        (
            "Des établissements ont le numéro FINESS d’un autre : chaque ligne est gardée.",
            "Some establishments have another's FINESS number: each row is kept.",
        ),
    ),
)
finess_astray = Told(
    "file-finess-astray",
    "Positions sans établissement, ou contraires",
    "De deux positions d’un même établissement, l’une envoie les gens au mauvais endroit.",
    "Demandez à qui tient le fichier laquelle est la bonne ; celle qui vient en dernier est gardée ici.",
    English(
        "Positions of no establishment, or at odds",
        fix="Ask whoever keeps the file which one is right; the last one is kept here.",
        why="Of two positions of one establishment, one sends people to the wrong place.",
    ),
    severity="warning",
    sentences=(
        (
            "Des positions en contredisent une autre, ou ne sont celles d’aucun établissement du fichier.",
            "Some positions contradict another, or belong to no establishment of the file.",
        ),
    ),
)
enedis_stamps = Told(
    "file-enedis-stamps",
    "Horodates au début ou à la fin ?",
    "Une période prise pour sa voisine déplace chaque nuit d’une demi-heure ou d’une heure.",
    "Comparez un jour avec l’espace client d’Enedis ; demandez la version du fichier si les heures diffèrent.",
    English(
        "Stamps at the beginning or the end?",
        fix="Compare a day with the client's area of Enedis; ask for the file's version if the hours differ.",
        why="A period taken for its neighbour moves each night by half an hour or an hour.",
    ),
    severity="info",
    sentences=(
        (
            "Le fichier ne montre pas si ses horodates marquent le début ou la fin de chaque période : la fin a été prise.",
            "The file does not show whether its stamps mark the beginning or the end of each period: the end was taken.",
        ),
    ),
)
enedis_steps = Told(
    "file-enedis-steps",
    "Durée des périodes non dite",
    "Une puissance ne devient une énergie que par la durée de sa période.",
    "Demandez les mesures avec leur pas, ou vérifiez un jour avec l’espace client d’Enedis.",
    English(
        "Duration of the periods not said",
        fix="Ask for the readings with their step, or check a day with the client's area of Enedis.",
        why="A power becomes an energy only by the duration of its period.",
    ),
    severity="warning",
    sentences=(
        (
            "Le fichier ne dit pas la durée de ses périodes : le plus court écart entre deux horodates a été pris.",
            "The file does not say how long its periods are: the shortest gap between two stamps was taken.",
        ),
    ),
)
grdf_calorific = Told(
    "file-grdf-calorific",
    "Énergie du gaz ramenée au pouvoir inférieur",
    "Le gaz se facture sur pouvoir supérieur ; les bilans et les facteurs de carbone comptent sur pouvoir inférieur, un dixième de moins.",
    "Rien à faire ; pour retrouver la facture, divisez par 0,901.",
    English(
        "Energy of gas brought to the lower calorific value",
        fix="Nothing to do; to meet the bill again, divide by 0.901.",
        why="Gas is billed by the higher calorific value; balances and carbon factors count by the lower one, a tenth less.",
    ),
    severity="info",
    sentences=(
        (
            "Les énergies de GRDF sont sur pouvoir supérieur : 0,901 de chacune a été pris.",
            "Energies of GRDF are by the higher calorific value: 0.901 of each was taken.",
        ),
    ),
)
grdf_periods = Told(
    "file-grdf-periods",
    "Relevés de gaz sans début de période",
    "Une énergie dont on ne sait pas quand elle a commencé ne va dans aucun mois.",
    "Téléchargez les consommations avec un relevé de plus avant le premier.",
    English(
        "Readings of gas without the beginning of their period",
        fix="Download the readings with one more before the first.",
        why="An energy that began nobody knows when belongs to no month.",
    ),
    severity="warning",
    sentences=(
        (
            "Des relevés ne disent pas quand leur période commence : ils sont mis à part.",
            "Some readings do not say when their period begins: they are set apart.",
        ),
    ),
)
totem_totals = Told(
    "file-totem-totals",
    "Totaux mis à part",
    "Comptés avec les lignes, ils doubleraient chaque somme.",
    "Rien à faire : ils servent à vérifier les sommes.",
    English(
        "Totals set apart",
        fix="Nothing to do: they serve to check the sums.",
        why="Counted with the lines, they would double every sum.",
    ),
    sentences=(
        (
            "Les lignes de totaux du document sont à part, dans la table « totaux » : elles n’entrent pas dans les sommes.",
            "The lines of totals of the document stand apart, in the table “totaux”: they are not part of the sums.",
        ),
    ),
)
totem_persons = Told(
    "file-totem-persons",
    "Personnes physiques non nommées",
    "La subvention d’une personne est publiée, son nom ne l’est pas sans base légale.",
    "Rien à faire ; nommez-les seulement si un texte le demande.",
    English(
        "Natural persons not named",
        fix="Nothing to do; name them only where a text asks for it.",
        why="The grant of a person is published, the name is not without a legal ground.",
    ),
    sentences=(
        (
            "Les bénéficiaires que le document dit personnes physiques sont écrits sans leur nom.",
            "The beneficiaries that the document says to be natural persons are written without their name.",
        ),
    ),
)
