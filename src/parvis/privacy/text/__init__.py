"""People inside sentences: names, births, homes, number plates. What has a form of its own (phone, NIR, IBAN,
e-mail) is `detectors`' work.
"""

from parvis.privacy.text.model import installed, people
from parvis.privacy.text.spans import Span, spans

__all__ = ["Span", "installed", "people", "spans"]
