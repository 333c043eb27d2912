"""How are names that files use joined with the files that define them?"""
