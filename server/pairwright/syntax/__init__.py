"""What does one file mean, alone?"""
