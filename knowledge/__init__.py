"""What we can say: topics, variants, review workflow, import and export."""
