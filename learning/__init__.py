"""What they have learnt: profiles, lessons, quiz engine, mastery, progress, figures."""
