import unittest

from client import call
from settings import Settings


class CallTest(unittest.TestCase):
    def test_pause(self):
        pauses = []

        def fail():
            raise OSError

        with self.assertRaises(OSError):
            call(fail, Settings(tries=2, pause_ms=500), sleep=pauses.append)
        self.assertEqual(pauses, [0.5])


if __name__ == "__main__":
    unittest.main()
