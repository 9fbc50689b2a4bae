"""Beeldpoort: who allows which picture of whom, and a gate that keeps to it."""
