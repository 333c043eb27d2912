"""Discounts that can be taken off a cart."""

from .cart import Cart
from .money import percentage


class PercentOff:
    """A share off the cart, once it is worth ``minimum`` cents."""

    def __init__(self, percent: int, minimum: int = 0):
        if not 0 <= percent <= 100:
            raise ValueError(f"not a percentage: {percent}")
        self.percent = percent
        self.minimum = minimum

    @property
    def label(self) -> str:
        """The text for the receipt."""
        return f"{self.percent}% off"

    def amount(self, cart: Cart) -> int:
        """Return the cents to take off."""
        subtotal = cart.subtotal()
        if subtotal < self.minimum:
            return 0
        return percentage(subtotal, self.percent)


class BuyGetFree:
    """For every ``buy`` pieces of a product, one more is free."""

    def __init__(self, sku: str, buy: int):
        self.sku = sku
        self.buy = buy

    @property
    def label(self) -> str:
        """The text for the receipt."""
        return f"Buy {self.buy}, get 1 free"

    def amount(self, cart: Cart) -> int:
        """Return the cents to take off."""
        for line in cart.lines:
            if line.product.sku == self.sku and line.quantity > self.buy:
                return line.product.price
        return 0


def best_discount(cart: Cart, discounts) -> int:
    """Return the largest amount that one of the discounts takes off."""
    return max((discount.amount(cart) for discount in discounts), default=0)
