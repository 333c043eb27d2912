import unittest

from invoices import invoice_line
from orders import Order


class OrderTest(unittest.TestCase):
    def test_total_with_discount(self):
        self.assertEqual(Order([(10, 2)], discount=0.5).total(), 10)

    def test_invoice(self):
        self.assertEqual(invoice_line(Order([(2.5, 3)])), "To pay: 7.50")


if __name__ == "__main__":
    unittest.main()
