"""What is to be done? Pure."""
