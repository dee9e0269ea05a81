"""What people decide about machine labels, and what is made of it: codings, reference, agreement, gold."""
