"""Sorting: does my district sort well, where would a campaign gain most, and did a measure change anything?"""
