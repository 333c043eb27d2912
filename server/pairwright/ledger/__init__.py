"""What did it cost?"""
