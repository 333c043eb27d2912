"""Sending things."""


def fee_for(weight_kg):
    """Return the price of sending a parcel, in euros."""
    return 4 if weight_kg < 2 else 7


def label_of(name, address):
    """Return what stands on a parcel."""
    return f"{name}\n{address}"
