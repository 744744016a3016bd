"""Public money: amounts kept to the cent, rows brought to the national schemas, totals checked, what is wrong
named, legal dates watched.
"""
