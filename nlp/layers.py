"""The layers of an annotated document, by their names in its JSON."""

from __future__ import annotations

LAYERS = ("units", "blocks", "definitions", "elements", "statements", "references", "uses")
