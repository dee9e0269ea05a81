"""Files and texts that mean harm, and what they are thrown at."""
