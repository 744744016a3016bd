"""Disclosure control of published tables: which cells tell too much, what to hide or round so that no sum
gives them back, and what an attacker still learns.

`tables` says which sums hold, `rules` which cells are sensitive, `suppression` what else to hide, `audit`
what can be computed back, `rounding` the other way out, `differencing` what two tables tell together,
`presets` the thresholds in force in France.
"""
