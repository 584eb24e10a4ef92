"""Disclosure control: which figures of a pack may be shown, so that every small number in it could be any small number."""
