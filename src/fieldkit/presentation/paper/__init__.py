"""Paper: forms to print, and entering a pile of them."""
