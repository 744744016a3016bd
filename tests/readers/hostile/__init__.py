"""Files as nobody would wish to get them, each with its truth written beside it: what `parvis inspect` must
say of it.
"""
