import unittest

from orderdesk.cart import Cart
from orderdesk.catalog import Product
from orderdesk.discounts import BuyGetFree, PercentOff, best_discount

PEN = Product("P1", "Blue pen", 150)
PAD = Product("N1", "Note pad", 300, "paper")


class DiscountTest(unittest.TestCase):
    def setUp(self):
        self.cart = Cart()
        self.cart.add(PEN, 4)
        self.cart.add(PAD, 2)

    def test_percent_off(self):
        self.assertEqual(PercentOff(10).amount(self.cart), 120)

    def test_percent_off_needs_the_minimum(self):
        self.assertEqual(PercentOff(10, minimum=1200).amount(self.cart), 120)
        self.assertEqual(PercentOff(10, minimum=1201).amount(self.cart), 0)

    def test_buy_get_free(self):
        self.assertEqual(BuyGetFree("P1", buy=3).amount(self.cart), 150)
        self.assertEqual(BuyGetFree("N1", buy=2).amount(self.cart), 0)

    def test_best_discount(self):
        offers = [PercentOff(10), BuyGetFree("P1", buy=3)]
        self.assertEqual(best_discount(self.cart, offers), 150)
        self.assertEqual(best_discount(self.cart, []), 0)

    def test_percent_must_be_a_share(self):
        PercentOff(100)
        for percent in (-1, 101):
            with self.assertRaises(ValueError):
                PercentOff(percent)
