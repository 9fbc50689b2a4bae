"""Whose face it is. Decides identity, never permission."""
