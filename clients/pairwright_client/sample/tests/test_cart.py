import unittest

from orderdesk.cart import Cart
from orderdesk.catalog import Product

PEN = Product("P1", "Blue pen", 150)
PAD = Product("N1", "Note pad", 300, "paper")


class CartTest(unittest.TestCase):
    def setUp(self):
        self.cart = Cart()
        self.cart.add(PEN, 4)
        self.cart.add(PAD)

    def test_subtotal(self):
        self.assertEqual(self.cart.subtotal(), 900)

    def test_quantity_must_be_positive(self):
        with self.assertRaises(ValueError):
            self.cart.add(PEN, 0)

    def test_remove(self):
        self.cart.remove("P1")
        self.assertEqual([line.product for line in self.cart.lines], [PAD])
        with self.assertRaises(LookupError):
            self.cart.remove("P1")
