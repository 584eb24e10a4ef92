"""Where records live: the encrypted file, its journal, and the records folded from it."""
