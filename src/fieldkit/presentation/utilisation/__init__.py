"""Use of a service compared with who lives there, as it is told: figures, caveats, tables, JSON."""
