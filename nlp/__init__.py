"""What a text says: units, definitions, statements, references, framing. Pure: no database, queue, web, environment or clock."""
