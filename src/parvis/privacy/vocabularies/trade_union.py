"""Trade-union membership of people: article 9 of the GDPR."""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.vocabulary import Vocabulary

trade_union = Vocabulary(
    name="trade-union",
    title="appartenances syndicales",
    sensitivity=Sensitivity.SPECIAL,
    of="people",
    headers=r"\bsyndica(?:t|l|ux|le)|\bgreviste|\bjours? de greve|\bcotisation syndicale|\bheures? syndicale",
    words=r"^(?:cgt|cfdt|fo|cfe[- ]?cgc|cftc|unsa|fsu|sud(?: ct)?|solidaires|force ouvriere)\b",
    aside=r"\bsyndicat (?:mixte|intercommunal|des eaux|d initiative|gestionnaire|de copropri)|\bnom (?:du )?syndicat\b",
    alone=False,
    article="L’appartenance à un syndicat et la grève relèvent de l’article 9 du RGPD : ne publiez que des totaux.",
    right=(("syndicat", ("CGT", "CFDT", "FO")), ("organisation", ("CGT", "CFDT", "UNSA"))),
    bad=(
        ("syndicat_mixte", ("Syndicat du Lez", "Syndicat de l’Or", "SIVOM")),
        ("direction", ("Nord", "Sud", "Est")),
    ),
)
