"""May it go out, and in what form. Doubt covers or blocks."""
