"""What a customer buys."""

from shop.parcels import fee_for


def grand_total(items, weight_kg):
    """Return what everything costs together."""
    return sum(items) + fee_for(weight_kg)
