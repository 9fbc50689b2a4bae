"""What an officer asks: measurement and proof."""
