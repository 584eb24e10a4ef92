"""Every command, defined once: its key, its label at the foot and in the palette, its help, its line in the docs."""
