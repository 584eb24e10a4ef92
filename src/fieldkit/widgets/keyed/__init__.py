"""Answers given by single keys: choices and ratings."""
