import unittest

from orderdesk.catalog import Catalog, Product


class CatalogTest(unittest.TestCase):
    def setUp(self):
        self.pen = Product("P1", "Blue pen", 150)
        self.ink = Product("I1", "Pen ink", 490)
        self.catalog = Catalog([self.ink, self.pen])

    def test_get(self):
        self.assertIs(self.catalog.get("P1"), self.pen)
        with self.assertRaises(LookupError):
            self.catalog.get("X9")

    def test_duplicate_sku_is_refused(self):
        with self.assertRaises(ValueError):
            self.catalog.add(Product("P1", "Red pen", 150))

    def test_search_ignores_case_and_sorts(self):
        self.assertEqual(self.catalog.search("PEN"), [self.pen, self.ink])
