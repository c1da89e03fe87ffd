"""Step illustrations: small scenes in YAML, drawn as SVG and rendered to PNG. Generic screens, never copies of real ones."""
