import unittest

from cache import Cache


class CacheTest(unittest.TestCase):
    def test_made_once(self):
        cache = Cache(2)
        self.assertEqual(cache.get("a", lambda: 1), 1)
        self.assertEqual(cache.get("a", lambda: 2), 1)

    def test_oldest_goes(self):
        cache = Cache(2)
        for key in "abc":
            cache.get(key, lambda: 1)
        self.assertEqual(sorted(cache.values), ["b", "c"])


if __name__ == "__main__":
    unittest.main()
