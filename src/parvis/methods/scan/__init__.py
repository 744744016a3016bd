"""Where, and when, cases are more than chance would put there: the scan statistic of circles and of circles
over a while (cylinders).

A cluster is not a cause, and one that chance makes as often as not is none: every cluster comes with its p.

Source: M. Kulldorff, A spatial scan statistic, Commun. Stat. Theory Methods 26 (1997); Prospective time periodic
geographical disease surveillance, J. R. Stat. Soc. A 164 (2001); M. Kulldorff et al., A space-time permutation scan
statistic for disease outbreak detection, PLoS Med. 2 (2005). Where the papers leave a choice (ties, largest
circle), the rules are those that SaTScan documents, with whose results ours are compared.
"""
