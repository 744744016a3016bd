"""Agendas with planted doubles: what is one event is known, as each was made from it. Two vocabularies that
share no title, place or organiser.

Doubles are worded as two agendas word them: a prefix or the organiser added, the place repeated in the title
or left out, a slip of the keyboard, another order, plain capitals, places of other spellings, points some
metres apart, an hour that is half an hour off, days instead of hours. What is no double stands beside it:
another session of the series, another show at the same place and hour, the same show at another place,
sessions 1 and 2 of one workshop.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from parvis.methods.events.entry import Entry

KINDS = (
    "Concert",
    "Atelier",
    "Conférence",
    "Visite guidée",
    "Spectacle",
    "Projection",
    "Lecture",
    "Exposition",
    "Stage",
    "Bal",
    "Rencontre",
    "Balade",
)


@dataclass(frozen=True)
class Words:
    subjects: Sequence[str]
    places: Sequence[tuple[str, str]]
    organisers: Sequence[str]


DEV = Words(
    (
        "Trio Bacchanale", "Les contes de la lune", "Poterie pour débutants", "Histoire des canaux parisiens", "La nuit des étoiles", "Origami et papiers pliés", "Quatuor Solstice", "Une maison de poupée",
        "Le jardin des Tuileries au XVIIe siècle", "Jazz manouche avec Tchavo", "Cuisiner les restes", "Les métiers du bois", "Danse africaine", "Théâtre d'improvisation", "Mémoires de la Commune", "Fables de La Fontaine",
        "Orgue et trompette baroques", "Initiation au tricot", "Photographier la ville", "Les oiseaux du parc", "Chorale du jeudi", "Le Petit Prince", "Cyrano de Bergerac", "Robotique et programmation",
        "Autour de Debussy", "Calligraphie arabe", "Femmes peintres oubliées", "Fanfare des Batignolles", "Sophrologie et sommeil", "Philosopher avec les enfants", "La mer qu'on voit danser", "Compost et lombrics",
        "Rock alternatif : The Loose Ends", "Musique de chambre à Saint-Merri", "Le procès de Galilée", "Dessiner au musée", "Marionnettes du Luxembourg", "Champignons d'automne", "Tango argentin", "Écrire sa vie",
    ),
    (
        ("Médiathèque Marguerite Duras", "Bibliothèque M. Duras"), ("Théâtre de la Ville", "Théatre de la ville – salle Bernhardt"), ("Musée Carnavalet", "Musée Carnavalet - Histoire de Paris"), ("Église Saint-Merri", "Eglise St Merri, Paris"),
        ("Centre Paris Anim' Ruth Bader Ginsburg", "Paris Anim Ruth B. Ginsburg"), ("Parc floral", "Parc Floral de Paris"), ("Conservatoire du 12e", "Conservatoire Paul Dukas"), ("Cinéma Le Louxor", "Le Louxor"),
    ),
    ("Ville de Paris", "Les Amis du quartier", "Culture pour tous", "Réseau des bibliothèques"),
)  # fmt: skip
HELD_OUT = Words(
    (
        "Sonates pour violon seul", "Fabriquer un nichoir", "L'affaire Dreyfus racontée", "Marché de Noël des artisans", "Comprendre son sommeil", "Cirque : Équilibres précaires", "La chanson réaliste", "Broderie contemporaine",
        "Sur les traces de Zola", "Bal folk de printemps", "Percussions brésiliennes", "Les secrets du chocolat", "Réparer son vélo", "Antigone", "Le Horla", "Impressionnistes en Normandie",
        "Slam et poésie urbaine", "Aquarelle botanique", "Gospel en fête", "Architecture Art déco", "Jouer aux échecs", "Clarinette et accordéon", "Voyage au centre de la Terre", "Yoga parents-enfants",
        "Café philo : la liberté", "Héros et monstres grecs", "Polyphonies corses", "Un tramway nommé Désir", "Ciné-concert Buster Keaton", "Généalogie pour tous", "Couture zéro déchet", "Astronomie : observer Saturne",
        "La Flûte enchantée", "Danses de salon", "Récits de l'exil", "Herbier et plantes sauvages", "Swing big band", "Les années folles", "Capoeira", "Naissance d'une rivière",
    ),
    (
        ("Bibliothèque de la Part-Dieu", "BM Lyon Part-Dieu"), ("Opéra national", "Opera de Lyon"), ("MJC Monplaisir", "Maison des jeunes et de la culture Monplaisir"), ("Musée des Confluences", "Confluences (musée)"),
        ("Salle Rameau", "La Salle Rameau"), ("Auditorium Maurice-Ravel", "Auditorium M. Ravel"), ("Temple du Change", "Temple protestant du Change"), ("Halle Tony-Garnier", "Halle Tony Garnier Lyon 7e"),
    ),
    ("Métropole", "Association Les Passeurs", "Office de tourisme", "Fédération des MJC"),
)  # fmt: skip


def agendas(words: Words, seed: int, events: int = 120) -> tuple[list[Entry], list[int]]:
    """Entries in no order, and of each the number of the event that it announces."""
    rng = np.random.default_rng(seed)
    entries: list[Entry] = []
    labels: list[int] = []
    label = 0

    def add(entry: Entry) -> None:
        entries.append(replace(entry, id=f"{len(entries)}"))
        labels.append(label)

    for _ in range(events):
        label += 1
        subject = words.subjects[int(rng.integers(len(words.subjects)))]
        kind = KINDS[int(rng.integers(len(KINDS)))]
        where = int(rng.integers(len(words.places)))
        base = _entry(rng, words, kind, subject, where)
        add(replace(base, agenda="a"))
        near = rng.random()
        for agenda in ("b", "c")[: int(rng.choice([0, 1, 2], p=[0.45, 0.4, 0.15]))]:
            add(
                replace(
                    _reworded(rng, words, base, kind, subject, where, days=not 0.5 <= near < 0.6),
                    agenda=agenda,
                )
            )
        if near < 0.2:  # the next session of the series
            label += 1
            days = timedelta(days=(base.times[-1][0] - base.times[0][0]).days + int(rng.integers(1, 15)))
            add(replace(base, agenda="b", times=tuple((s + days, e + days) for s, e in base.times)))
        elif near < 0.35:  # another show there, at the same hour
            label += 1
            other = words.subjects[int(rng.integers(len(words.subjects)))]
            if other != subject:
                add(
                    replace(
                        _entry(rng, words, kind, other, where),
                        agenda="b",
                        times=base.times,
                        place=words.places[where][1],
                    )
                )
        elif near < 0.5:  # the same show elsewhere
            label += 1
            elsewhere = (where + 1 + int(rng.integers(len(words.places) - 1))) % len(words.places)
            add(replace(_entry(rng, words, kind, subject, elsewhere), agenda="b", times=base.times))
        elif near < 0.6:  # an earlier session of the same day
            label += 1
            add(
                replace(
                    base,
                    agenda="b",
                    title=base.title,
                    times=tuple((s - timedelta(hours=3), e - timedelta(hours=3)) for s, e in base.times),
                )
            )
        elif near < 0.7:  # numbered sessions at the same hour
            label += 1
            add(replace(base, agenda="a", title=f"{base.title} – groupe 1"))
            label += 1
            add(replace(base, agenda="b", title=f"{base.title} – groupe 2"))
            for i in range(len(entries)):  # the unnumbered ones would be anybody's guess
                if labels[i] == label - 2:
                    entries[i] = replace(
                        entries[i],
                        times=tuple(
                            (s + timedelta(days=60), e + timedelta(days=60)) for s, e in entries[i].times
                        ),
                    )
    order = rng.permutation(len(entries))
    return [entries[i] for i in order], [labels[i] for i in order]


def _entry(rng: np.random.Generator, words: Words, kind: str, subject: str, where: int) -> Entry:
    start = datetime(2026, 12, 1, 8, tzinfo=UTC) + timedelta(
        days=int(rng.integers(0, 45)), minutes=30 * int(rng.integers(0, 24))
    )
    length = timedelta(minutes=int(rng.choice([60, 90, 120])))
    step = timedelta(days=int(rng.choice([1, 7])))
    times = tuple((start + k * step, start + k * step + length) for k in range(int(rng.choice([1, 1, 1, 4]))))
    lat, lon = 45.75 + 0.013 * (where // 3), 4.83 + 0.017 * (where % 3)
    title = f"{kind} : {subject}" if rng.random() < 0.6 else subject
    return Entry(
        "",
        "",
        title,
        times,
        place=words.places[where][0],
        lat=lat,
        lon=lon,
        organiser=words.organisers[int(rng.integers(len(words.organisers)))],
    )


def _reworded(
    rng: np.random.Generator, words: Words, base: Entry, kind: str, subject: str, where: int, *, days: bool
) -> Entry:
    """The same event as another agenda has it. days: it may give the day alone; not beside a second session
    of that day, where nobody could tell.
    """
    title = base.title
    how = int(rng.integers(8))
    if how == 0:
        title = title.upper()
    elif how == 1:
        title = f"{subject} – {kind.lower()}"
    elif how == 2:
        title = f"{title} à la {words.places[where][0]}"
    elif how == 3:
        title = f"[{base.organiser}] {title}"
    elif how == 4:
        title = _slip(rng, title)
    elif how == 5:
        title = f"{title} (gratuit, sur réservation)"
    elif how == 6:
        title = subject
    if rng.random() < 0.3:
        title = _slip(rng, title)
    times = base.times
    when = rng.random()
    if when < 0.1:
        times = tuple((s + timedelta(minutes=30), e) for s, e in times)
    elif when < 0.2 and days:
        day = times[0][0].replace(hour=0, minute=0)
        times = ((day, times[-1][0].replace(hour=0, minute=0) + timedelta(days=1)),)
    elif when < 0.3 and len(times) > 1:
        times = times[:-1]
    place = words.places[where][int(rng.integers(2))]
    there = rng.random()
    lat, lon = base.lat, base.lon
    assert lat is not None
    assert lon is not None
    if there < 0.25:
        return replace(base, title=title, times=times, place=place, lat=None, lon=None)
    lat, lon = lat + float(rng.normal(0, 0.0006)), lon + float(rng.normal(0, 0.0006))
    return replace(base, title=title, times=times, place="" if there > 0.9 else place, lat=lat, lon=lon)


def _slip(rng: np.random.Generator, text: str) -> str:
    """One letter lost, doubled or changed places with the next."""
    if len(text) < 6:
        return text
    at = int(rng.integers(1, len(text) - 2))
    return (
        text[:at] + text[at + 1 :],
        text[:at] + text[at] + text[at:],
        text[:at] + text[at + 1] + text[at] + text[at + 2 :],
    )[int(rng.integers(3))]
