"""Similar names of people, and what somebody is worried about."""
