"""Pairs of announcements labelled by hand, as French agendas word them: D, one event; N, two. FIRST was
written before the scores that it led to, SECOND before they were changed and tried on it once.

A line: label;town;announcement;announcement. An announcement: title|times|place[@town]|spot|state. Times are
of 2027, local: day and hour, hours that it lasts after a slash; or a day alone, days after the slash. Two
announcements of one spot are at one point of the map; spots of a town lie some hundred metres apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from parvis.methods.events.entry import Entry

_PARIS = ZoneInfo("Europe/Paris")
_TOWNS = {
    "Nantes": (47.2184, -1.5536), "Rennes": (48.1113, -1.68), "Clisson": (47.0863, -1.2827), "Vannes": (47.6582, -2.7608), "Angers": (47.4711, -0.5518),
    "Rezé": (47.185, -1.55), "Valence": (44.9334, 4.8924), "Montbrison": (45.607, 4.065), "Lille": (50.6366, 3.0635), "Roubaix": (50.6916, 3.1742),
    "Dole": (47.093, 5.49), "Albi": (43.928, 2.148),
}  # fmt: skip


def labelled(lines: str) -> tuple[list[Entry], list[bool]]:
    """Entries, two a line, the one after the other, and of each line whether both are one event."""
    entries: list[Entry] = []
    labels: list[bool] = []
    for line in lines.strip().splitlines():
        label, town, *both = line.split(";")
        labels.append(label == "D")
        entries += [
            _entry(f"{len(entries) + n}", "ab"[n], said.split("|"), town) for n, said in enumerate(both)
        ]
    return entries, labels


def _entry(identifier: str, agenda: str, said: Sequence[str], town: str) -> Entry:
    title, times, place, spot, *state = said
    place, _, elsewhere = place.partition("@")
    lat, lon = _TOWNS[elsewhere or town]
    number = sum(map(ord, spot))
    return Entry(
        identifier,
        agenda,
        title,
        tuple(_time(t) for t in times.split(",")),
        place=place,
        lat=lat + 0.0007 * (number % 13),
        lon=lon + 0.0009 * (number % 11),
        state=state[0] if state else "prévu",
    )


def _time(said: str) -> tuple[datetime, datetime]:
    at, _, lasts = said.partition("/")
    if " " in at:
        start, length = (
            datetime.strptime(f"2027-{at} +0000", "%Y-%m-%d %H:%M %z"),
            timedelta(hours=float(lasts or 2)),
        )
    else:
        start, length = (
            datetime.strptime(f"2027-{at} +0000", "%Y-%m-%d %z"),
            timedelta(days=float(lasts or 1)),
        )
    local = start.replace(tzinfo=_PARIS)
    return local.astimezone(UTC), (local + length).astimezone(UTC)


FIRST = """
D;Nantes;Concert de Noël du Chœur de Loire|12-18 20:30|Cathédrale Saint-Pierre|cath;CHŒUR DE LOIRE - Concert de Noël|12-18 20:30|Cathédrale de Nantes|cath
D;Nantes;Apéro-concert : Les Mouettes bavardes|01-15 18:30|Le Café du Port|port;Les Mouettes bavardes en concert|01-15 19:00|Café du Port, quai de la Fosse|port
D;Rennes;Atelier cuisine anti-gaspi|02-03 14:00|Maison de quartier Villejean|vj;Cuisine anti-gaspi (atelier)|02-03 14:00|MQ Villejean|vj
D;Rennes;Bébés lecteurs|01-20 10:00|Bibliothèque Triangle|tri;Les bébés lecteurs à la bibliothèque Triangle|01-20 10:00/1|Bibliothèque du Triangle|tri
D;Vannes;Visite guidée des remparts|04-10 15:00|Porte Prison|pp;Remparts de Vannes : visite guidée|04-10 15:00|Départ porte Prison|pp
D;Angers;Trail des Ardoisières 2027|03-14 09:00/4|Trélazé|ard;13e Trail des Ardoisières|03-14 09:00/6|Parc des Ardoisières|ard
D;Lille;Grande braderie de la rue Gambetta|05-16 08:00/10|Rue Gambetta|gam;Braderie Gambetta|05-16|rue Léon-Gambetta|gam
D;Lille;Ciné-débat « Demain »|02-11 20:00|Cinéma L'Univers|uni;Projection-débat : Demain|02-11 20:00/3|L'univers (cinéma)|uni
D;Albi;Conférence de Jean-Pierre Dupond : les cathares|03-02 18:00|Médiathèque Pierre-Amalric|ama;Les Cathares, conférence par J.-P. Dupond|03-02 18:00|Médiathèque P. Amalric|ama
D;Dole;Marché de Noël|12-12/2|Place aux Fleurs|fle;Marché de Noël de Dole|12-12 10:00/9,12-13 10:00/9|Place aux Fleurs|fle
D;Valence;Exposition « Lumières d'hiver »|01-05/40|Musée de Valence|mus;Lumières d’hiver|01-05 10:00/8,01-06 10:00/8,01-07 10:00/8|Musée d'art et d'archéologie|mus
D;Montbrison;Fête de la fourme et des côtes du Forez|10-02/2|Centre-ville|ctr;Fête de la Fourme|10-02/2|Montbrison|ctr
D;Nantes;Don du sang|01-12 15:00/4|Salle Vasse|vas;Collecte de sang - EFS|01-12 15:00/4|Salle Vasse|vas
D;Nantes;Spectacle jeune public : « Où es-tu, Lune ? »|02-17 16:00/1|Théâtre du Sphinx|sph;Où es-tu Lune ? (dès 3 ans)|02-17 16:00|Le Sphinx|sph
D;Clisson;Médiévales de Clisson|07-24/2|Château de Clisson|cha;Les Médiévales|07-24 10:00/12,07-25 10:00/9|Château|cha
D;Rezé;Repair café|02-06 14:00/4|Maison du développement durable|mdd;Repair Café de Rezé : réparez vos objets !|02-06 14:00/3|MDD, place du Pays de Retz|mdd
D;Rennes;Festival Travelling - séance d'ouverture|02-16 20:00|Le TNB|tnb;Ouverture du festival Travelling|02-16 20:00|Théâtre national de Bretagne|tnb
D;Rennes;Thé dansant avec Pascal Loiret|01-24 14:30/4|Salle de la Cité|cit;THE DANSANT – orchestre Pascal Loiret|01-24 14:30|La Cité|cit
D;Lille;Stand-up : Nadia Belkacem « Sans filtre »|03-19 21:00|Spotlight|spo;Nadia Belkacem - Sans filtre|03-19 21:00/1.5|Le Spotlight|spo
D;Roubaix;Soirée jeux de société|01-29 19:00/4|Ludothèque|lud;Soirée jeux à la ludothèque|01-29 19:00|Ludothèque municipale de Roubaix|lud
D;Vannes;Semaine du Golfe 2027|05-03/7|Golfe du Morbihan|glf;La Semaine du Golfe|05-03/7|Port de Vannes|glf
D;Angers;Orchestre national des Pays de la Loire : Brahms 3|02-20 20:00|Centre de congrès|cgr;ONPL – Symphonie n° 3 de Brahms|02-20 20:00|Centre des congrès Jean-Monnier|cgr
D;Albi;Vide-grenier du quartier Castelviel|06-06 07:00/11|Place du Castelviel|cas;Vide grenier Castelviel|06-06|Castelviel|cas
D;Dole;Inauguration de la passerelle du canal|03-20 11:00|Canal Charles-Quint|can;Passerelle du canal : inauguration|03-20 11:00/1|Quai du canal|can
D;Valence;Conseil municipal|02-01 18:30/3|Hôtel de ville|hdv;Séance du conseil municipal du 1er février|02-01 18:30|Mairie, salle du conseil|hdv
D;Nantes;Jazz à la Fac : Trio Lepic|02-25 12:30/1|Pôle étudiant|pol;Trio Lepic (Jazz à la fac)|02-25 12:30|Pôle étudiant de l'université|pol
D;Nantes;Initiation au sauvetage : gestes qui sauvent|03-06 09:00/3|Caserne Gouzé|gou;Les gestes qui sauvent|03-06 09:00/3|Centre de secours Gouzé|gou
D;Lille;La Nuit de la lecture|01-23 18:00/5|Médiathèque Jean-Lévy|lev;Nuit de la lecture à Jean Lévy|01-23 18:00/4|Médiathèque J. Lévy|lev
D;Rennes;Vernissage de l'exposition Terres noires|03-05 18:00|Galerie Art & Essai|gal;Terres noires, vernissage|03-05 18:30|Galerie art et essai, université Rennes 2|gal
D;Rennes;Concert : Lo'Jo|04-02 20:30|L'Antipode|ant;LO’JO + première partie|04-02 20:00/4|Antipode MJC|ant
D;Clisson;Marché des producteurs|06-19 17:00/5|Halles|hal;Marché de producteurs locaux|06-19 17:00/4|Les Halles de Clisson|hal
D;Rezé;Théâtre : Les Femmes savantes|03-12 20:30|La Soufflerie|sou;Les femmes savantes, de Molière|03-12 20:30/2.5|Théâtre municipal (La Soufflerie)|sou
D;Vannes;Bal trad avec Startijenn|02-13 21:00/4|Palais des Arts|pal;Fest-noz : Startijenn|02-13 21:00|Palais des arts et des congrès|pal
D;Angers;Cycle de films Agnès Varda : Cléo de 5 à 7|02-09 20:15|Les 400 Coups|400;Cléo de 5 à 7|02-09 20:15|Cinéma les 400 coups|400
D;Montbrison;Randonnée des Jasseries|05-30 08:00/6|Col de la Loge|loge;Rando des jasseries|05-30 07:30/9|Parking du col de la Loge|loge
D;Albi;Atelier numérique : trier ses photos|01-18 10:00|Espace public numérique|epn;Trier ses photos (atelier informatique)|01-18 10:00|EPN Albi|epn
D;Dole;Course des Cerises|06-13 10:00/3|Cours Saint-Mauris|mau;La Course des cerises, 10 km|06-13 09:30/4|Cours St Mauris|mau
D;Valence;Drôme de Dames : lecture musicale|03-08 19:00|La Comédie|com;Lecture musicale « Drôme de dames »|03-08 19:00|Comédie de Valence|com
D;Lille;Journée portes ouvertes du conservatoire|05-29 10:00/7|Conservatoire|cns;Portes ouvertes – Conservatoire de Lille|05-29|Conservatoire de Lille|cns
D;Roubaix;Défilé de mode étudiant ESMOD|06-04 19:00|La Piscine|pis;ESMOD : défilé des étudiants|06-04 19:00|Musée La Piscine|pis
D;Nantes;Concert de Noël du Choeur de Loire|12-19 17:00|Cathédrale|cath;Choeur de Loire : concert de Noël|12-19 17:00|Cathédrale Saint Pierre et Saint Paul|cath
D;Nantes;Yoga du rire|02-08 18:30/1|Maison des Confluences|cfl;Séance de yoga du rire|02-08 18:30|Maison des confluences|cfl
D;Rennes;Marché Fermier des Lices|03-27 07:30/6|Place des Lices|lic;marché des lices|03-27 07:30|Pl. des Lices|lic
D;Rennes;Patinoire de Noël|12-11/20|Esplanade De-Gaulle|esp;Patinoire|12-11/20|Esplanade Charles de Gaulle|esp
D;Lille;L'Orchestre de Picardie joue Mozart|03-25 20:00|Nouveau Siècle|nvs;Mozart par l’orchestre de Picardie|03-25 20:00|Auditorium du Nouveau Siècle|nvs
D;Vannes;REPORTÉ - Concert de Gwennyn|04-16 20:30|L'Echonova|ech|reporté;Gwennyn en concert|04-16 20:30|L’Échonova|ech
D;Angers;ANNULÉ : Brocante de la Doutre|05-09 08:00/10|La Doutre|dou|annulé;Brocante de la Doutre|05-09 08:00|Place de la Laiterie, La Doutre|dou
D;Albi;Pause Guitare : Clara Luciani|07-08 21:30|Base de loisirs de Pratgraussals|prt;Clara Luciani à Pause Guitare|07-08 21:30|Pratgraussals|prt
D;Dole;Café tricot|01-13 14:00,01-20 14:00,01-27 14:00|Maison de quartier|mq;Café-tricot hebdomadaire|01-13 14:00/3,01-20 14:00/3,01-27 14:00/3|MQ des Mesnils|mq
D;Valence;Cours de danse country|02-02 19:00,02-09 19:00,02-16 19:00|MJC Grand Charran|mjc;Danse country pour débutants|02-02 19:00,02-09 19:00,02-16 19:00|MJC du Grand-Charran|mjc
D;Montbrison;Commémoration du 8 mai|05-08 11:00/1|Monument aux morts|mon;Cérémonie commémorative du 8 mai 1945|05-08 11:00|Monument aux Morts, jardin d'Allard|mon
D;Nantes;Carnaval de Nantes - parade de jour|04-04 14:30/3|Centre-ville|ctr;Parade du carnaval|04-04 14:30|cours des 50-Otages|ctr
D;Nantes;Les Utopiales : rencontre avec Alain Damasio|10-30 15:00/1|Cité des congrès|cgn;Rencontre Alain Damasio|10-30 15:00|Cité des Congrès de Nantes|cgn
D;Lille;Dégustation de bières artisanales|02-26 18:00|Brasserie Célestin|cel;Découverte et dégustation : bières artisanales lilloises|02-26 18:00|Célestin|cel
D;Roubaix;Braderie de l'art|12-04 14:00/24|La Condition publique|cdp;La Braderie de l'Art 2027|12-04/2|Condition Publique|cdp
D;Rennes;Cross du Samedi|01-16 09:30/3|Parc des Gayeulles|gay;Cross des Gayeulles|01-16 09:30|Parc des Gayeulles|gay
D;Clisson;Hellfest – journée 1|06-17 10:30/15|Site du Hellfest|hel;Hellfest Open Air : jeudi|06-17 10:30/16|Hellfest|hel
D;Rezé;Permanence de l'écrivain public|02-04 09:00/3|Mairie annexe|ann;Écrivain public - permanence|02-04 09:00|Mairie annexe de Trentemoult|ann
D;Vannes;Planétarium : Le ciel du mois|03-03 15:00/1|Planétarium|pla;Le Ciel du mois (séance de planétarium)|03-03 15:00/1|Planétarium de Vannes|pla
D;Angers;Tournoi d'échecs open rapide|04-25 09:00/9|Salle Jean-Bouin|bou;Open rapide d’échecs d’Angers|04-25 09:00/8|Salle J. Bouin|bou
D;Albi;Loto de l'amicale des pompiers|02-21 14:00/4|Salle de Pratgraussals|spr;LOTO – Amicale des sapeurs-pompiers|02-21 14:00|Pratgraussals, salle événementielle|spr
D;Dole;Pasteur, l'homme et le savant|03-16 14:00|Maison natale de Pasteur|pas;Visite : Pasteur l'homme et le savant|03-16 14:00/1|Maison Pasteur|pas
D;Valence;Corso fleuri|05-15 20:30|Boulevard Bancel|ban;Grand Corso fleuri de Valence|05-15 20:30/3|Bd Bancel|ban
D;Nantes;Lectures d'écran : Annie Ernaux|03-23 18:30|Lieu Unique|lun;« Lectures d'écran » Annie Ernaux au Lieu Unique|03-23 18:30|le lieu unique|lun
D;Lille;Soirée quiz : années 90|03-11 20:00|Bar La Capsule|cap;Quiz années 90|03-11 20:00/3|La Capsule|cap
D;Rennes;Université du temps libre : Les origines de la Terre|02-22 14:30|Amphi Donzelot|don;Les origines de la Terre (UTL)|02-22 14:30|Amphithéâtre Donzelot|don
D;Vannes;Régates de printemps|04-18 10:00/7|Port de plaisance|ppl;Régate de printemps du Cercle nautique|04-18|Port de Vannes|ppl
D;Angers;Alerte aux moustiques : réunion publique|05-04 19:00|Salle du Doyenné|doy;Réunion publique « Alerte aux moustiques »|05-04 19:00|Le Doyenné|doy
D;Montbrison;Récital d'orgue de Thierry Escaich|06-26 17:00|Collégiale Notre-Dame|col;Thierry Escaich, orgue|06-26 17:00/1.5|Collégiale ND d'Espérance|col
D;Roubaix;Atelier « Fabrique ton cerf-volant »|04-21 14:00|Parc Barbieux|bar;Fabrique ton cerf volant|04-21 14:00/2|Parc Barbieux|bar
D;Dole;Fête de la musique|06-21 18:00/6|Centre historique|his;Fête de la Musique 2027 à Dole|06-21 17:00/8|Dole centre|his
D;Albi;Marathon des mots : lecture de Marie NDiaye|06-25 19:00|Cloître Saint-Salvi|sal;Marie NDiaye lit au cloître St-Salvi|06-25 19:00/1|Cloître St Salvi|sal
D;Valence;Stage de cirque pour enfants|02-22/5|Gymnase Seignobos|sei;Stage cirque (6-12 ans)|02-22 10:00/6,02-23 10:00/6,02-24 10:00/6,02-25 10:00/6,02-26 10:00/6|Gymnase Charles-Seignobos|sei
D;Nantes;Balade nature : les hérons de l'Erdre|04-24 09:30|Parc de la Chantrerie|chn;Les hérons de l'Erdre, balade ornithologique|04-24 09:30/3|La Chantrerie|chn
D;Lille;Salon de l'étudiant|01-08/3|Lille Grand Palais|lgp;Salon de l’Étudiant de Lille|01-08 09:30/8,01-09 09:30/8,01-10 09:30/8|Grand Palais|lgp
N;Nantes;Bébés lecteurs|01-20 10:00/1|Médiathèque Floresca-Guépin|flo;Bébés lecteurs|01-27 10:00/1|Médiathèque Floresca-Guépin|flo
N;Nantes;Bébés lecteurs|01-20 10:00/1|Médiathèque Floresca-Guépin|flo;Bébés lecteurs|01-20 10:00/1|Médiathèque Jacques-Demy|dem
N;Rennes;Visite guidée du Parlement|04-10 10:30/1.5|Parlement de Bretagne|par;Visite guidée du Parlement|04-10 14:30/1.5|Parlement de Bretagne|par
N;Rennes;Fête de la musique|06-21 18:00/6|Centre-ville@Rennes|ctr;Fête de la musique|06-21 18:00/6|Centre-ville@Vannes|ctr
N;Angers;Marché de Noël|12-12/2|Place Sainte-Croix@Angers|ste;Marché de Noël|12-12/2|Place aux Fleurs@Albi|fle
N;Lille;Concert des élèves : classe de piano|03-17 18:30|Conservatoire|cns;Concert des élèves : classe de violon|03-17 18:30|Conservatoire|cns
N;Lille;Festival Les Paradis artificiels|05-20/5|Aéronef|aer;Les Paradis artificiels : concert de Vald|05-22 20:00|Aéronef|aer
N;Roubaix;Nuit des musées|05-15 18:00/6|La Piscine|pis;Nuit des musées|05-15 18:00/6|La Manufacture|man
N;Vannes;Semaine du Golfe|05-03/7|Golfe du Morbihan|glf;Semaine du Golfe : grande parade|05-08 10:00/6|Golfe du Morbihan|glf
N;Albi;Pause Guitare : Clara Luciani|07-08 21:30|Pratgraussals|prt;Pause Guitare : Zaho de Sagazan|07-08 23:00|Pratgraussals|prt
N;Albi;Match SCA - Colomiers|01-30 15:00|Stadium municipal|std;Match SCA - Carcassonne|02-13 15:00|Stadium municipal|std
N;Dole;Conférence : les abeilles sauvages|02-10 18:30|Médiathèque de l'Hôtel-Dieu|hd;Conférence : les arbres remarquables|02-10 18:30|Salle de l'Arquebuse|arq
N;Dole;Cours de gym douce groupe A|01-11 10:00/1|Salle Edgar-Faure|edg;Cours de gym douce groupe B|01-11 11:00/1|Salle Edgar-Faure|edg
N;Valence;Atelier poterie adultes|02-06 14:00|MJC|mjc;Atelier poterie enfants|02-06 14:00|MJC|mjc
N;Valence;Le Malade imaginaire|03-11 20:00|La Comédie|com;Le Malade imaginaire|03-12 20:00|La Comédie|com
N;Montbrison;Loto du club de foot|02-07 14:00/4|Salle Guy-Poirieux|poi;Loto du club de basket|02-14 14:00/4|Salle Guy-Poirieux|poi
N;Montbrison;Trail 12 km|05-30 09:00/3|Col de la Loge|loge;Trail 25 km|05-30 08:00/5|Col de la Loge|loge
N;Nantes;Conférence : Histoire de l'esclavage à Nantes|05-10 18:30|Château des ducs|chd;Visite : Histoire de l'esclavage à Nantes|05-10 15:00|Mémorial|mem
N;Nantes;Permanence juridique gratuite|02-04 14:00/3|Maison de la justice|jus;Permanence juridique gratuite|02-04 14:00/3|Mairie annexe de Chantenay|cht
N;Nantes;Concert de Noël|12-18 20:30|Église Sainte-Croix|ste;Concert de Noël|12-18 20:30|Église Saint-Nicolas|nic
N;Rennes;Transmusicales : Salle 1|12-03 20:00/6|Parc expo|pex;Transmusicales : Salle 2|12-03 20:00/6|Parc expo|pex
N;Rennes;Réunion de quartier Cleunay|03-09 19:00|Maison Suédoise|sue;Réunion de quartier Villejean|03-09 19:00|Maison Verte|ver
N;Rennes;Stade rennais - Brest|02-21 17:00|Roazhon Park|roa;Stade rennais féminin - Brest|02-20 15:00|Roazhon Park|roa
N;Lille;Exposition Goya|01-05/90|Palais des Beaux-Arts|pba;Visite guidée de l'exposition Goya|02-06 15:00/1|Palais des Beaux-Arts|pba
N;Lille;Exposition Goya|01-05/90|Palais des Beaux-Arts|pba;Exposition Rodin|01-05/90|Palais des Beaux-Arts|pba
N;Lille;Café philo : le bonheur|01-14 19:00|Café citoyen|caf;Café philo : la mort|02-11 19:00|Café citoyen|caf
N;Vannes;Cours de breton niveau 1|01-12 18:00|Maison des associations|mas;Cours de breton niveau 2|01-12 19:30|Maison des associations|mas
N;Vannes;Projection : Océans|03-05 20:30|La Garenne|gar;Projection : Les Gardiens des océans|03-12 20:30|La Garenne|gar
N;Angers;Premiers Plans : courts métrages programme 1|01-18 14:00|Les 400 Coups|400;Premiers Plans : courts métrages programme 2|01-18 17:00|Les 400 Coups|400
N;Angers;Tournoi U11|04-25 09:00/9|Stade Marcel-Denis|den;Tournoi U13|04-25 09:00/9|Stade Marcel-Denis|den
N;Angers;Orchestre national des Pays de la Loire : Brahms|02-20 20:00|Centre de congrès@Angers|cgr;Orchestre national des Pays de la Loire : Brahms|02-21 20:00|La Cité@Nantes|cgn
N;Clisson;Hellfest : Metallica|06-19 22:00/2|Site du Hellfest|hel;Hellfest : Iron Maiden|06-18 22:00/2|Site du Hellfest|hel
N;Clisson;Marché|01-15 08:00/5|Halles|hal;Marché|01-22 08:00/5|Halles|hal
N;Rezé;Atelier d'écriture|02-05 18:00|Médiathèque Diderot|did;Atelier d'écriture|02-05 18:00|Centre Le Château|lch
N;Rezé;Atelier de réparation de vélos|02-06 10:00|Place du 8-Mai|8m;Atelier de réparation de smartphones|02-06 10:00|Place du 8-Mai|8m
N;Albi;Festival Urban Festival|06-11/3|Grand Théâtre|gth;Urban Festival : battle hip-hop|06-12 20:00|Grand Théâtre|gth
N;Albi;Conte : Le Petit Poucet|02-17 15:00/1|Médiathèque|ama;Conte : Le Chat botté|02-17 16:30/1|Médiathèque|ama
N;Dole;Vide-grenier|05-09 08:00/9|Avenue de Lahr|lah;Vide-grenier|05-09 08:00/9|Quartier des Mesnils|mq
N;Dole;Messe de minuit|12-24 23:00/1.5|Collégiale@Dole|clg;Messe de minuit|12-24 23:00/1.5|Collégiale@Montbrison|clg
N;Valence;Récital de piano : Chopin|03-20 20:30|Théâtre|tht;Récital de piano : Liszt|03-20 20:30|Conservatoire|cns
N;Valence;Festival de la gastronomie : atelier pain|09-18 10:00|Champ-de-Mars|cdm;Festival de la gastronomie : atelier fromage|09-18 10:00|Champ-de-Mars|cdm
N;Montbrison;Ciné-club : La Strada|01-28 20:30|Cinéma Rex|rex;Ciné-club : Les Vitelloni|01-28 20:30|Cinéma Rex|rex
N;Montbrison;Ouverture de la piscine|05-01 10:00/8|Piscine|pis;Ouverture de la chasse|09-12 08:00/8|Forêt|for
N;Nantes;Vernissage : Peintures de Yann Kersalé|03-04 18:00|Galerie RDV|rdv;Exposition : Peintures de Yann Kersalé|03-05/30|Galerie RDV|rdv
N;Nantes;Folle Journée : concert n° 112|01-30 11:00/1|Cité des congrès|cgn;Folle Journée : concert n° 121|01-30 11:00/1|Cité des congrès|cgn
N;Nantes;Folle Journée : Quatuor Modigliani|01-29 11:00/1|Cité des congrès|cgn;Folle Journée : Quatuor Modigliani|01-30 16:00/1|Cité des congrès|cgn
N;Rennes;Bourse aux vélos|04-24 10:00/7|Parc Oberthür|obe;Bourse aux plantes|04-24 10:00/7|Parc Oberthür|obe
N;Rennes;Bourse aux plantes de printemps|04-24 10:00/7|Parc Oberthür|obe;Bourse aux plantes d'automne|10-16 10:00/7|Parc Oberthür|obe
N;Lille;Stage de théâtre 8-11 ans|02-22/5|Maison Folie|mfo;Stage de théâtre 12-15 ans|02-22/5|Maison Folie|mfo
N;Lille;Jazz en Nord : Avishai Cohen|03-12 20:30|Le Zeppelin|zep;Jazz en Nord : Biréli Lagrène|03-12 20:30|Colisée@Roubaix|clz
N;Roubaix;Don du sang|01-12 15:00/4|Salle Watremez|wat;Don du sang|03-09 15:00/4|Salle Watremez|wat
N;Roubaix;Conseil municipal|02-01 18:30/3|Hôtel de ville@Roubaix|hdv;Conseil municipal|02-01 18:30/3|Hôtel de ville@Lille|hdv
N;Vannes;Fest-noz|02-13 21:00/5|Salle du Foso|fos;Fest-noz|02-13 21:00/5|Séné, Grain de Sel|grs
N;Vannes;Festival Jazz en ville : ouverture|07-20 20:00|Jardin de Limur|lim;Festival Jazz en ville : clôture|07-24 20:00|Jardin de Limur|lim
N;Angers;Salon des vins de Loire|02-01/2|Parc des expositions|pex;Salon du végétal|09-08/2|Parc des expositions|pex
N;Angers;Concert de l'harmonie municipale|03-14 16:00|Salle Aragon|ara;Concert de la chorale municipale|03-14 16:00|Chapelle|chp
N;Clisson;Visite du château en famille|04-14 15:00/1|Château|cha;Visite nocturne du château|07-14 21:00/1|Château|cha
N;Clisson;Fête des voisins – rue des Cordiers|05-28 19:00/4|Rue des Cordiers|crd;Fête des voisins – rue du Moulin|05-28 19:00/4|Rue du Moulin|mou
N;Rezé;La Soufflerie : Fakear|02-26 20:30|La Soufflerie|sou;La Soufflerie : Arthur H|02-27 20:30|La Soufflerie|sou
N;Rezé;Café des parents : le sommeil|02-02 09:30|Centre socioculturel Loire et Seil|lsl;Café des parents : les écrans|03-02 09:30|Centre socioculturel Loire et Seil|lsl
N;Albi;Spectacle : Le Lac des cygnes|04-01 20:00|Grand Théâtre@Albi|gth;Spectacle : Le Lac des cygnes|04-01 20:00|Grand Théâtre@Angers|gta
N;Albi;Journées du patrimoine : la cathédrale|09-18 10:00/8|Cathédrale Sainte-Cécile|cec;Journées du patrimoine : le palais de la Berbie|09-18 10:00/8|Palais de la Berbie|cec
N;Dole;Atelier mosaïque (complet)|03-13 14:00|Musée des Beaux-Arts|mba;Atelier gravure (complet)|03-13 14:00|Musée des Beaux-Arts|mba
N;Dole;Cirque Arlette Gruss|04-02 18:00|Prairie d'Assaut|pra;Cirque Medrano|04-09 18:00|Prairie d'Assaut|pra
N;Valence;Feu d'artifice du 14 juillet|07-14 22:30/1|Parc Jouvet@Valence|jou;Feu d'artifice du 14 juillet|07-14 22:30/1|Champ de foire@Montbrison|jou
N;Valence;Bal du 14 juillet|07-14 21:00/5|Parc Jouvet|jou;Feu d'artifice du 14 juillet|07-14 22:30/1|Parc Jouvet|jou
N;Montbrison;Réunion publique PLU|03-03 19:00|Théâtre des Pénitents|pen;Réunion publique budget participatif|03-03 19:00|Espace Guy-Poirieux|poi
N;Nantes;Braderie de printemps du Secours populaire|04-10 09:00/8|Salle Festive|sfe;Braderie d'hiver du Secours populaire|01-16 09:00/8|Salle Festive|sfe
N;Nantes;Les Petits Explorateurs : volcans|02-10 14:00|Muséum|msm;Les Petits Explorateurs : dinosaures|02-10 16:00|Muséum|msm
N;Lille;Improvisation : match LIMA contre Lyon|03-06 20:30|Théâtre de la Découverte|dec;Improvisation : match LIMA contre Québec|03-07 20:30|Théâtre de la Découverte|dec
N;Lille;Visite du beffroi|04-03 10:00/1,04-04 10:00/1|Beffroi|bef;Visite du beffroi|05-01 10:00/1,05-02 10:00/1|Beffroi|bef
N;Rennes;Carte blanche à Étienne Daho|04-03 20:00|Opéra|ope;Carte blanche à Miossec|04-03 20:00|Antipode|ant
N;Rennes;L'Avare|03-20 20:30|Théâtre du Vieux Saint-Étienne@Rennes|vse;L'Avare|03-20 20:30|Théâtre Francine-Vasse@Nantes|vas
N;Vannes;Marché bio|01-13 08:00/5|Place des Lices|plc;Marché de Noël|12-12/2|Place des Lices|plc
N;Angers;Opéra : Carmen (version concert)|05-20 20:00|Grand Théâtre|gta;Opéra : Carmen expliqué aux enfants|05-19 15:00/1|Grand Théâtre|gta
"""
SECOND = """
D;Lille;Blind-test géant|01-22 20:00|Bar Le Biplan|bip;Grand blind test musical du vendredi|01-22 20:30|Le Biplan|bip
D;Lille;Heure du conte|02-10 16:00/1|Médiathèque de Moulins|mou;L'heure du conte à la médiathèque de Moulins (3-6 ans)|02-10 16:00/0.75|Médiathèque de Lille-Moulins|mou
D;Nantes;Foire aux livres d'Amnesty|03-20 10:00/8,03-21 10:00/8|Salle Festive Nantes-Erdre|erd;Foire aux livres Amnesty International|03-20/2|Salle festive|erd
D;Nantes;Portes ouvertes des ateliers d'artistes|10-02/2|Quartier Bas-Chantenay|bch;Ateliers d’artistes : week-end portes ouvertes|10-02 10:00/9,10-03 10:00/9|Bas Chantenay|bch
D;Rennes;Spectacle de marionnettes : Pinocchio|02-24 15:00/1|Théâtre Lillico|lil;Pinocchio (marionnettes, dès 5 ans)|02-24 15:00|Lillico|lil
D;Rennes;Soutien à l'Ukraine : concert solidaire|02-24 19:00|Église Saint-Germain|ger;Concert solidaire pour l'Ukraine|02-24 19:00/2|St-Germain, Rennes|ger
D;Vannes;Vide-dressing|04-25 10:00/7|Halles des Lices|hll;Vide dressing femme et enfant|04-25 10:00/8|Les Halles|hll
D;Vannes;Sortie en mer sur le Corbeau des mers|05-22 14:00/4|Port|por;Corbeau des Mers : sortie en mer|05-22 14:00|Port de Vannes|por
D;Angers;Accroche-Coeurs|09-10/3|Centre-ville d'Angers|ctr;Festival Les Accroche-cœurs 2027|09-10/3|Angers|ctr
D;Angers;Bibliothèque vivante|03-13 14:00/3|Bibliothèque Toussaint|tou;La bibliothèque vivante : empruntez une personne !|03-13 14:00|Médiathèque Toussaint|tou
D;Albi;Grand prix d'Albi|09-04/2|Circuit d'Albi|cir;79e Grand Prix automobile d'Albi|09-04 08:00/10,09-05 08:00/10|Circuit du Séquestre|cir
D;Albi;Sieste musicale|06-30 13:00/1|Jardins de la Berbie|ber;Sieste musicale dans les jardins de la Berbie|06-30 13:00/1|Palais de la Berbie|ber
D;Dole;Concours de pétanque en doublettes|05-16 14:00/6|Boulodrome|bou;Pétanque : concours en doublette|05-16 14:00|Boulodrome de Dole|bou
D;Dole;Les Mercredis de l'histoire : Louis XI|02-17 18:30|Médiathèque|med;Louis XI, par l'historien Paul Delsalle (mercredis de l'histoire)|02-17 18:30/1.5|Médiathèque de Dole|med
D;Valence;Salon du livre jeunesse|03-26/3|Parc des expositions|pex;Salon du livre de jeunesse de Valence|03-26 09:00/9,03-27 09:00/9,03-28 09:00/9|Parc expo|pex
D;Valence;Zumba party|02-19 19:00/2|Gymnase Chareyre|chr;ZUMBA PARTY au profit du Téléthon|02-19 19:00|Gymnase Chareyre|chr
D;Montbrison;Crèche vivante|12-19 17:00/2|Place Bouvier|bvr;La crèche vivante de Montbrison|12-19 17:00|place Bouvier|bvr
D;Montbrison;Le Bourgeois gentilhomme - Cie des Pénitents|04-09 20:30|Théâtre des Pénitents|pen;Théâtre : Le bourgeois gentilhomme|04-09 20:30/2|Les Pénitents|pen
D;Roubaix;Afterwork jazz|01-28 18:30|Bar de l'Impertinente|imp;After work jazz|01-28 18:30|L'Impertinente|imp
D;Roubaix;Dessin d'après modèle vivant|03-04 18:30|Atelier Jouret|jou;Cours de dessin : modèle vivant|03-04 18:30/2|Ateliers Jouret|jou
D;Rezé;Réunion d'information sur la rénovation énergétique|03-18 18:30|Hôtel de ville|hdv;Rénovation énergétique : réunion d'information|03-18 18:30|Mairie de Rezé|hdv
D;Rezé;Tremplin rock des lycées|04-03 20:00|Barakason|bar;Tremplin Rock inter-lycées|04-03 20:00/4|La Barakason|bar
D;Clisson;Chasse aux œufs|03-28 10:30|Parc de la Garenne Lemot|lem;Chasse aux oeufs de Pâques|03-28 10:30/2|Garenne Lemot|lem
D;Clisson;Montmartre à Clisson|05-16 09:00/10|Vallée de Clisson|val;Montmartre à Clisson : peintres dans la rue|05-16|Clisson|val
D;Nantes;Course Odysséa|03-21 09:30/4|Cours Saint-Pierre|csp;Odyssea Nantes 2027 - courir contre le cancer|03-21 09:00/5|Cours St-Pierre|csp
D;Nantes;Karaoké live|02-05 21:00|Stereolux|ste;Karaoké live avec Les Zicos|02-05 21:00/3|Stéréolux|ste
D;Lille;OL : Dvořák, Symphonie du Nouveau Monde|04-15 20:00|Nouveau Siècle|nvs;Symphonie du Nouveau Monde de Dvorak|04-15 20:00|Auditorium du Nouveau-Siècle|nvs
D;Lille;Apprendre à coudre : la trousse|03-13 14:00|Atelier Bobine|bob;Couture : réaliser une trousse|03-13 14:00|Bobine|bob
D;Rennes;Match d'impro Turing vs Nantes|02-27 20:30|MJC Bréquigny|bre;Match d’improvisation : la Turing reçoit Nantes|02-27 20:30|Bréquigny|bre
D;Rennes;Cérémonie des vœux|01-08 19:00|Couvent des Jacobins|jac;Vœux de la maire aux habitants|01-08 19:00|Centre des congrès - Couvent des Jacobins|jac
D;Vannes;Permanence France Rénov'|02-16 09:00/3|Mairie de Ménimur|mnm;France Rénov : permanence conseil|02-16 09:00|Mairie annexe Ménimur|mnm
D;Angers;Conférence MCTE : la Voie lactée|02-12 20:30|Musée des sciences naturelles|sci;La Voie lactée|02-12 20:30/1.5|Muséum des sciences naturelles|sci
D;Angers;Récital Anne Queffélec|03-19 20:00|Grand Théâtre|gta;Anne Queffélec, piano|03-19 20:00|Grand-Théâtre d'Angers|gta
D;Albi;Marché potier|08-14/2|Place Sainte-Cécile|cec;Marché des potiers|08-14 09:00/10,08-15 09:00/10|Pl. Ste-Cécile|cec
D;Dole;Tournoi de tarot|01-30 14:00/5|Salle Edgar-Faure|edg;Concours de tarot organisé par le club|01-30 14:00|Salle E. Faure|edg
D;Valence;Fête du jeu|05-29 10:00/8|Parc Jouvet|jou;La Fête mondiale du jeu|05-29 10:00/8|parc Jouvet|jou
D;Montbrison;Stage photo nature|07-05/3|Maison de la nature|nat;Photo nature : stage de 3 jours|07-05 09:00/8,07-06 09:00/8,07-07 09:00/8|Maison nature|nat
D;Nantes;Café-langues|02-11 19:00|Le Live Bar|liv;Café polyglotte / café langues|02-11 19:00/3|Live Bar|liv
D;Nantes;Marche pour le climat|03-13 14:00/3|Place Graslin|gra;Grande marche climat|03-13 14:00|Place Graslin|gra
D;Roubaix;[COMPLET] Escape game au musée|02-20 14:00/1|La Manufacture|man|complet;Escape game à la Manufacture|02-20 14:00/1|Manufacture, musée de la mémoire|man
D;Lille;Projection en VOST : Parasite|01-30 21:00|Le Métropole|met;Parasite (VOST)|01-30 21:00|Cinéma Métropole|met
D;Rennes;Formation PSC1|03-27 09:00/8|Protection civile 35|pc;PSC1 – formation premiers secours|03-27 09:00|Protection Civile|pc
D;Vannes;Tro Bro : balade contée à Conleau|04-17 15:00|Presqu'île de Conleau|con;Balade contée à Conleau|04-17 15:00/2|Conleau|con
D;Angers;Gratiferia|05-02 10:00/6|Place Ney|ney;Gratiferia : le marché gratuit|05-02 10:00|Place Ney|ney
D;Albi;Cirque à la carte : Cie Les Filles du renard pâle|04-23 20:00|Grand Théâtre|gth;Les filles du renard pâle|04-23 20:00/1|Scène nationale d'Albi|gth
D;Dole;Slam session ouverte|02-26 20:00|La Fabrique|fab;Scène ouverte slam|02-26 20:00|La Fabrique, rue du Boichot|fab
D;Valence;Cérémonie du 11 novembre|11-11 11:00/1|Monument aux morts|mon;Commémoration de l'Armistice du 11 novembre 1918|11-11 11:00|Monument aux morts, parc Jouvet|mon
D;Rezé;Brico-récup|02-13 14:00|Ressourcerie de l'Île|res;Atelier brico récup' en famille|02-13 14:00|Ressourcerie de l’île|res
D;Clisson;Gala de danse|06-26 20:00|Espace Saint-Jacques|stj;Gala de l'école de danse de Clisson|06-26 20:00/3|Saint Jacques|stj
D;Montbrison;Bourse aux skis|11-06 09:00/8|Salle Poirieux|poi;Bourse aux skis du ski-club|11-06 09:00/9|Espace Guy-Poirieux|poi
N;Lille;Blind-test années 80|01-22 20:00|Le Biplan|bip;Blind-test années 2000|01-29 20:00|Le Biplan|bip
N;Lille;Heure du conte|02-10 16:00/1|Médiathèque de Moulins|mou;Heure du conte|02-10 16:00/1|Médiathèque de Wazemmes|waz
N;Lille;Cours de swing débutants|01-19 19:00/1|Gare Saint-Sauveur|sau;Cours de swing intermédiaires|01-19 19:00/1|Gare Saint-Sauveur|sau
N;Nantes;Portes ouvertes du lycée Guist'hau|03-13 09:00/4|Lycée Guist'hau|gui;Portes ouvertes du lycée Clemenceau|03-13 09:00/4|Lycée Clemenceau|cle
N;Nantes;Portes ouvertes|03-13 09:00/4|IUT de Nantes|iut;Portes ouvertes|03-13 09:00/4|École d'architecture|arc
N;Nantes;Atelier tricot|02-11 18:00|Maison des Haubans|hau;Atelier couture|02-11 18:00|Maison des Haubans|hau
N;Rennes;Concert : Dominique A|03-04 20:30|Le MeM|mem;Concert : Feu! Chatterton|03-05 20:30|Le MeM|mem
N;Rennes;Festival Mythos|04-02/9|Thabor|tha;Mythos : soirée d'ouverture|04-02 20:00|Thabor|tha
N;Rennes;Festival Mythos : cabaret botanique|04-03 21:00|Thabor|tha;Festival Mythos : la criée des contes|04-03 18:00|Thabor|tha
N;Vannes;Concours de belote|02-07 14:00/4|Salle des fêtes, Séné|sen;Concours de belote|02-07 14:00/4|Salle polyvalente, Theix|the
N;Vannes;Visite de l'aquarium|04-14 10:00/2|Aquarium|aqu;Visite de la papillonneraie|04-14 10:00/2|Jardin aux papillons|pap
N;Vannes;Pardon de Saint-Gildas|05-30 10:30|Saint-Gildas|gil;Pardon de Sainte-Anne|07-25 10:30|Sainte-Anne-d'Auray|ann
N;Angers;Match UJAP Basket - Nancy|02-13 20:00|Arena Loire|are;Match UFAB - Lyon|02-14 17:00|Arena Loire|are
N;Angers;Accroche-cœurs : Cie Off|09-10 21:30|Place du Ralliement|ral;Accroche-cœurs : Cie Transe Express|09-11 21:30|Place du Ralliement|ral
N;Angers;Lecture à voix haute : Colette|02-05 18:30|Toussaint|tou;Lecture à voix haute : Giono|02-05 18:30|Médiathèque Monplaisir|mpl
N;Albi;Atelier vitrail niveau débutant|04-10 09:00/3|Maison du vitrail|vit;Atelier vitrail niveau confirmé|04-10 09:00/3|Maison du vitrail|vit
N;Albi;Vide-grenier|05-23 07:00/10|Lescure@Albi|les;Vide-grenier|05-23 07:00/10|Marssac, stade@Albi|mar
N;Albi;Concert Gospel|12-11 20:30|Église Saint-Joseph@Albi|jos;Concert Gospel|12-11 20:30|Église Saint-Joseph@Dole|jos
N;Dole;Conférence de l'UO : l'IA|03-11 14:30|Médiathèque|med;Conférence de l'UO : la Chine|03-18 14:30|Médiathèque|med
N;Dole;Tournoi de foot U9|05-08 09:00/8|Stade Bobin|bob;Tournoi de foot U11|05-08 09:00/8|Stade Bobin|bob
N;Dole;Spectacle des petits : Bulle|02-03 10:00/0.5|La Fabrique|fab;Spectacle des petits : Bulle|02-03 16:00/0.5|La Fabrique|fab
N;Valence;Réunion de quartier Centre|03-02 18:30|Mairie|hdv;Réunion de quartier Fontbarlettes|03-02 18:30|MPT Fontbarlettes|fon
N;Valence;La Comédie : Hamlet|04-07 20:00|Comédie de Valence|com;La Comédie : visite des coulisses|04-07 18:00|Comédie de Valence|com
N;Valence;Exposition Soulages|02-01/90|Musée|mus;Atelier famille autour de l'exposition Soulages|02-14 15:00/1.5|Musée|mus
N;Montbrison;Balade découverte des plantes|05-15 14:00|Mairie de Bard|brd;Balade découverte des oiseaux|05-15 14:00|Mairie d'Écotay|eco
N;Montbrison;Marché du samedi|03-06 08:00/5|Centre-ville|ctr;Marché du samedi|03-13 08:00/5|Centre-ville|ctr
N;Montbrison;Concert harmonie|11-21 15:00|Salle des fêtes@Montbrison|sdf;Concert harmonie|11-21 15:00|Salle des fêtes@Valence|sdf
N;Roubaix;Visite guidée : l'usine Motte-Bossut|04-11 15:00|ANMT|anm;Visite guidée : l'hôtel de ville|04-11 15:00|Grand-Place|gpl
N;Roubaix;Cinéma en plein air : Intouchables|07-16 22:00|Parc Barbieux|bar;Cinéma en plein air : Le Grand Bleu|07-23 22:00|Parc Barbieux|bar
N;Roubaix;Ateliers Voltaire : yoga|01-26 12:30/1|Ateliers Voltaire|vol;Ateliers Voltaire : pilates|01-26 12:30/1|Ateliers Voltaire|vol
N;Rezé;Tournoi de jeux vidéo : Mario Kart|02-17 14:00|Médiathèque Diderot|did;Tournoi de jeux vidéo : Fifa|02-17 14:00|Médiathèque Diderot|did
N;Rezé;Tournoi de jeux vidéo : Mario Kart|02-17 14:00|Médiathèque Diderot|did;Tournoi de jeux vidéo : Mario Kart|04-21 14:00|Médiathèque Diderot|did
N;Rezé;Les Flâneries|09-11/2|Trentemoult|tre;Les Flâneries : déambulation théâtrale|09-11 15:00/1|Trentemoult|tre
N;Clisson;Loto de l'école publique|01-31 14:00/4|Salle des fêtes|sdf;Loto de l'école privée|02-28 14:00/4|Salle des fêtes|sdf
N;Clisson;Ouverture de saison : Cie Pic la Poule|09-25 20:00|Le Quatrain|qua;Théâtre : Cie Pic la Poule|10-09 20:00|Le Quatrain|qua
N;Clisson;Randonnée pédestre 8 km|06-06 09:00|Place du Minage|min;Randonnée VTT 35 km|06-06 08:00|Place du Minage|min
N;Nantes;Conférence : comprendre les retraites|02-16 18:00|Cosmopolis|cos;Conférence : comprendre la dette|02-16 20:00|Cosmopolis|cos
N;Nantes;Scopitone : Max Cooper|09-16 23:00|Stereolux|ste;Scopitone : Rone|09-16 21:30|Stereolux|ste
N;Nantes;Journées du matrimoine : balade|09-18 15:00|Place Royale|roy;Journées du matrimoine : exposition|09-18 10:00/8|Place Royale|roy
N;Lille;Séance Relax : Wicked|02-21 14:00|Le Majestic|maj;Séance Relax : Mufasa|02-21 14:00|UGC Ciné Cité|ugc
N;Lille;Salon Créer : atelier business plan|09-14 10:00/1|Lille Grand Palais|lgp;Salon Créer : atelier financement|09-14 10:00/1|Lille Grand Palais|lgp
N;Lille;La Mouette|03-19 20:00|Théâtre du Nord|nor;La Mouette : bord de scène|03-19 22:15/0.5|Théâtre du Nord|nor
N;Rennes;Fête de l'école Jean-Zay|06-19 10:00/6|École Jean-Zay|jza;Fête de l'école Sonia-Delaunay|06-19 10:00/6|École Sonia-Delaunay|sde
N;Rennes;Inscriptions sportives|09-04 10:00/8|Parc de Bréquigny|bre;Inscriptions culturelles|09-04 10:00/8|MJC|mjc
N;Vannes;Jazz en ville : concert gratuit|07-21 18:00|Jardin de Limur|lim;Jazz en ville : concert gratuit|07-22 18:00|Jardin de Limur|lim
N;Angers;Messe de Pâques|03-28 10:30/1|Cathédrale Saint-Maurice|mau;Messe de Pâques|03-28 10:30/1|Église Saint-Laud|lau
N;Angers;Concert d'orgue : Bach|06-13 17:00|Cathédrale|mau;Concert d'orgue : Vierne|06-20 17:00|Cathédrale|mau
N;Valence;Café-mémoire France Alzheimer|02-09 15:00|Le Cause Toujours|cau;Groupe de parole France Alzheimer|02-09 17:00|Maison de la vie associative|mva
N;Montbrison;Finale départementale de boules|06-12 08:00/10|Boulodrome|blm;Challenge de boules lyonnaises|06-05 08:00/10|Boulodrome|blm
N;Albi;Écrans d'avril : film surprise|04-17 20:30|Arcé|arc;Écrans d'avril : ciné-concert|04-17 20:30|Lapérouse|lap
"""
