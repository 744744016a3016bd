"""How to reach people and pages."""

from __future__ import annotations

from parvis.columns.meaning import Meaning

EMAIL = Meaning(
    "email",
    "Adresse de courriel",
    ("text",),
    r"(_|^)(e?_?mails?|courriels?|mel|adresse_mail|adresse_electronique)_",
    "[^\\s@<>,;]+@[^\\s@<>,;]+[.][^\\s@<>,;]{2,}",
    with_header=0.7,
    alone=0.8,
    least=1,
    rank=20,
    right=("mairie@ville.fr", "élise.d-a@mairie.ville.fr"),
    wrong=("mairie", "a@b", "www.ville.fr"),
    labels=("Courriel", "e-mail", "contact_mail"),
)
URL = Meaning(
    "url",
    "Adresse web",
    ("text",),
    r"_(urls?|uri|site_web|site_internet|lien|lien_url|web|website|page_web)_|^_site_$",
    "(https?://|ftp://|www[.])[^\\s]+",
    with_header=0.7,
    alone=0.8,
    least=1,
    rank=21,
    right=("https://www.ville.fr/a?b=1", "www.ville.fr"),
    wrong=("ville.fr", "mairie@ville.fr"),
    labels=("Site web", "url", "lien"),
    not_labels=("site_id",),
)
_FRENCH = "(\\+33 ?\\(?0?\\)? ?|0033 ?|0)[1-9]([ .\u00a0\u202f/-]{0,2}[0-9]{2}){4}"
PHONE = Meaning(
    "phone",
    "Numéro de téléphone",
    ("text",),
    r"_(tel|tels|telephone|telephones|phone|fax|mobile|portable|telecopie|numero_de_telephone|num_tel|gsm)_",
    f"{_FRENCH}|\\+[1-9][0-9 .-]{{7,17}}|0?8[ .]?[0-9]{{2}}([ .]?[0-9]{{3}}){{2}}|[1-9]([ .-]?[0-9]{{2}}){{4}}|3[0-9]{{3}}|3[0-9] ?[0-9]{{2}}|1[0-9]{{1,2}}",
    with_header=0.7,
    rank=22,
    right=("04 67 34 70 00", "0467347000", "+33 4 67 34 70 00", "+33467347000", "04.67.34.70.00", "39 39"),
    wrong=("046734", "34172", "mairie"),
    labels=("Téléphone", "tel", "num_tel", "Portable"),
    not_labels=("hotel",),
)
PHONE_ALONE = Meaning(
    "phone-by-shape",
    "Numéro de téléphone",
    ("text",),
    "",
    "(\\+33 ?\\(?0?\\)? ?|0)[1-9]([ .\u00a0\u202f-]?[0-9]{2}){4}",
    alone=0.85,
    rank=23,
    right=("04 67 34 70 00", "+33 4 67 34 70 00"),
    wrong=("467347000", "1234567890"),
)
