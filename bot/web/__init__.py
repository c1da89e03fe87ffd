"""The web: the citizens' page, the chat API behind it, and what operators look at."""
