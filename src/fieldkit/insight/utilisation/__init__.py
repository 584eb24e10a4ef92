"""How much each community uses a service, compared with who lives in the area."""
