"""Prices with and without tax."""

TAX = 0.2


def round_cents(amount):
    """Return an amount in whole cents."""
    return int(amount * 100 + 0.5) / 100


def net_price(gross):
    """Return the price without tax."""
    return round_cents(gross / (1 + TAX))


def gross_price(net):
    """Return the price with tax."""
    return round_cents(net * (1 + TAX))
