"""Documents: built once as plain blocks, written by small writers. Nothing here depends on kits or records."""
