"""`parvis plugins`: what installed packages of others bring, and what of them is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from parvis.administration import plugins
from parvis.administration.plugins import Installed, Left
from parvis.cli.arguments import AsJson
from parvis.cli.commands import Commands
from parvis.cli.output import print_json, say, show, table

NOT_WHOLE = 1

KINDS: Mapping[str, str] = {
    "check": "contrôle", "message": "message", "detector": "détecteur", "reader": "lecteur", "step": "étape de recette", "exporter": "format d’export",
    "service": "service", "feed": "flux", "alert": "alerte", "drift": "dérive", "standard": "norme", "repair": "réparation", "exchange": "échange",
    "meaning": "sens de colonne", "vocabulary": "vocabulaire", "schema": "schéma", "language": "langue",
}  # fmt: skip


def register(app: Commands) -> None:
    """Add the command."""

    @app.declare("plugins")
    def list_plugins(as_json: AsJson = False) -> int:
        known = plugins.installed()
        whole = not any(p.left_out for p in known)
        if as_json:
            print_json({"ok": whole, "plugins": known})
            return 0 if whole else NOT_WHOLE
        if not known:
            show("Aucun greffon installé. docs/extending.md dit comment en écrire un.")
            return 0
        table(
            "",
            ("paquet", "version", "apporte", "nom", "titre", "d’où"),
            [
                (p.package, p.version, KINDS[b.kind], b.name, b.title, b.where)
                for p in known
                for b in p.brings
            ],
        )
        for sentence in problems(known):
            say(f"✗ {sentence}")
        return 0 if whole else NOT_WHOLE


def problems(known: tuple[Installed, ...]) -> Iterator[str]:
    """One sentence for each thing that is left out: what, why, and what to do."""
    for plugin in known:
        for left in plugin.left_out:
            yield f"{plugin.package} {plugin.version} : {_why(left)}"


def _why(left: Left) -> str:
    match left.reason:
        case "import":
            return f"« {left.where} » ne se charge pas ({left.detail}) : ce greffon est laissé de côté. Réparez-le ou désinstallez-le."
        case "gate":
            return f"« {left.where} » importe « {left.detail} », réservé à la publication : ce greffon est laissé de côté. Prévenez son auteur."
        case "shape":
            return f"« {left.where} » n’a pas la bonne forme (attendu : {left.detail}) : cette déclaration est laissée de côté."
        case "empty":
            return f"« {left.where} » n’apporte rien."
        case "file":
            return f"« {left.where} » {left.detail} : ce schéma est laissé de côté."
        case "live":
            return f"« {left.detail} » ({left.where}) calcule à chaque relevé : un greffon ne le peut pas, ce service est laissé de côté."
        case "name":
            return f"« {left.detail} » ({left.where}) porte un nom déjà pris : cette déclaration est laissée de côté."
