"""Nest boxes: which districts still lack one?"""
