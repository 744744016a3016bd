"""What the service of waste says, in English."""

from __future__ import annotations

from collections.abc import Mapping

from parvis.services.dechets.compute import WATCH

ENGLISH: Mapping[str, str] = {
    "Collecte des déchets": "Waste collection",
    "Quels conteneurs vont déborder, et qui les vide aujourd’hui ?": "Which bins will overflow, and who empties them today?",
    "Le remplissage de chaque conteneur est appris de ses vidages et de sa sonde, jour de semaine par jour de semaine, avec son incertitude ; on vide ceux "
    "dont le risque de déborder vaut le détour. Les tournées respectent camions, capacités, horaires, pauses et exutoires, par le réseau routier publié.": (
        "How each bin fills is learned from its emptyings and its sensor, weekday by weekday, with its uncertainty; those are emptied whose risk of "
        "overflowing is "
        "worth the detour. Rounds respect trucks, capacities, hours, breaks and tips, along the published road network."
    ),
    "Un marché, une fête ou un dépôt sauvage remplit un conteneur que rien n’annonçait.": (
        "A market, a feast or fly-tipping fills a bin that nothing announced."
    ),
    "Un niveau noté de mémoire par le conducteur, ou une sonde déréglée, fausse le rythme appris.": (
        "A level noted from memory by the driver, or a sensor out of order, distorts the pace that is learned."
    ),
    "Les durées ne connaissent ni embouteillages ni travaux.": "Durations know neither jams nor works.",
    "Le bilan vient de semaines simulées : il est optimiste par construction.": "The comparison comes from simulated weeks: it is optimistic by construction.",
    "Les kilomètres notés par les camions et ceux du réseau publié ne se mesurent pas de la même façon : le bilan donne les deux.": (
        "Kilometres noted by trucks and those of the published network are not measured alike: the comparison gives both."
    ),
    "Aujourd’hui connu par": "Today known from",
    "Tournées depuis": "Rounds since",
    "Tournées jusqu’au": "Rounds until",
    "distance par le réseau": "distance by the network",
    "Aucune tournée faite n’est publiée : « aujourd’hui » suit les jours de passage relevés, dans notre meilleur ordre, donc un peu trop bon.": (
        "No round that was made is published: “today” follows the days of emptying, in our best order, so it is a little too good."
    ),
    "« Aujourd’hui » vient des tournées faites du %(since)s au %(until)s ; seuls les débordements sont simulés.": (
        "“Today” comes from the rounds made from %(since)s to %(until)s; only overflow is simulated."
    ),
    "Par le réseau publié, les mêmes font %(km)s km.": "By the published network the same ones make %(km)s km.",
    "Le CO2 suit le facteur par kilomètre que la ville déclare pour ses camions.": (
        "CO2 follows the factor per kilometre that the city declares for its trucks."
    ),
    "Sans réseau routier publié, les distances sont à vol d’oiseau, allongées de 30 %.": (
        "Without a published road network, distances are as the crow flies, made 30% longer."
    ),
    "Près de": "Near",
    "Feuille de route de la tournée": "Sheet of the round",
    "Son nom dans la table des tournées du jour.": "Its name in the table of today’s rounds.",
    "Feuille de route": "Driver’s sheet",
    "Trajet de la tournée": "Track of the round",
    "Remplissage prévu des conteneurs": "Expected filling of the bins",
    "Tournées de collecte du jour": "Collection rounds of the day",
    "Collecte : tournées d’aujourd’hui et tournées selon le remplissage": "Collection: today’s rounds and rounds by filling",
    "Porte à porte : tours d’un jour de collecte": "Kerbside: trips of a collection day",
    "une tournée du jour le vide": "a round of the day empties it",
    f"risque d’au moins {100 * WATCH:.0f} % de déborder dans les trois jours": f"risk of at least {100 * WATCH:.0f}% of overflowing within three days",
    "il devrait avoir de la place": "it should have room",
    "conteneur": "bin",
    "conteneurs": "bins",
    "arrêt": "stop",
    "tournée": "round",
    "tournées": "rounds",
    "Trajets des tournées du jour": "Tracks of today’s rounds",
    "arrêts": "stops",
    "indicateur": "indicator",
    "indicateurs": "indicators",
    "rue": "street",
    "rues": "streets",
    "Conteneur": "Bin",
    "Conteneurs": "Bins",
    "Adresse": "Address",
    "Flux": "Flow",
    "Quartier": "District",
    "Niveau attendu": "Expected level",
    "Risque le soir": "Risk in the evening",
    "Risque le lendemain": "Risk the next day",
    "Risque à trois jours": "Risk in three days",
    "Débordera le": "Will overflow on",
    "État": "State",
    "Passage": "Visit",
    "Jour prévu": "Day",
    "Connu par": "Known from",
    "Tournée": "Round",
    "Jour": "Day",
    "Ordre": "Order",
    "Arrêt": "Stop",
    "Lieu": "Place",
    "Véhicule": "Vehicle",
    "Heure": "Time",
    "Repart": "Leaves",
    "Distance": "Distance",
    "Volume attendu": "Expected volume",
    "Par les rues": "Along streets",
    "Indicateur": "Indicator",
    "Unité": "Unit",
    "Tournées d’aujourd’hui": "Today’s rounds",
    "Selon le remplissage": "By filling",
    "Tour": "Trip",
    "Tronçon": "Section",
    "Tronçons": "Sections",
    "Rue": "Street",
    "Sens": "Direction",
    "Poids attendu": "Expected weight",
    "Première rue": "First street",
    "Pause": "Break",
    "Vidé à": "Emptied at",
    "Départ du camion": "Truck leaves",
    "Retour du camion": "Truck is back",
    "aucun": "none",
    "%": "%",
    "km": "km",
    "kg": "kg",
    "l": "l",
    "h": "h",
    "m": "m",
    "min": "min",
    "% des jours": "% of days",
    # the answer
    "Aucun relevé de conteneur n’est encore publié : rien ne peut être prévu.": "No reading of a bin has been published yet: nothing can be forecast.",
    "Les derniers relevés sont anciens : cette prévision est celle du %(day)s.": "The latest readings are old: this forecast is that of %(day)s.",
    "Les %(n)s conteneurs les plus proches risquent d’être pleins ce soir.": "The %(n)s nearest bins may be full tonight.",
    "Le plus proche qui devrait avoir de la place : %(address)s (%(flow)s), à %(far)s m, plein à %(level)s %%.": (
        "The nearest that should have room: %(address)s (%(flow)s), %(far)s m away, %(level)s%% full."
    ),
    "Les conteneurs les plus proches": "The nearest bins",
    "À vol d’oiseau, du plus proche au plus lointain.": "As the crow flies, nearest first.",
    "Où ils sont": "Where they are",
    "%(n)s conteneurs sur %(all)s sont à vider (%(day)s) : %(rounds)s, %(km)s km.": (
        "%(n)s bins of %(all)s are to be emptied (%(day)s): %(rounds)s, %(km)s km."
    ),
    "une tournée": "one round",
    "%(n)s tournées": "%(n)s rounds",
    "Aucun conteneur n’est à vider (%(day)s) : aucun ne mérite le déplacement.": "No bin is to be emptied (%(day)s): none is worth the way.",
    "Conteneurs à vider ou à surveiller": "Bins to empty or to watch",
    "débordements attendus ce soir si personne ne passe": "overflows expected tonight if nobody comes",
    "conteneurs dont une sonde a parlé": "bins whose sensor spoke",
    "Du plus risqué au moins risqué. Dites où vous êtes pour les plus proches.": "Most at risk first. Say where you are for the nearest.",
    "État des conteneurs": "State of the bins",
    "%(level)s %%, risque %(risk)s %%": "%(level)s%%, risk %(risk)s%%",
    "à vider": "to empty",
    "à surveiller": "to watch",
    "ça va": "fine",
    "Tournées du jour": "Rounds of the day",
    "Camion": "Truck",
    "Départ": "Leaves",
    "Retour": "Back",
    "Distances par les rues.": "Distances along streets.",
    "Une partie des distances est à vol d’oiseau, allongée de 30 %.": "Some distances are as the crow flies, made 30% longer.",
    "Il n’y a pas de tournée « %(name)s » ce jour-là.": "There is no round “%(name)s” on that day.",
    "Feuille de route : %(name)s": "Driver’s sheet: %(name)s",
    "conteneur vidé": "bin emptied",
    "Feuille de route à imprimer (PDF)": "Driver’s sheet to print (PDF)",
    "Trajet pour le navigateur (GPX)": "Track for the navigator (GPX)",
    "Sur les semaines simulées : %(after)s km par semaine au lieu de %(before)s ; conteneurs débordants %(over_after)s %% des jours au lieu de "
    "%(over_before)s %%.": (
        "Over the simulated weeks: %(after)s km a week instead of %(before)s; bins over full on %(over_after)s%% of days instead of %(over_before)s%%."
    ),
    "km par semaine": "km a week",
    "Tournées d’aujourd’hui et tournées selon le remplissage": "Today’s rounds and rounds by filling",
    "distance": "distance",
    "temps de tournée": "time of rounds",
    "CO2": "CO2",
    "vidages": "emptyings",
    "conteneurs débordants": "bins over full",
    "Chaque rue est servie une fois, dans un sens permis ; un demi-tour coûte une minute. Pauses et heures de l’exutoire sont tenues.": (
        "Each street is served once, in a direction allowed; a U-turn costs a minute. Breaks and the hours of the tip are kept."
    ),
    "%(n)s tours (%(kg)s kg) ne tiennent pas dans les heures des camions : il faut un autre jour ou un camion de plus.": (
        "%(n)s trips (%(kg)s kg) do not fit into the hours of the trucks: another day or one truck more is needed."
    ),
    "Porte à porte : les tours d’un jour de collecte": "Kerbside: the trips of a collection day",
    "Tournée %(name)s": "Round %(name)s",
    "%(day)s, %(truck)s : %(stops)s conteneurs, %(km)s km, départ %(start)s, retour %(end)s.": (
        "%(day)s, %(truck)s: %(stops)s bins, %(km)s km, leaves %(start)s, back %(end)s."
    ),
    "Distance (km)": "Distance (km)",
    "Volume attendu (l)": "Expected volume (l)",
    "Les volumes sont des prévisions. Un conteneur plein avant son tour se signale à la régulation.": (
        "Volumes are forecasts. A bin that is full before its turn is reported to dispatch."
    ),
    "%(n)s rues à collecter ne sont dans aucun tour : hors d’atteinte par les sens permis, ou coupées du réseau.": (
        "%(n)s streets to collect are in no trip: out of reach in the directions allowed, or cut off from the network."
    ),
    "départ": "start",
    "collecte": "collection",
    "vidage": "tip",
    "pause": "break",
    "retour": "back",
    "verre": "glass",
    "emballages": "packaging",
    "papier": "paper",
    "textile": "textiles",
    "biodéchets": "food waste",
    "ordures ménagères": "residual waste",
    "encombrants": "bulky waste",
}
"""By French text."""

BREAKDOWN_ENGLISH: dict[str, str] = {
    "Un camion de collecte en panne": "A collection truck that broke down",
    "Qui reprend la tournée d’un camion en panne ?": "Who takes over the round of a truck that broke down?",
    "Ce qui est fait reste fait, chaque camion dehors continue d’où il est, et un camion de réserve peut sortir. Le reste est partagé en "
    "respectant capacités, horaires, pauses et exutoires ; on garde le meilleur de plusieurs essais.": (
        "What is done stays done, each truck that is out goes on from where it is, and a spare truck may come out. The rest is shared, "
        "keeping capacities, hours, breaks and tips; the best of several tries is kept."
    ),
    "Les heures sont celles des tournées prévues : un camion en retard est plus loin qu’il n’est dit.": (
        "Hours are those of the planned rounds: a truck that is late is not where it is said to be."
    ),
    "Ce que le camion en panne contient n’est pas transbordé.": "What the broken truck holds is not carried over.",
    "Les durées ne connaissent ni embouteillages ni travaux.": "Durations know neither traffic jams nor works.",
    "Tournée dont le camion est en panne": "Round whose truck broke down",
    "Heure de la panne": "Time of the breakdown",
    "Nombre d’essais": "Number of tries",
    "Plus d’essais trouvent un meilleur partage.": "More tries find a better sharing.",
    "Recherche d’un partage": "Looking for a sharing",
    "Tournée": "Round",
    "Ordre": "Order",
    "Heure": "Hour",
    "Arrêt": "Stop",
    "Conteneur": "Bin",
    "Lieu": "Place",
    "Conteneurs faits ou en cours": "Bins done or under way",
    "Conteneurs repris": "Bins taken over",
    "Conteneurs qui restent pleins": "Bins that stay full",
    "Distance encore à rouler": "Distance still to drive",
    "Litres dans le camion en panne": "Litres in the broken truck",
    "km": "km",
    "l": "l",
    "camion de réserve": "spare truck",
    "Le reste de la journée": "The rest of the day",
    "Ce qui est repris": "What is taken over",
    "repris": "taken over",
    "reste plein": "stays full",
    "collecte": "collection",
    "vidage": "tip",
    "pause": "break",
    "Panne de « %(name)s » à %(hour)s : %(done)s conteneurs étaient faits ou en cours, %(n)s sont repris, %(left)s restent pleins ; encore %(km)s km.": (
        "Breakdown of “%(name)s” at %(hour)s: %(done)s bins were done or under way, %(n)s are taken over, %(left)s stay full; %(km)s km more."
    ),
}
"""Of the study of a breakdown, by French text."""
