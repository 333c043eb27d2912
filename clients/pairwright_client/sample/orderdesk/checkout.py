"""What a customer pays, and the receipt for it."""

from dataclasses import dataclass, field

from .cart import Cart
from .discounts import best_discount
from .money import format_amount, percentage

WIDTH = 32


@dataclass
class Checkout:
    """The sums of one order; only the best discount counts."""

    cart: Cart
    discounts: list = field(default_factory=list)
    tax_percent: int = 0
    shipping_fee: int = 0
    free_shipping_from: int = 5000

    def discount(self) -> int:
        """Return the cents taken off."""
        return best_discount(self.cart, self.discounts)

    def shipping(self) -> int:
        """Return the shipping fee, none for large orders."""
        if self.cart.subtotal() >= self.free_shipping_from:
            return 0
        return self.shipping_fee

    def tax(self) -> int:
        """Return the tax on the goods."""
        return percentage(self.cart.subtotal(), self.tax_percent)

    def total(self) -> int:
        """Return what the customer pays."""
        goods = self.cart.subtotal() - self.discount()
        return goods + self.tax() + self.shipping()

    def receipt(self) -> str:
        """Return the receipt: one row a line of the cart, then the total."""
        rows = []
        for line in self.cart.lines:
            name = f"{line.quantity} x {line.product.name}"
            rows.append(_row(name, line.total))
        rows.append(_row("Total", self.total()))
        return "\n".join(rows)


def _row(name: str, cents: int) -> str:
    amount = format_amount(cents)
    return name.ljust(WIDTH - len(amount)) + amount
