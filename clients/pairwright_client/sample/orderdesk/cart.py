"""A customer's cart."""

from dataclasses import dataclass

from .catalog import Product


@dataclass
class Line:
    """A product and how many of it the customer wants."""

    product: Product
    quantity: int

    @property
    def total(self) -> int:
        """The price of the whole line in cents."""
        return self.product.price * self.quantity


class Cart:
    """The lines of an order, in the order they were added."""

    def __init__(self):
        self.lines = []

    def add(self, product: Product, quantity: int = 1) -> None:
        """Add some pieces of a product."""
        if quantity < 1:
            raise ValueError("quantity must be at least 1")
        self.lines.append(Line(product, quantity))

    def remove(self, sku: str) -> None:
        """Take a product out of the cart."""
        if not any(line.product.sku == sku for line in self.lines):
            raise LookupError(f"not in the cart: {sku}")
        self.lines = [line for line in self.lines if line.product.sku != sku]

    def quantity_of(self, sku: str) -> int:
        """Return how many pieces of a product are in the cart."""
        return sum(line.quantity for line in self.lines if line.product.sku == sku)

    def subtotal(self) -> int:
        """Return the price of all lines in cents."""
        return sum(line.total for line in self.lines)
