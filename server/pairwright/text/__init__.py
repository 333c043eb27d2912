"""What is a text? Pure values, no I/O."""
