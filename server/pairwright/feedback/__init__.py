"""What did people keep? Attempts, what the gate said of them, and what people decided."""
