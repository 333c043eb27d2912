"""Matrices as lists of rows."""


def identity(size):
    """Return the square matrix that changes nothing."""
    return [[int(row == column) for column in range(size)] for row in range(size)]


def transpose(rows):
    """Return rows as columns."""
    return [list(column) for column in zip(*rows)]


def multiply(first, second):
    """Return the product of two matrices."""
    if any(len(row) != len(second) for row in first):
        raise ValueError("the sizes do not fit")
    columns = transpose(second)
    return [[sum(a * b for a, b in zip(row, column)) for column in columns] for row in first]
