"""What did they say: normalise, restore accents, intent, aspect, urgency, personal data."""
