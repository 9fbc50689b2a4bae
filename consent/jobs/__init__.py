"""The work itself: durable steps, and the process that carries them out."""
