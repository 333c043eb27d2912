"""Which files of the workspace does a file import?"""
