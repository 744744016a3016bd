"""What a vaccination calendar says of one person: what is done, due, late, to come, or no longer given.

It reads rules as data; it neither knows a disease nor diagnoses.

    calendar = rules.read(json.loads(text))
    items = engine.plan(calendar, Person(born=date(2026, 1, 15), doses=(Dose("hexavalent", date(2026, 3,
    16)),)), today=date(2026, 4, 1))

The same algorithm runs in the browser (`web/static/vaccins.js`), step by step; a table of cases holds both to
the same answers.
"""
