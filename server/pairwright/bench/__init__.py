"""How good and how fast is it? Measured."""
