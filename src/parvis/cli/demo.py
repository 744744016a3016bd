"""`parvis demo [DIR]`: the demo city, from raw files and a live feed to a served portal."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from parvis import pipeline
from parvis.cli import init, serve
from parvis.cli.city import AsJson, settings
from parvis.cli.out import print_json, progress, say, table
from parvis.cli.publish import WORDS, plan, process
from parvis.demo import build, world
from parvis.store import deposits
from parvis.store.deposits import Deposit


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command("demo", help="Construit la ville de démonstration, la publie et la sert.")
    def demo(
        directory: Annotated[Path, typer.Argument(help="Dossier de la ville.")] = Path("demo"),
        no_serve: Annotated[bool, typer.Option("--no-serve", help="Construire sans servir.")] = False,
        port: Annotated[int, typer.Option(help="Port du portail.")] = 8000,
        seed: Annotated[int, typer.Option(help="Graine : la même écrit la même ville.")] = 2026,
        as_json: AsJson = False,
    ) -> None:
        done = make(directory, seed)
        if as_json:
            print_json({"ok": True, "folder": directory.resolve(), "states": Counter(d.state for d in done), "deposits": [_told(d) for d in done]})
        else:
            table("La ville de Rivemont", ("fichier", "devient", "pourquoi"), [(d.name, WORDS[d.state], _short(d.message)) for d in done])
            say(" · ".join(f"{n} {WORDS[state]}{'s' if n > 1 else ''}" for state, n in Counter(d.state for d in done).items()))
        if not no_serve:
            serve.run(settings(directory), port=port)


def make(directory: Path, seed: int = 2026) -> list[Deposit]:
    """The demo city in `directory`, written and published; one that is already there is left as it is. Returns its deposits."""
    if not (directory / "parvis.toml").exists():
        city = world.build(seed)
        files = build.raw_files()
        with progress() as bar:
            task = bar.add_task("Fichiers bruts", total=len(files))
            for _ in build.write(directory, seed):
                bar.advance(task)
        box = "[" + ", ".join(f"{v:.5f}" for v in city.bbox) + "]"
        init.create(directory, f"Ville de {world.NAME}", {"city": {"insee": f'"{world.INSEE}"', "bbox": box, "contact": '"donnees@rivemont.example"'}})
    opened = pipeline.open_city(settings(directory))
    with opened.db.read() as conn:
        known = deposits.list(conn, limit=10_000)
    if known and all(d.state not in ("received", "reading") for d in known):
        return list(known)
    entries = plan(opened, [directory / "raw"])
    sent = [pipeline.receive(opened, e.file, name=e.file.name, resource=e.resource.id) for e in entries if e.file is not None]
    return process(opened, [d.id for d in sent])


def _told(deposit: Deposit) -> dict[str, str]:
    return {"file": deposit.name, "resource": deposit.resource, "state": deposit.state, "version": deposit.version, "message": deposit.message}


def _short(message: str) -> str:
    return message if len(message) < 110 else message[:107] + "…"
