"""Carts, discounts and receipts for a small shop."""
