"""Rounds of trucks: which bins, in which order, by which truck, through which streets; and a checker that
takes nobody's word.
"""
