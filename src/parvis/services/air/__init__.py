"""Air: what do I breathe today and tomorrow, is a procedure under way, and what should I do?"""
