"""Every command, defined once: its key, its words on the bottom line and in the palette, its help, its line in the docs."""
