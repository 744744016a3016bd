"""What the service of nest boxes promises."""

from parvis.services.nichoirs.compute import compute

from parvis.core.types import Column, Dataset, Schema
from parvis.services.declaration import Output, Service

NICHOIRS = Service(
    name="nichoirs",
    title="Nichoirs par quartier",
    question="Quel quartier manque de nichoirs ?",
    inputs={"nichoirs": "nichoirs/nichoirs"},
    outputs={
        "par-quartier": Output(
            Dataset(
                "nichoirs-par-quartier",
                "Nichoirs par quartier",
                "Nombre de nichoirs de chaque quartier.",
                "environnement",
                derived_from=("nichoirs",),
            ),
            Schema(
                name="parvis/nichoirs_par_quartier",
                version="1",
                columns=(
                    Column("quartier", title="Quartier"),
                    Column("nichoirs", "integer", title="Nichoirs", description="Nichoirs posés."),
                ),
            ),
        )
    },
    compute=compute,
    method="Les nichoirs publiés sont comptés par quartier. Un quartier sans nichoir n’apparaît pas.",
    caveats=("Un nichoir tombé reste compté jusqu’au relevé suivant.",),
)
