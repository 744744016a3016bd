"""Outbreaks seen early in counts of cases: how fast an illness passes on (`reproduction`), weeks out of the
ordinary (`ears`, `cusum`, `farrington`, `farrington_flexible`; one series: `unusual_weeks`), cases that happened but were not told yet
(`nowcast_total`, of a week as a whole or of its days; `nowcast`, a quicker filter).

Arrays in, arrays out. What is too early or too little to say is nan, never a number.
"""
