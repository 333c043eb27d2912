import unittest

from pages import page, page_count


class PageTest(unittest.TestCase):
    def test_first_page(self):
        self.assertEqual(page("abcde", 1, 2), "ab")

    def test_count(self):
        self.assertEqual(page_count("abcde", 2), 3)


if __name__ == "__main__":
    unittest.main()
