"""The encrypted file: engine, schema, vault."""
