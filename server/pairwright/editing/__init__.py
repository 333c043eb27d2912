"""What change did the model mean? Pure: no I/O, no clock."""
