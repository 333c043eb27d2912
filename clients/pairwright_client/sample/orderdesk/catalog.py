"""The products a shop sells."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Product:
    """One article; ``price`` is in cents."""

    sku: str
    name: str
    price: int
    category: str = "general"


class Catalog:
    """Products by their stock keeping unit (SKU)."""

    def __init__(self, products=()):
        self._products = {}
        for product in products:
            self.add(product)

    def add(self, product: Product) -> None:
        """Put a product on sale; a SKU can be used only once."""
        if product.sku in self._products:
            raise ValueError(f"duplicate SKU: {product.sku}")
        self._products[product.sku] = product

    def get(self, sku: str) -> Product:
        """Return the product with this SKU."""
        try:
            return self._products[sku]
        except KeyError:
            raise LookupError(f"unknown SKU: {sku}") from None

    def search(self, word: str) -> list:
        """Return the products whose name contains ``word``, by name."""
        found = [p for p in self._products.values() if word in p.name]
        return sorted(found, key=lambda p: p.name)
