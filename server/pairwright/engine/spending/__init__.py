"""What do tasks cost? Estimates before, accounts meanwhile, bills after."""
