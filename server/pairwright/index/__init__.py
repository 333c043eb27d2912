"""What do the files mean, together?"""
