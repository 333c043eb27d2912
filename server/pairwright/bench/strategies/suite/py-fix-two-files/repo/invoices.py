"""What a customer reads."""


def invoice_line(order):
    """Return the line with the total."""
    return f"To pay: {order.total():.1f}"
