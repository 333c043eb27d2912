"""How do I take it back?"""
