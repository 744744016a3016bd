"""Bikes: will I find one, or a place to leave it?"""
