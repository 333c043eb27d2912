"""What goes over the wire? Our own methods only, as plain data."""
