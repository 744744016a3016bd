"""The city's mail, tried: one message to whoever asks, or why it did not leave, in words."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from parvis.alerts.sending import Envelope, Undelivered
from parvis.core.errors import ParvisError
from parvis.core.language import language_of
from parvis.core.sentence import Sentence, mark
from parvis.people.rights import Person
from parvis.publication.city import City
from parvis.work.alerting.sending import ways

SUBJECT = Sentence("Message d’essai du portail")
BODY = Sentence("Si vous lisez ce message, le portail sait envoyer du courriel : les invitations partiront.")

REASONS: Mapping[str, str] = {
    "ConnectionRefusedError": mark("Rien ne répond à {server} : vérifiez le nom et le port."),
    "gaierror": mark("Le nom de {server} n’est pas connu : vérifiez-le."),
    "TimeoutError": mark("{server} n’a pas répondu à temps : le port est peut-être fermé par un pare-feu."),
    "SMTPNotSupportedError": mark(
        "{server} ne propose pas ce que demandent les réglages : STARTTLS, ou un compte. Voyez alerts.smtp_tls et alerts.smtp_user."
    ),
    "SSLCertVerificationError": mark("Le certificat de {server} n’est pas valable pour ce nom."),
    "SSLError": mark(
        "{server} ne parle pas TLS sur ce port : essayez un autre port, ou un autre alerts.smtp_tls."
    ),
    "SMTPServerDisconnected": mark("{server} a raccroché : est-ce bien un serveur de courriel ?"),
    "smtp-535": mark("{server} refuse le compte : vérifiez alerts.smtp_user et PARVIS_ALERTS_SMTP_PASSWORD."),
    "smtp-530": mark("{server} demande un compte : réglez alerts.smtp_user."),
    "smtp-550": mark("{server} refuse votre adresse, ou celle de l’expéditeur (alerts.sender)."),
}
"""What keeps a mail from leaving, by the reason that the way of sending gives."""

OTHERWISE = mark("{server} n’a pas pris le message ({reason}).")


def tried(city: City, person: Person, *, language: str = "fr") -> None:
    """Send somebody one message at their own address. Raises ParvisError with what the server did, UsageError for
    settings that are none.
    """
    speaker = language_of(city.settings, language)
    way = ways(city).get("mail")
    if way is None:
        raise ParvisError(
            "Aucun serveur de courriel n’est réglé.",
            mend="Écrivez alerts.smtp dans parvis.toml (« smtp.ville.fr:587 »), puis relancez le portail.",
        )
    envelope = Envelope(
        person.email,
        speaker.code,
        speaker.say(SUBJECT),
        (speaker.say(BODY),),
        secrets.token_hex(16),
        sent_at=city.now(),
    )
    try:
        way.send(envelope)
    except Undelivered as wrong:
        sentence, server = REASONS.get(wrong.reason, OTHERWISE), city.settings.alerts.smtp
        raise ParvisError(
            Sentence(sentence, server=server, reason=wrong.reason),
            mend="Rien n’est perdu : tant que le courriel ne part pas, les liens se donnent de la main à la main.",
        ) from None
    finally:
        way.close()
