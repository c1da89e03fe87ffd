"""A believable commune to look around in: filled through the real conversation, recognisable, removable."""
