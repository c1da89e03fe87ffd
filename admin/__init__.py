"""The console of curators and managers."""
