"""Prices with and without tax."""

TAX = 0.2


def net_price(gross):
    """Return the price without tax."""
    net = gross / (1 + TAX)
    return int(net * 100 + 0.5) / 100


def gross_price(net):
    """Return the price with tax."""
    gross = net * (1 + TAX)
    return int(gross * 100 + 0.5) / 100
