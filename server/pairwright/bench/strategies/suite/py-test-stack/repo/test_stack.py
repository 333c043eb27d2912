import unittest

from stack import Stack


class StackTest(unittest.TestCase):
    def test_new_stack_is_empty(self):
        self.assertEqual(len(Stack()), 0)


if __name__ == "__main__":
    unittest.main()
