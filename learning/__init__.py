"""What they have learnt: quiz engine, mastery, progress."""
