"""What columns hold: identifiers, places, contacts, quantities, calendar. One table a subject."""
