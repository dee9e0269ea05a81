"""What changed between annotated documents: read `compare.py` first; `types.py` says what a comparison holds."""
