"""The conversation a citizen meets."""
