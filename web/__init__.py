"""Pages and API. Reads input, makes one call into the domain, renders."""
