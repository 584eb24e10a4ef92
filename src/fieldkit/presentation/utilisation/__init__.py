"""Use of a service compared with who lives there, as it is shown: figures, caveats, tables, JSON."""
