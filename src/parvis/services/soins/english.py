"""What the service of care says, in English."""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "Soins près de chez moi": "Care near me",
    "Qu’est-ce qui est ouvert maintenant, près de moi, à pied ?": "What is open now, near me, on foot?",
    "Les horaires publiés sont lus selon la grammaire d’OpenStreetMap, avec les jours fériés et les vacances scolaires du lieu ; la garde vient du "
    "tour publié, jamais des horaires. Les plus proches sont ceux du plus court chemin à pied, de porte à porte, encore ouverts à l’heure où l’on arrive.": (
        "The published hours are read by OpenStreetMap’s grammar, with the public and school holidays of the place; duty comes from the published "
        "rota, never from the hours. The nearest are those of the shortest way on foot, door to door, still open when one gets there."
    ),
    "Un lieu peut fermer sans le dire : la date de la dernière vérification est à côté de chacun.": (
        "A place may close without saying so: the date on which it was last checked stands beside each."
    ),
    "Un texte d’horaires qui n’est pas compris n’est jamais dit « fermé » : il est montré tel quel.": (
        "Hours that are not understood are never said to be “closed”: they are shown as they are."
    ),
    "Après la dernière date connue du calendrier scolaire, les horaires qui en dépendent sont dits inconnus.": (
        "After the last known day of the school calendar, hours that depend on it are said to be unknown."
    ),
    "Le chemin suit le réseau piéton publié : un passage fermé, des travaux ou une pente n’y sont pas tous.": (
        "The way follows the published walking network: a closed passage, works or a slope may be missing from it."
    ),
    "Rien ici ne pose un diagnostic : en cas d’urgence, appelez le 15 ou le 112.": "Nothing here makes a diagnosis: in an emergency, call 15 or 112.",
    "Où êtes-vous ?": "Where are you?",
    "Une rue, un quartier ou un équipement de la ville, ou votre position.": "A street, a district or a facility of the city, or your position.",
    "Que cherchez-vous ?": "What are you looking for?",
    "une pharmacie": "a pharmacy",
    "un centre de santé": "a health centre",
    "un lieu de vaccination": "a place to be vaccinated",
    "un laboratoire": "a laboratory",
    "une PMI": "a mother and child clinic (PMI)",
    "des urgences": "an emergency department",
    "À quelle heure ?": "At what time?",
    "Maintenant si vous ne dites rien.": "Now, if you say nothing.",
    "Votre pas": "Your pace",
    "normal (4,5 km/h)": "normal (4.5 km/h)",
    "lent (2,7 km/h)": "slow (2.7 km/h)",
    "Accessible en fauteuil, sans marches": "Wheelchair access, no steps",
    "Langue parlée": "Language spoken",
    "peu importe": "any",
    "anglais": "English",
    "arabe": "Arabic",
    "espagnol": "Spanish",
    "portugais": "Portuguese",
    "allemand": "German",
    "italien": "Italian",
    "langue des signes française": "French sign language",
    "plage": "stretch of time",
    "plages": "stretches of time",
    "Ouverture des lieux de soins, jour par jour": "Opening of places of care, day by day",
    "le lieu est ouvert": "the place is open",
    "de garde selon le tour publié : appelez avant de venir": "on duty by the published rota: call before you come",
    "peut-être ouvert : la note dit à quelle condition": "may be open: the note says on what condition",
    "le texte des horaires n’est pas compris : appelez": "its hours are not understood: call",
    "Identifiant": "Identifier",
    "Lieu": "Place",
    "Type": "Type",
    "Début": "Begins",
    "Fin": "Ends",
    "État": "State",
    "Note": "Note",
    "Votre calendrier vaccinal, calculé dans votre navigateur : rien n’est envoyé.": "Your vaccination calendar, worked out in your browser: nothing is sent.",
    "%(name)s est ouvert, à %(min)s min à pied (%(m)s m). Ferme : %(until)s.": "%(name)s is open, %(min)s min on foot (%(m)s m). Closes: %(until)s.",
    "non dit": "not said",
    "Où ils sont": "Where they are",
    "Vaccinations": "Vaccinations",
    "de garde, appelez avant de venir": "on duty, call before you come",
    "jour et nuit": "day and night",
    "ouvert": "open",
    "fermé": "closed",
    "à vérifier": "to be checked",
    "La ville ne publie pas %(what)s qui réponde à votre demande.": "The city publishes nothing that meets your request: %(what)s.",
    "Rien d’ouvert à %(hour)s pour %(what)s. Première ouverture : %(name)s, %(when)s.": (
        "Nothing is open at %(hour)s for %(what)s. First to open: %(name)s, %(when)s."
    ),
    "Un seul lieu ouvert à %(hour)s pour %(what)s : %(name)s.": "Only one place open at %(hour)s for %(what)s: %(name)s.",
    "%(n)s lieux ouverts à %(hour)s pour %(what)s. Dites où vous êtes pour savoir lequel est le plus proche.": (
        "%(n)s places open at %(hour)s for %(what)s. Say where you are to know which is nearest."
    ),
    "De garde : %(name)s, à %(min)s min à pied (%(m)s m), jusqu’à %(until)s. Appelez avant de venir : %(phone)s.": (
        "On duty: %(name)s, %(min)s min on foot (%(m)s m), until %(until)s. Call before you come: %(phone)s."
    ),
    "En partant à %(hour)s, rien n’est ouvert à votre arrivée pour %(what)s. Prochaine ouverture : %(name)s, %(when)s.": (
        "Leaving at %(hour)s, nothing is open when you get there for %(what)s. Next to open: %(name)s, %(when)s."
    ),
    "Ouverts, du plus proche au plus loin": "Open, the nearest first",
    "Ouverts, par nom": "Open, by name",
    "oui": "yes",
    "non": "no",
    "Séances de vaccination des quatre semaines à venir": "Vaccination sessions of the four weeks to come",
    "Conseils du jour": "Advice of the day",
    "pour tous": "for everybody",
    "nourrissons": "babies",
    "enfants": "children",
    "femmes enceintes": "pregnant women",
    "adultes": "adults",
    "65 ans et plus": "65 and over",
    "Niveaux publiés pour ce jour": "Levels published for this day",
    "Le tour de garde n’est pas connu à cette heure : appelez le %(number)s (service payant) ou le commissariat.": (
        "The duty rota is not known at this hour: call %(number)s (charged) or the police station."
    ),
    "De garde selon le tour publié, mais absent des lieux que la ville connaît : %(who)s.": (
        "On duty by the published rota, but not among the places that the city knows: %(who)s."
    ),
    "Les distances sont ici à vol d’oiseau : le réseau piéton n’est pas connu autour de ce lieu.": (
        "Distances are as the crow flies here: the walking network is not known around this place."
    ),
    "Horaires que nous n’avons pas compris": "Hours that we did not understand",
    "Ces lieux ne sont ni dits ouverts, ni dits fermés : appelez-les.": "These places are said to be neither open nor closed: call them.",
    "Horaires qui se lisent de plusieurs façons": "Hours that can be read in more than one way",
    "Ce qui fait douter": "What is in doubt",
    "Là où leurs lectures diffèrent, ces lieux sont dits « à vérifier » : appelez-les.": (
        "Where their readings differ, these places are said “to be checked”: call them."
    ),
    "Le tiret entre deux jours se lit « du… au… » ou « et » : écrivez l’un ou l’autre.": (
        "The dash between two days reads “from… to…” or “and”: write one or the other."
    ),
    "La barre entre deux jours se lit « et » ou « du… au… » : écrivez l’un ou l’autre.": (
        "The slash between two days reads “and” or “from… to…”: write one or the other."
    ),
    "On ne sait si l’exception vaut pour le dernier jour dit ou pour tous.": "The exception may be of the last day that is said, or of all of them.",
    "L’été et l’hiver ne sont pas datés : ce qui diffère de l’un à l’autre n’est pas sûr.": (
        "Summer and winter have no dates: what differs from one to the other is not sure."
    ),
    "« Tous les jours de la semaine » se lit avec le samedi et le dimanche, ou sans.": (
        "“Tous les jours de la semaine” may or may not take in Saturday and Sunday."
    ),
    "On ne sait si les heures dites après « sauf » sont celles de ce jour ou celles qui lui manquent.": (
        "The hours after “sauf” may be those of that day, or those that it lacks."
    ),
    "Une fin d’ouverture se lit du matin ou de l’après-midi : écrivez « 17h », ou « 5h du matin ».": (
        "A closing time reads as of the morning or of the afternoon: write “17h”, or “5h du matin”."
    ),
    "Des mots du début ne sont pas connus : ils sont pris pour le nom du lieu ou du service.": (
        "Words at the beginning are not known: they are taken for the name of the place or of the service."
    ),
    "Des mots qui suivent les heures ne sont pas connus : ils sont pris pour un lieu, ou pour un autre service.": (
        "Words after the hours are not known: they are taken for a place, or for another service."
    ),
    "Un jour est dit deux fois, à des heures différentes : elles s’ajoutent ou se remplacent.": (
        "A day is said twice, with different hours: they add up, or replace one another."
    ),
    "Une date n’est dite qu’à peu près (« mi-avril », « la rentrée ») : autour d’elle, on ne sait.": (
        "A date is said only roughly (“mi-avril”, “la rentrée”): around it, the state is not known."
    ),
    "Une fermeture n’est dite que pour une partie d’un mois : ses dates ne sont pas connues.": (
        "A closure is said only for a part of a month: its dates are not known."
    ),
    "La phrase se lit de plusieurs façons : écrivez chaque jour avec ses heures.": (
        "The sentence can be read in several ways: write each day with its hours."
    ),
    "Les heures d’une demi-journée ne sont pas dites : elles sont prises des autres jours.": (
        "The hours of half a day are not said: they are taken from the other days."
    ),
    "Un week-end de fête se lit avec les jours fériés qui l’entourent, ou sans.": (
        "A weekend of a feast may or may not take in the public holidays around it."
    ),
    "Les « fêtes » sont prises pour les jours fériés.": "“Fêtes” are taken as the public holidays.",
    "Une fête qui commence ou finit une période y est comprise.": "A feast that begins or ends a period is taken as part of it.",
    "Les vacances nommées sont prises pour celles du calendrier scolaire ; des autres, rien n’est dit.": (
        "Holidays that are named are taken as those of the school calendar; of the others nothing is said."
    ),
    "Une règle écrite plus loin donne d’autres heures à certains jours, et leur ôte celles d’avant : pour les ajouter, séparez-les par une virgule.": (
        "A later rule gives other hours to some days, and takes from them those before: a comma between the two would add them."
    ),
    "On ne sait si les jours dont la saison ne dit rien sont alors ouverts comme d’habitude.": (
        "The days of which the season says nothing may or may not be open then as usual."
    ),
    "On ne sait si les jours dont les vacances ne disent rien sont alors ouverts comme d’habitude.": (
        "The days of which the holidays say nothing may or may not be open then as usual."
    ),
    "Les jours ne sont pas dits : ils sont pris pour tous les jours.": "No day is said: every day is taken.",
    "Les « autres jours » comprennent des jours dont rien n’est dit, le dimanche peut-être.": (
        "The “other days” take in days of which nothing is said, Sunday perhaps."
    ),
    "On ne sait si la saison ou la période dite plus haut vaut encore dans cette phrase.": (
        "The season or period said above may or may not go on in this sentence."
    ),
    "Rien d’ouvert, et aucune ouverture n’est annoncée : %(what)s, à %(hour)s.": "Nothing is open, and no opening is announced: %(what)s, at %(hour)s.",
    "Jusqu’à": "Until",
    "Adresse": "Address",
    "Téléphone": "Phone",
    "En fauteuil": "Wheelchair",
    "Langues": "Languages",
    "Horaires, tels qu’écrits": "Hours, as written",
    "Vérifié le": "Checked on",
    "Séance": "Session",
    "Quand": "When",
    "Pour qui": "For whom",
    "Sur rendez-vous": "By appointment",
    "Calendrier vaccinal": "Vaccination calendar",
    "pas d’heure connue": "no time known",
    "À pied": "On foot",
    "Distance": "Distance",
    "Le chemin à pied": "The way on foot",
}
"""By French text."""
