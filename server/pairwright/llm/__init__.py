"""How do I ask one model one thing?"""
