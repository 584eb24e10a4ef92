"""Check-in, head counts, mentoring, safeguarding."""
