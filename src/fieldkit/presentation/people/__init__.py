"""People: found by name, look-alikes answered, records of one person joined and parted."""
