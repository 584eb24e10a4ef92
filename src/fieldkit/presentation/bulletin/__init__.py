"""The bulletin: one page in plain words for everybody who took part."""
