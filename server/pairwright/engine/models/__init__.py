"""Which models are asked, by whose keys and prompts, and what leaves for them?"""
