"""Searching official procedures: an index of their own, looked at where no topic answers."""
