"""Documents: built once as plain blocks, written by small writers. Nothing here knows a kit or a record."""
