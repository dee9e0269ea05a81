"""How far several coders agree: figures over coded units, and over spans."""
