"""Use of a service compared with who lives there, as shown: figures, caveats, tables, JSON."""
