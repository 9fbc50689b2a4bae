"""Pixels and sound. Knows no people."""
