import unittest

from orderdesk.cart import Cart
from orderdesk.catalog import Product
from orderdesk.checkout import Checkout
from orderdesk.discounts import PercentOff

PEN = Product("P1", "Blue pen", 150)
PAD = Product("N1", "Note pad", 300, "paper")


class CheckoutTest(unittest.TestCase):
    def setUp(self):
        self.cart = Cart()
        self.cart.add(PEN, 4)
        self.cart.add(PAD, 2)

    def test_total(self):
        order = Checkout(self.cart, shipping_fee=490)
        self.assertEqual(order.total(), 1690)

    def test_large_orders_ship_free(self):
        order = Checkout(self.cart, shipping_fee=490, free_shipping_from=1200)
        self.assertEqual(order.shipping(), 0)

    def test_receipt(self):
        rows = Checkout(self.cart).receipt().splitlines()
        self.assertEqual(rows[0].split("  ")[0], "4 x Blue pen")
        self.assertTrue(rows[0].endswith(" $6.00"))
        self.assertEqual(rows[-1].split(), ["Total", "$12.00"])
