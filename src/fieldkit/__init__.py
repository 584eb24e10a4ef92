"""fieldkit: an offline field kit for recording what people experience of health services."""

__version__ = "0.1.0"
