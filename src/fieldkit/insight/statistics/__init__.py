"""Statistics as public health analysts compute them: pure functions over plain numbers, without records or frames."""
