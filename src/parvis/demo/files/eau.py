"""Water: districts and what enters them, volumes of the years, control of the tap, works."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from parvis.demo import water
from parvis.demo.raw import Dossier, RawFile, Truth
from parvis.demo.world import World
from parvis.demo.writing import gzipped, text_table

DISTRICTS = ("secteur", "logements", "branchements", "reseau_km", "pression_m", "pression_nuit_m", "usages_nuit_m3h")  # fmt: skip
MEASURES = ("secteur", "mesure", "sens", "debut", "m3")
YEARS = (
    "annee", "produit_m3", "achete_m3", "vendu_m3", "domestique_m3", "autres_m3", "sans_comptage_m3", "service_m3", "reseau_km", "abonnes",
    "branchements", "prive_km", "pression_m", "apparentes_m3", "zone_tendue", "cout_m3", "source",
)  # fmt: skip
CONTROL = (
    "code_prelevement", "date_prelevement", "code_parametre", "libelle_parametre", "resultat_alphanumerique", "resultat_numerique", "libelle_unite",
    "limite_qualite_parametre", "reference_qualite_parametre", "conclusion_conformite_prelevement", "conformite_limites_bact_prelevement",
    "conformite_limites_pc_prelevement", "nom_uge", "nom_distributeur", "nom_commune",
)  # fmt: skip
WORKS = ("reference", "genre", "lieu", "debut", "fin", "conseil", "annule")


def _districts(_: World) -> list[list[str]]:
    return [
        [d.name, str(d.homes), str(round(d.homes * 0.52)), f"{d.mains}", f"{d.pressure}", f"{d.night_pressure}", f"{d.night}"]
        for d in water.DISTRICTS
    ]  # fmt: skip


def _file(
    name: str,
    title: str,
    description: str,
    keywords: tuple[str, ...],
    frequency: str,
    about: str,
    header: Sequence[str],
    rows: Callable[[World], list[list[str]]],
    types: dict[str, str],
    period: tuple[str, str] | None = None,
) -> RawFile:
    def write(world: World) -> tuple[bytes, Truth]:
        made = rows(world)
        content = text_table(header, made, separator=",", encoding="utf-8")
        packed = name.endswith(".gz")
        kind = "gzip+csv" if packed else "csv"
        truth = Truth(kind, encoding="utf-8", separator=",", header_row=1, rows=len(made), types=types)
        return gzipped(content) if packed else content, truth

    id_ = name.partition(".")[0].replace("_", "-")
    dossier = Dossier(
        id_, title, description, "eaux", ("ENVI",), ("eau potable", *keywords), frequency, about=about, period=period, schema=id_
    )  # fmt: skip
    return RawFile(name, title, dossier, write)


DISTRICTS_FILE = _file(
    "secteurs_eau.csv",
    "Secteurs d’eau",
    "Les secteurs de distribution d’eau potable dont le débit est mesuré : les logements qu’ils desservent, leurs conduites, leur pression "
    "de jour et de nuit, ce qui y est utilisé la nuit.",
    ("secteur",),
    "annual",
    "Une ligne par secteur de distribution.",
    DISTRICTS,
    _districts,
    {"secteur": "text", "logements": "integer", "reseau_km": "number"},
    ("{last_year}-01-01", "{today}"),
)
MEASURES_FILE = _file(
    "debits_secteurs_eau.gz",
    "Débits des secteurs d’eau",
    "Ce qui entre dans chaque secteur de distribution d’eau potable, heure par heure, et ce que contient le réservoir des Coteaux. "
    "Une heure absente n’a pas été mesurée.",
    ("débit", "secteur"),
    "daily",
    "Une ligne par mesure et par heure, en mètres cubes.",
    MEASURES,
    water.measures,
    {"secteur": "text", "debut": "datetime", "m3": "number"},
)
YEARS_FILE = _file(
    "volumes_eau.csv",
    "Volumes d’eau de l’année",
    "Les volumes du service public d’eau potable, année par année : produits, achetés, vendus, comptés, utilisés sans compteur, et la longueur "
    "du réseau. Les indicateurs du rapport annuel s’en tirent.",
    ("rendement", "rapport annuel"),
    "annual",
    "Une ligne par année civile.",
    YEARS,
    water.years,
    {"annee": "integer", "produit_m3": "number", "zone_tendue": "boolean"},
    ("{first_year}-01-01", "{today}"),
)
CONTROL_FILE = _file(
    "controle_eau_robinet.csv",
    "Contrôle de l’eau du robinet",
    "Les résultats du contrôle sanitaire de l’eau distribuée dans la commune, aux noms de champ des données nationales : un paramètre par "
    "ligne, sa limite, la conclusion de l’agence régionale de santé.",
    ("qualité", "contrôle sanitaire"),
    "monthly",
    "Une ligne par prélèvement et par paramètre analysé.",
    CONTROL,
    water.control,
    {"code_parametre": "text", "date_prelevement": "datetime", "resultat_numerique": "number"},
)
WORKS_FILE = _file(
    "travaux_eau.csv",
    "Travaux et coupures d’eau",
    "Les coupures d’eau annoncées, les travaux sur le réseau et les consignes de ne pas boire l’eau : où, de quand à quand, ce qu’on demande "
    "aux habitants.",
    ("coupure", "travaux"),
    "daily",
    "Une ligne par annonce ; une annonce annulée reste et le dit.",
    WORKS,
    water.works,
    {"reference": "text", "debut": "datetime", "annule": "boolean"},
)
