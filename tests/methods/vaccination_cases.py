"""Cases of the vaccination calendar, worked out by hand from its sources; Python and the browser must both
give them.

A line: source of the rule | born | today | doses given | what must be there. Of an expected line: series/dose
state, then since, by, until, on, why as far as they are to be held to; « -series » : no line of that series
at all. `risk` and `term=DAY` stand among the doses. Sources are the ids of the calendar's own data file; «
own » is a rule of ours about dates.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from parvis.methods.vaccination.engine import Dose, Item, Person

TEXT = """
# birth to two years: hexavalent, O, 2-4-11 months
vidal-2025 | 2026-01-15 | 2026-01-20 | | hexavalent/1 to_come since=2026-03-15 by=2026-04-15, hexavalent/2 to_come since=2026-05-15, hexavalent/3 to_come since=2026-12-15
vidal-2025 | 2026-01-15 | 2026-03-14 | | hexavalent/1 to_come since=2026-03-15
vidal-2025 | 2026-01-15 | 2026-03-15 | | hexavalent/1 now since=2026-03-15 by=2026-04-15
vidal-2025 | 2026-01-15 | 2026-04-14 | | hexavalent/1 now
vidal-2025 | 2026-01-15 | 2026-04-15 | | hexavalent/1 late since=2026-03-15
vidal-2025 | 2026-01-15 | 2026-05-20 | hexavalent@2026-03-16 | hexavalent/1 done on=2026-03-16, hexavalent/2 now since=2026-05-16 by=2026-06-15
vidal-2025 | 2026-01-15 | 2026-06-20 | hexavalent@2026-03-16 | hexavalent/2 late since=2026-05-16
vidal-2025 | 2026-01-15 | 2026-06-20 | hexavalent@2026-05-01 | hexavalent/2 to_come since=2026-07-01 by=
vidal-2025 | 2026-01-15 | 2026-07-01 | hexavalent@2026-05-01 | hexavalent/2 now since=2026-07-01 by=, hexavalent/3 to_come since=2027-01-01
amm | 2026-01-15 | 2026-04-01 | hexavalent@2026-02-25 | hexavalent/1 not_counted on=2026-02-25 why=age, hexavalent/1 now since=2026-03-15
amm | 2026-01-15 | 2026-04-01 | hexavalent@2026-02-26 | hexavalent/1 done on=2026-02-26, hexavalent/2 to_come since=2026-05-15
amm | 2026-01-15 | 2026-05-20 | hexavalent@2026-03-16,hexavalent@2026-04-12 | hexavalent/1 done, hexavalent/2 not_counted on=2026-04-12 why=gap, hexavalent/2 now since=2026-05-16
amm | 2026-01-15 | 2026-05-20 | hexavalent@2026-03-16,hexavalent@2026-04-13 | hexavalent/2 done on=2026-04-13, hexavalent/3 to_come since=2026-12-15
amm | 2026-01-15 | 2027-02-20 | hexavalent@2026-03-15,hexavalent@2026-09-10,hexavalent@2026-12-20 | hexavalent/3 not_counted on=2026-12-20 why=gap, hexavalent/3 to_come since=2027-03-10
vidal-2025 | 2026-01-15 | 2027-03-01 | hexavalent@2026-03-15,hexavalent@2026-05-15,hexavalent@2026-12-15 | hexavalent/3 done on=2026-12-15
vidal-2025 | 2026-01-15 | 2027-03-01 | hexavalent@2026-03-15,hexavalent@2026-05-15 | hexavalent/3 late since=2026-12-15 by=2027-02-15
vidal-2025 | 2026-01-15 | 2027-02-14 | hexavalent@2026-03-15,hexavalent@2026-05-15 | hexavalent/3 now
vidal-2025 | 2024-06-10 | 2026-01-10 | | hexavalent/1 catch_up since=2025-06-10, hexavalent/2 to_come since=2026-03-10, hexavalent/3 to_come since=2026-09-10
vidal-2025 | 2024-06-10 | 2029-06-09 | | hexavalent/1 catch_up
vidal-2025 | 2024-06-10 | 2029-06-10 | | -hexavalent
vidal-2025 | 2017-12-31 | 2020-01-10 | | -hexavalent
vidal-2025 | 2018-01-01 | 2020-01-10 | | hexavalent/1 catch_up
vidal-2025 | 2026-01-15 | 2026-06-20 | hexavalent@2026-07-01 | hexavalent/1 late
own | 2026-01-15 | 2026-06-20 | hexavalent@2026-01-10 | hexavalent/1 late
own | 2026-01-15 | 2026-08-01 | hexavalent@2026-05-15,hexavalent@2026-03-15 | hexavalent/1 done on=2026-03-15, hexavalent/2 done on=2026-05-15
# a day that its month does not have
own | 2025-12-31 | 2026-02-28 | | hexavalent/1 to_come since=2026-03-01
own | 2025-12-31 | 2026-03-01 | | hexavalent/1 now since=2026-03-01
own | 2025-10-31 | 2026-02-28 | | hexavalent/2 to_come since=2026-04-28
own | 2025-12-29 | 2026-03-01 | | hexavalent/1 now since=2026-03-01
own | 2023-12-29 | 2024-02-29 | | hexavalent/1 now since=2024-02-29
own | 2024-02-29 | 2025-02-28 | | ror/1 to_come since=2025-03-01
own | 2024-02-29 | 2025-03-01 | | ror/1 now since=2025-03-01
# pneumococcus, O, 2-4-11 months, catch-up by age
vidal-2025 | 2026-02-01 | 2026-04-01 | | pneumocoque-nourrisson/1 now since=2026-04-01 by=2026-05-01, pneumocoque-nourrisson/2 to_come since=2026-06-01
vidal-2025 | 2026-02-01 | 2026-05-01 | | pneumocoque-nourrisson/1 late
vidal-2025 | 2026-02-01 | 2027-01-05 | pneumocoque@2026-04-01,pneumocoque@2026-06-01 | pneumocoque-nourrisson/3 now since=2027-01-01 by=2027-03-01
amm | 2026-02-01 | 2026-08-31 | | pneumocoque-nourrisson/1 late, pneumocoque-nourrisson/2 to_come since=2026-10-31
amm | 2026-02-01 | 2026-09-01 | | pneumocoque-nourrisson/1 catch_up, pneumocoque-nourrisson/2 to_come since=2026-11-01, pneumocoque-nourrisson/3 to_come since=2027-02-01
amm | 2026-02-01 | 2027-01-31 | | pneumocoque-nourrisson/3 to_come since=2027-05-31
amm | 2026-02-01 | 2027-02-01 | | pneumocoque-nourrisson/1 catch_up, pneumocoque-nourrisson/2 to_come since=2027-04-01
amm | 2026-02-01 | 2028-01-31 | | pneumocoque-nourrisson/1 catch_up
amm | 2026-02-01 | 2028-02-01 | | -pneumocoque-nourrisson
amm | 2026-02-01 | 2027-06-01 | pneumocoque@2027-03-01 | pneumocoque-nourrisson/1 done, pneumocoque-nourrisson/2 catch_up since=2027-05-01
amm | 2026-02-01 | 2027-06-01 | pneumocoque@2026-10-01,pneumocoque@2026-12-01 | pneumocoque-nourrisson/2 done, pneumocoque-nourrisson/3 catch_up since=2027-02-01
amm | 2026-02-01 | 2027-06-01 | pneumocoque@2026-10-01,pneumocoque@2026-12-01,pneumocoque@2027-01-31 | pneumocoque-nourrisson/3 not_counted why=age
# rotavirus, recommended, finished before 24 weeks
vidal-2025 | 2026-03-02 | 2026-05-02 | | rotavirus/1 now since=2026-05-02 by=2026-06-02 until=2026-08-17, rotavirus/2 to_come since=2026-06-02
amm | 2026-03-02 | 2026-07-19 | | rotavirus/1 late until=2026-08-17
amm | 2026-03-02 | 2026-07-20 | | -rotavirus
amm | 2026-03-02 | 2026-08-16 | rotavirus@2026-05-02 | rotavirus/2 late until=2026-08-17
amm | 2026-03-02 | 2026-08-17 | rotavirus@2026-05-02 | rotavirus/2 closed until=2026-08-17
amm | 2026-03-02 | 2026-05-20 | rotavirus@2026-04-12 | rotavirus/1 not_counted why=age
amm | 2026-03-02 | 2026-05-20 | rotavirus@2026-04-13 | rotavirus/1 done, rotavirus/2 to_come since=2026-06-02
# meningococcus B, O since 2025, 3-5-12 months, catch-up before 24 months
urml-2025 | 2026-01-20 | 2026-04-20 | | meningocoque-b/1 now since=2026-04-20 by=2026-05-20, meningocoque-b/2 to_come since=2026-06-20, meningocoque-b/3 to_come since=2027-01-20
urml-2025 | 2026-01-20 | 2026-04-19 | | meningocoque-b/1 to_come
urml-2025 | 2026-01-20 | 2026-05-20 | | meningocoque-b/1 late
urml-2025 | 2026-01-20 | 2027-01-20 | menb@2026-04-20,menb@2026-06-20 | meningocoque-b/3 now since=2027-01-20 by=2027-04-20
urml-2025 | 2026-01-20 | 2027-04-20 | menb@2026-04-20,menb@2026-06-20 | meningocoque-b/3 late
amm | 2026-01-20 | 2026-06-25 | menb@2026-04-20,menb@2026-06-19 | meningocoque-b/2 not_counted why=gap, meningocoque-b/2 now since=2026-06-20
amm | 2026-01-20 | 2027-01-25 | menb@2026-04-20,menb@2026-10-01 | meningocoque-b/3 to_come since=2027-04-01
amm | 2026-01-20 | 2027-01-25 | menb@2026-04-20,menb@2026-06-20,menb@2027-01-19 | meningocoque-b/3 not_counted why=age
urml-2025 | 2024-08-01 | 2025-08-01 | | meningocoque-b/1 catch_up since=2025-08-01 until=2026-08-01, meningocoque-b/2 to_come since=2025-10-01, meningocoque-b/3 to_come since=2026-10-01
urml-2025 | 2024-08-01 | 2026-07-31 | | meningocoque-b/1 catch_up
urml-2025 | 2024-08-01 | 2026-08-01 | | -meningocoque-b
urml-2025 | 2024-08-01 | 2026-09-01 | menb@2026-07-01 | meningocoque-b/1 done, meningocoque-b/2 catch_up since=2026-09-01
urml-2025 | 2024-02-01 | 2024-12-31 | | -meningocoque-b
urml-2025 | 2024-02-01 | 2025-01-01 | | meningocoque-b/1 catch_up
# begun between 6 and 11 months: two doses two months apart, the third in the second year, two months after at the earliest
amm | 2025-09-01 | 2026-11-27 | menb@2026-04-01,menb@2026-06-01 | meningocoque-b/2 done, meningocoque-b/3 catch_up since=2026-09-01
amm | 2025-09-01 | 2026-08-31 | menb@2026-04-01,menb@2026-06-01 | meningocoque-b/3 to_come since=2026-09-01
amm | 2025-09-01 | 2026-10-01 | menb@2026-06-15,menb@2026-08-20 | meningocoque-b/3 to_come since=2026-10-20
amm | 2025-09-01 | 2026-03-01 | | meningocoque-b/1 catch_up, meningocoque-b/2 to_come since=2026-05-01, meningocoque-b/3 to_come since=2026-09-01
amm | 2025-09-01 | 2026-02-28 | | meningocoque-b/1 late
amm | 2025-09-01 | 2026-11-01 | menb@2026-04-01,menb@2026-06-01,menb@2026-08-15 | meningocoque-b/3 not_counted why=age
# meningococci ACWY, O since 2025, 6 and 12 months
urml-2025 | 2026-01-20 | 2026-07-20 | | meningocoques-acwy-nourrisson/1 now since=2026-07-20 by=2026-08-20, meningocoques-acwy-nourrisson/2 to_come since=2027-01-20
urml-2025 | 2026-01-20 | 2026-08-20 | | meningocoques-acwy-nourrisson/1 late
urml-2025 | 2026-01-20 | 2027-01-20 | menacwy@2026-07-20 | meningocoques-acwy-nourrisson/2 now by=2027-02-20
urml-2025 | 2026-01-20 | 2027-02-20 | menacwy@2026-07-20 | meningocoques-acwy-nourrisson/2 late
urml-2025 | 2026-01-20 | 2027-01-20 | | meningocoques-acwy-nourrisson/1 catch_up until=2028-01-20
urml-2025 | 2026-01-20 | 2028-01-19 | | meningocoques-acwy-nourrisson/1 catch_up
urml-2025 | 2026-01-20 | 2028-01-20 | | -meningocoques-acwy-nourrisson
urml-2025 | 2024-02-01 | 2024-12-31 | | -meningocoques-acwy-nourrisson
urml-2025 | 2026-01-20 | 2028-06-01 | menacwy@2027-03-01 | meningocoques-acwy-nourrisson/1 done
urml-2025 | 2026-01-20 | 2027-01-10 | menc@2026-06-20 | meningocoques-acwy-nourrisson/1 late
# measles, mumps, rubella, O, 12 and 16 to 18 months; before 12 months does not count
vidal-2025 | 2025-03-10 | 2026-03-09 | | ror/1 to_come since=2026-03-10
vidal-2025 | 2025-03-10 | 2026-03-10 | | ror/1 now by=2026-04-10, ror/2 to_come since=2026-07-10
vidal-2025 | 2025-03-10 | 2026-04-10 | | ror/1 late
vidal-2025 | 2025-03-10 | 2026-08-01 | ror@2026-03-12 | ror/1 done, ror/2 now since=2026-07-10 by=2026-10-10
vidal-2025 | 2025-03-10 | 2026-10-10 | ror@2026-03-12 | ror/2 late
urml-2025 | 2025-03-10 | 2026-03-20 | ror@2026-01-05 | ror/1 not_counted on=2026-01-05 why=age, ror/1 now since=2026-03-10
urml-2025 | 2025-03-10 | 2026-12-01 | ror@2026-01-05,ror@2026-03-20,ror@2026-07-20 | ror/1 not_counted on=2026-01-05 why=age, ror/1 done on=2026-03-20, ror/2 done on=2026-07-20
vidal-2025 | 2025-03-10 | 2026-05-01 | ror@2026-03-12,ror@2026-04-11 | ror/2 not_counted why=gap
vidal-2025 | 2025-03-10 | 2026-05-01 | ror@2026-03-12,ror@2026-04-12 | ror/2 done
vidal-2025 | 2018-01-01 | 2026-05-01 | | ror/1 late, ror/2 to_come since=2026-06-01
# two doses for who was born since 1980
urml-2025 | 1980-01-01 | 2026-05-01 | ror@2000-05-05 | ror-rattrapage/1 done, ror-rattrapage/2 catch_up
urml-2025 | 1979-12-31 | 2026-05-01 | ror@2000-05-05 | -ror-rattrapage
urml-2025 | 1990-06-01 | 2026-05-01 | ror@1991-09-01,ror@1996-09-01 | ror-rattrapage/2 done
urml-2025 | 1990-06-01 | 2026-05-01 | ror@1991-03-01,ror@1996-09-01 | ror-rattrapage/1 not_counted why=age, ror-rattrapage/1 done on=1996-09-01, ror-rattrapage/2 catch_up since=1996-10-01
urml-2025 | 1990-06-01 | 2026-05-01 | | ror-rattrapage/1 look_up
urml-2025 | 2010-06-01 | 2026-05-01 | | ror-rattrapage/1 catch_up, ror-rattrapage/2 to_come since=2026-06-01
urml-2025 | 2017-12-31 | 2026-05-01 | | ror-rattrapage/1 catch_up, -ror
urml-2025 | 2008-05-02 | 2026-05-01 | | ror-rattrapage/1 catch_up
urml-2025 | 2008-05-01 | 2026-05-01 | | ror-rattrapage/1 look_up
# boosters at 6 and at 11 to 13
vidal-2025 | 2020-04-10 | 2026-04-09 | | rappel-6-ans/1 to_come since=2026-04-10
vidal-2025 | 2020-04-10 | 2026-04-10 | | rappel-6-ans/1 now by=2027-04-10 until=2031-04-10
vidal-2025 | 2020-04-10 | 2027-04-10 | | rappel-6-ans/1 late
vidal-2025 | 2020-04-10 | 2026-06-01 | dtcap@2026-05-01 | rappel-6-ans/1 done
vidal-2025 | 2020-04-10 | 2026-06-01 | dtcap@2022-05-01 | rappel-6-ans/1 now
vidal-2025 | 2020-04-10 | 2031-04-10 | | -rappel-6-ans, rappel-11-13-ans/1 now since=2031-04-10 by=2034-04-10
vidal-2025 | 2014-09-01 | 2025-08-31 | | rappel-11-13-ans/1 to_come since=2025-09-01
vidal-2025 | 2014-09-01 | 2028-08-31 | | rappel-11-13-ans/1 now
vidal-2025 | 2014-09-01 | 2028-09-01 | | rappel-11-13-ans/1 late until=2039-09-01
vidal-2025 | 2014-09-01 | 2026-02-01 | dtcap_r@2025-10-10 | rappel-11-13-ans/1 done on=2025-10-10
vidal-2025 | 2014-09-01 | 2026-02-01 | dtcap_r@2021-10-10 | rappel-6-ans/1 done, rappel-11-13-ans/1 now
vidal-2025 | 2001-02-01 | 2026-02-01 | | -rappel-11-13-ans
# HPV: two doses at 11 to 14, three doses later; to 19 before 9 December 2025, to 26 since
vidal-2025 | 2015-03-01 | 2026-02-28 | | hpv-11-14/1 to_come since=2026-03-01
vidal-2025 | 2015-03-01 | 2026-03-01 | | hpv-11-14/1 now by=2030-03-01, hpv-11-14/2 to_come since=2026-09-01
vidal-2025 | 2015-03-01 | 2026-11-01 | hpv@2026-04-01 | hpv-11-14/1 done, hpv-11-14/2 now since=2026-10-01
vidal-2025 | 2015-03-01 | 2026-08-01 | hpv@2026-04-01 | hpv-11-14/2 to_come since=2026-10-01
amm | 2015-03-01 | 2026-11-01 | hpv@2026-04-01,hpv@2026-08-31 | hpv-11-14/2 not_counted why=gap
amm | 2015-03-01 | 2026-11-01 | hpv@2026-04-01,hpv@2026-09-01 | hpv-11-14/2 done
vidal-2025 | 2011-06-15 | 2026-06-14 | | hpv-11-14/1 now, -hpv-rattrapage-26
arrete-2025-12-09 | 2011-06-15 | 2026-06-15 | | -hpv-11-14, hpv-rattrapage-26/1 catch_up, hpv-rattrapage-26/2 to_come since=2026-08-15, hpv-rattrapage-26/3 to_come since=2026-12-15
arrete-2025-12-09 | 2011-06-15 | 2026-07-01 | hpv@2026-06-10 | hpv-11-14/1 done, hpv-11-14/2 to_come since=2026-12-10, -hpv-rattrapage-26
arrete-2025-12-09 | 2003-05-05 | 2025-12-08 | | -hpv-rattrapage-19, -hpv-rattrapage-26
arrete-2025-12-09 | 2003-05-05 | 2025-12-09 | | hpv-rattrapage-26/1 catch_up
arrete-2025-12-09 | 2006-05-05 | 2025-12-08 | | hpv-rattrapage-19/1 catch_up, -hpv-rattrapage-26
arrete-2025-12-09 | 2006-05-05 | 2025-12-09 | | -hpv-rattrapage-19, hpv-rattrapage-26/1 catch_up
arrete-2025-12-09 | 1999-07-01 | 2026-06-30 | | hpv-rattrapage-26/1 catch_up
arrete-2025-12-09 | 1999-07-01 | 2026-07-01 | | -hpv-rattrapage-26
arrete-2025-12-09 | 2004-07-01 | 2026-07-01 | hpv@2026-01-01,hpv@2026-03-01 | hpv-rattrapage-26/2 done, hpv-rattrapage-26/3 catch_up since=2026-07-01
arrete-2025-12-09 | 2004-07-01 | 2026-07-01 | hpv@2026-01-01,hpv@2026-01-31 | hpv-rattrapage-26/2 not_counted why=gap, hpv-rattrapage-26/2 catch_up since=2026-03-01
# meningococci of teenagers; infants' doses belong to another line
urml-2025 | 2014-10-01 | 2025-10-01 | | meningocoques-acwy-ado/1 now since=2025-10-01 by=2029-10-01
urml-2025 | 2014-10-01 | 2025-09-30 | | meningocoques-acwy-ado/1 to_come
urml-2025 | 2014-10-01 | 2026-03-01 | menacwy@2015-11-01 | meningocoques-acwy-ado/1 now
urml-2025 | 2014-10-01 | 2026-03-01 | menacwy@2026-02-01 | meningocoques-acwy-ado/1 done
urml-2025 | 2010-10-01 | 2025-10-01 | | meningocoques-acwy-ado/1 catch_up until=2035-10-01, meningocoque-b-jeune/1 catch_up, meningocoque-b-jeune/2 to_come since=2025-11-01
urml-2025 | 2001-10-01 | 2026-09-30 | | meningocoques-acwy-ado/1 catch_up
urml-2025 | 2001-10-01 | 2026-10-01 | | -meningocoques-acwy-ado, -meningocoque-b-jeune
urml-2025 | 2010-10-01 | 2024-12-31 | | -meningocoques-acwy-ado
urml-2025 | 2008-10-01 | 2026-03-01 | menb@2026-01-15 | meningocoque-b-jeune/1 done, meningocoque-b-jeune/2 catch_up since=2026-02-15
# boosters of adults at 25, 45, 65, then every ten years
vidal-2025 | 2001-03-15 | 2026-03-14 | | rappels-adulte/1 to_come since=2026-03-15
vidal-2025 | 2001-03-15 | 2026-03-15 | dtcap_r@2012-05-01 | rappels-adulte/1 now since=2026-03-15 by=2027-03-15, rappels-adulte/2 to_come since=2046-03-15
vidal-2025 | 2001-03-15 | 2027-03-15 | dtcap_r@2012-05-01 | rappels-adulte/1 late
vidal-2025 | 2001-03-15 | 2026-03-15 | | rappels-adulte/1 look_up
vidal-2025 | 2001-03-15 | 2026-03-15 | dtcap_r@2021-03-15 | rappels-adulte/1 done on=2021-03-15
vidal-2025 | 2001-03-15 | 2026-03-15 | dtcap_r@2021-03-14 | rappels-adulte/1 now
vidal-2025 | 1970-01-01 | 2026-05-01 | dtp_r@2015-02-01 | rappels-adulte/2 done on=2015-02-01, rappels-adulte/3 to_come since=2035-01-01
vidal-2025 | 1970-01-01 | 2026-05-01 | dtp_r@1995-02-01 | rappels-adulte/1 done, rappels-adulte/2 late since=2015-01-01
vidal-2025 | 1950-01-01 | 2026-05-01 | dtp_r@2015-02-01 | rappels-adulte/3 done, rappels-adulte/4 late since=2025-01-01, rappels-adulte/5 to_come since=2035-01-01
vidal-2025 | 1950-01-01 | 2025-06-01 | dtp_r@2015-02-01 | rappels-adulte/4 now since=2025-01-01 by=2026-01-01
vidal-2025 | 1951-05-02 | 2026-05-01 | dtp_r@2016-06-01 | rappels-adulte/3 done, rappels-adulte/4 to_come since=2026-05-02
own | 2000-02-29 | 2025-03-01 | dtcap_r@2020-02-29 | rappels-adulte/1 now since=2025-03-01
own | 2000-02-29 | 2025-03-01 | dtcap_r@2020-03-01 | rappels-adulte/1 done
# 65 and over: flu and Covid each winter
ordre-2025 | 1950-01-01 | 2026-10-14 | | grippe-65/0 to_come since=2026-10-15 by=2027-02-01, covid-65/0 to_come since=2026-10-15
ordre-2025 | 1950-01-01 | 2026-10-15 | | grippe-65/0 now since=2026-10-15
ordre-2025 | 1950-01-01 | 2027-01-31 | | grippe-65/0 now since=2026-10-15 by=2027-02-01
ordre-2025 | 1950-01-01 | 2027-02-01 | | grippe-65/0 to_come since=2027-10-15
ordre-2025 | 1950-01-01 | 2026-12-01 | grippe@2026-10-20 | grippe-65/0 done on=2026-10-20, covid-65/0 now
ordre-2025 | 1950-01-01 | 2026-12-01 | grippe@2025-10-20 | grippe-65/0 now
ordre-2025 | 1961-12-31 | 2026-11-01 | | grippe-65/0 to_come since=2026-12-31
ordre-2025 | 1962-01-31 | 2026-11-01 | | grippe-65/0 to_come since=2027-01-31
ordre-2025 | 1962-02-01 | 2026-11-01 | | -grippe-65
ordre-2025 | 1990-01-01 | 2026-11-01 | | -grippe-65, -covid-65, zona-65/1 to_come since=2055-01-01
# 65 and over: pneumococcus, shingles, RSV
urml-2025 | 1961-06-01 | 2026-05-31 | | pneumocoque-65/1 to_come since=2026-06-01
urml-2025 | 1961-06-01 | 2026-06-01 | | pneumocoque-65/1 now
urml-2025 | 1961-06-01 | 2026-06-01 | pneumocoque_20@2024-03-01 | pneumocoque-65/1 done
vidal-2025 | 1958-01-01 | 2026-06-01 | | zona-65/1 now since=2023-01-01, zona-65/2 to_come since=2026-08-01
vidal-2025 | 1958-01-01 | 2026-06-01 | zona@2026-03-15 | zona-65/1 done, zona-65/2 now since=2026-05-15
vidal-2025 | 1958-01-01 | 2026-06-01 | zona@2026-03-15,zona@2026-04-14 | zona-65/2 not_counted why=gap
vidal-2025 | 1958-01-01 | 2026-06-01 | zona@2026-03-15,zona@2026-04-15 | zona-65/2 done
urml-2025 | 1951-06-01 | 2026-05-31 | | vrs-75/1 to_come since=2026-06-01, -vrs-65-risque
urml-2025 | 1951-06-01 | 2026-06-01 | | vrs-75/1 now
urml-2025 | 1951-06-01 | 2026-06-01 | vrs@2025-10-01 | vrs-75/1 done
urml-2025 | 1956-06-01 | 2026-06-01 | risk | vrs-65-risque/1 now until=2031-06-01
urml-2025 | 1956-06-01 | 2026-06-01 | | -vrs-65-risque
urml-2025 | 1951-06-01 | 2026-06-01 | risk | -vrs-65-risque, vrs-75/1 now
# RSV of the baby: nirsevimab in the season of birth, or in the first one
vidal-2025 | 2025-10-10 | 2025-10-12 | | vrs-nourrisson/0 now since=2025-10-10 until=2026-02-01
vidal-2025 | 2025-10-10 | 2026-02-01 | | vrs-nourrisson/0 closed until=2026-02-01
vidal-2025 | 2026-04-10 | 2026-05-01 | | vrs-nourrisson/0 to_come since=2026-09-01 until=2027-02-01
vidal-2025 | 2026-04-10 | 2026-09-01 | | vrs-nourrisson/0 now
vidal-2025 | 2026-04-10 | 2026-10-01 | nirsevimab@2026-09-15 | vrs-nourrisson/0 done on=2026-09-15
vidal-2025 | 2026-02-10 | 2026-12-01 | | vrs-nourrisson/0 now until=2027-02-01
vidal-2025 | 2026-01-31 | 2026-01-31 | | vrs-nourrisson/0 now since=2026-01-31 until=2026-02-01
vidal-2025 | 2023-01-01 | 2026-01-31 | | -vrs-nourrisson
# pregnancy: weeks counted back from the term (41 weeks)
urml-2025 | 1995-01-01 | 2026-10-01 | term=2026-12-31 | vrs-grossesse/0 to_come since=2026-10-29 until=2026-12-03
urml-2025 | 1995-01-01 | 2026-10-29 | term=2026-12-31 | vrs-grossesse/0 now
urml-2025 | 1995-01-01 | 2026-12-02 | term=2026-12-31 | vrs-grossesse/0 now
urml-2025 | 1995-01-01 | 2026-12-03 | term=2026-12-31 | vrs-grossesse/0 closed
urml-2025 | 1995-01-01 | 2026-11-20 | term=2026-12-31,vrs@2026-11-05 | vrs-grossesse/0 done on=2026-11-05
urml-2025 | 1995-01-01 | 2026-05-01 | term=2026-07-01 | -vrs-grossesse
urml-2025 | 1995-01-01 | 2026-08-01 | term=2026-10-15 | vrs-grossesse/0 to_come since=2026-09-01 until=2026-09-17
urml-2025 | 1995-01-01 | 2026-10-01 | | -vrs-grossesse, -coqueluche-grossesse
vidal-2025 | 1995-01-01 | 2026-08-06 | term=2026-12-31 | coqueluche-grossesse/0 now since=2026-08-06 until=2026-12-03
vidal-2025 | 1995-01-01 | 2026-08-05 | term=2026-12-31 | coqueluche-grossesse/0 to_come
vidal-2025 | 1995-01-01 | 2026-10-01 | term=2026-12-31,dtcap_r@2023-10-01 | coqueluche-grossesse/0 now
vidal-2025 | 1995-01-01 | 2026-10-01 | term=2026-12-31,dtcap_r@2026-09-10 | coqueluche-grossesse/0 done
vidal-2025 | 1995-01-01 | 2027-01-01 | term=2026-12-31 | -coqueluche-grossesse
"""


@dataclass(frozen=True, slots=True)
class Case:
    """One line of the table."""

    number: int
    source: str
    today: date
    person: Person
    expected: tuple[str, ...]

    @property
    def sent(self) -> dict[str, object]:
        """The person as the browser's engine takes it."""
        p = self.person
        return {
            "born": p.born.isoformat(),
            "risk": p.risk,
            "term": p.term.isoformat() if p.term else "",
            "doses": [{"vaccine": d.vaccine, "on": d.on.isoformat()} for d in p.doses],
        }


def cases() -> list[Case]:
    """The table."""
    out = []
    for number, line in enumerate(TEXT.splitlines()):
        if not line or line.startswith("#"):
            continue
        source, born, today, given, expected = (part.strip() for part in line.split("|"))
        doses, risk, term = [], False, None
        for one in filter(None, given.split(",")):
            if one == "risk":
                risk = True
            elif one.startswith("term="):
                term = date.fromisoformat(one.removeprefix("term="))
            else:
                vaccine, on = one.split("@")
                doses.append(Dose(vaccine, date.fromisoformat(on)))
        person = Person(date.fromisoformat(born), tuple(doses), risk, term)
        out.append(
            Case(
                number,
                source,
                date.fromisoformat(today),
                person,
                tuple(e.strip() for e in expected.split(",")),
            )
        )
    return out


def plain(item: Item) -> dict[str, object]:
    """A line of Python's engine as the browser's gives it."""
    days = {
        name: day.isoformat() if (day := getattr(item, name)) else ""
        for name in ("since", "by", "until", "on")
    }
    return {
        "series": item.series,
        "dose": item.dose,
        "of": item.of,
        "state": item.state,
        **days,
        "why": item.why,
    }


def missing(expected: tuple[str, ...], items: list[dict[str, object]]) -> list[str]:
    """What a case expects and the lines do not have."""
    out = []
    for want in expected:
        if want.startswith("-"):
            if any(i["series"] == want[1:] for i in items):
                out.append(want)
            continue
        name, state, *rest = want.split()
        series, dose = name.split("/")
        fields = dict(part.split("=") for part in rest)
        if not any(
            i["series"] == series
            and i["dose"] == int(dose)
            and i["state"] == state
            and all(i[k] == v for k, v in fields.items())
            for i in items
        ):
            out.append(want)
    return out
