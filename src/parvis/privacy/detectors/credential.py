"""Keys, tokens and passwords of services, by the grammar of who issues them.

Issuers mark their keys so that scanners find them: a prefix, `_` or `-`, then letters and digits at random
(both cases and digits, or 128 bits of hex); tokens of three parts (RFC 7519), private keys (RFC 7468),
addresses that carry their token or their password (RFC 3986, userinfo), hashes of passwords (crypt). A
checksum or an identifier of a catalogue has no prefix, a UUID has none either, and a slug is made of words.
"""

from __future__ import annotations

from parvis.core.types import Sensitivity
from parvis.privacy.declaration import Detector, stars

_ISSUED = "[A-Za-z][A-Za-z0-9]{1,11}(?:[_-][A-Za-z0-9]{1,12}){0,4}[_-][A-Za-z0-9]{16,}[A-Za-z0-9_=-]*"
_GLUED = "(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}|AIza[A-Za-z0-9_-]{35}|ya29[.][A-Za-z0-9_-]{20,}|SG[.][A-Za-z0-9_-]{16,}[.][A-Za-z0-9_-]{16,}"
_SIGNED = "eyJ[A-Za-z0-9_-]{8,}[.][A-Za-z0-9_-]{8,}(?:[.][A-Za-z0-9_-]*)?"
_TOKEN = (
    "(?i:(?:api|access|account|subscription|shared ?access)?[_-]?key|(?:access|auth|id|refresh|bearer|session)?[_-]?token|client[_-]?secret|secret|jeton"
    "|sig|signature|cle)"
)
_CARRIED = f"{_TOKEN} ?[=:] ?[A-Za-z0-9%._~+/=-]{{16,}}"
_PASSWORD = "(?i:password|passwd|passphrase|pwd|mdp) ?[=:] ?[^ ;,]{4,}"
_ENTRY = "[a-z][a-z0-9+.-]{1,20}://[^/@: ]{1,64}:[^/@ ]{3,128}@[A-Za-z0-9.-]+"
_PRIVATE = "-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"
_HASHED = "[$](?:2[abxy]|argon2(?:id|i|d)|5|6|y)[$][A-Za-z0-9./$,=+-]{20,}"
_PLAIN_ENOUGH = f"{_GLUED}|{_SIGNED}|{_PASSWORD}|{_ENTRY}|{_PRIVATE}|{_HASHED}"

_TWO_CASES = "regexp_matches(v, '[a-z][^=:]*$') AND regexp_matches(v, '[A-Z][^=:]*$')"
_ONE_CASE = "regexp_matches(v, '(?:^|[_=:-] ?)(?:[0-9a-f]{32,}|[0-9A-Z]{24,}|[0-9a-z]{24,})$')"
_DIGIT = "regexp_matches(v, '(?:[_-]|[=:] ?)[A-Za-z0-9%.~+/]*[0-9][^=: ]*$')"
_RANDOM = f"{_DIGIT} AND ({_TWO_CASES} OR {_ONE_CASE}) AND NOT regexp_matches(v, '^(?i:sha[0-9]*|md5|hash|etag|uuid|urn)[_:-]')"

credential = Detector(
    name="credential",
    title="clés, jetons ou mots de passe de services",
    sensitivity=Sensitivity.SECRET,
    within=f"(?:^|[^0-9A-Za-z_.$/=-])({_CARRIED}|{_PLAIN_ENOUGH}|{_ISSUED})",
    sure=f"(regexp_full_match(v, '{_PLAIN_ENOUGH}') AND NOT regexp_matches(v, '://mailto:')) OR ({_RANDOM})",
    hint=(
        "[_-][A-Za-z0-9]{16}|A[KSBC][IC]A[A-Z0-9]{16}|AIza|ya29[.]|SG[.][A-Za-z0-9_-]{16}|eyJ[A-Za-z0-9_-]{8}"
        "|(?i:key|token|secret|jeton|sig|signature|cle|pass(?:word|wd|phrase)|pwd|mdp) ?[=:] ?[!-~]{4}|://[^/@ ]*:[^/@ ]*@|PRIVATE KEY|[$][2567ay]"
    ),
    shortest=8,
    mask=lambda value: stars(value),
    article="Une clé ou un jeton publié ouvre le service à n’importe qui : supprimez-le, et faites-en émettre un autre.",
    right=(
        "ghp_1a2B3c4D5e6F7g8H9i0JkLmNoPqRsTuVwXyZ",
        "clé glpat-aB3dE6gH9jK2mN5pQ8sT, à renouveler",
        "AKIAZZ7QW2ERTY5UIOP3",
        "dop_v1_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJwYXJ2aXMifQ.abc",
        "https://flux.example/v2?token=968fb4eb8e29816cbb8ae925f59b25f7&f=json",
        "postgresql://parvis:tresSecret1@base.example/ville",
        "-----BEGIN RSA PRIVATE KEY-----",
        "$2b$12$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234",
        "password=Ville2026!",
    ),
    bad=(
        "T3E2020_Professionnalisation",
        "http://mailto:contact@ville.example",
        "550e8400-e29b-41d4-a716-446655440000",
        "sha256-e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "jeu-de-donnees-equipements-sportifs-et-culturels",
        "https://data.example/d/1?format=csv&key=nom",
        "FRS34E34172001",
        "https://drive.example/file/d/1AbC-dEfGhIjKlMnOpQrStUvWxYz0123456/view",
        "5f4dcc3b5aa765d61d8327de",
    ),
)
