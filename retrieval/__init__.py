"""Which topic answers: embedder, indexes, fusion, decision, calibration, evaluation."""
