"""The attacker's own tests on a release: singling out, linkability, inference (article 29 working party,
opinion 05/2014).

`records` says what the attacker compares, `nearest` finds the most alike, `singling_out`, `linkability` and
`inference` attack, `rates` says what the outcome is worth. Method: M. Giomi, F. Boenisch, C. Wehmeyer, B.
Tasnádi, Proc. Privacy Enhancing Technologies 2023(2), 312-328.
"""
