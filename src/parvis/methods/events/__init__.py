"""What happens in a city: calendars read and written, recurrences, doubles, search among occurrences, where
and when nothing happens.
"""
