"""Domain adaptation of the embedding model: what to train on (pure) and the training itself (extra `models`)."""
