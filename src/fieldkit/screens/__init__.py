"""The screens: one a file, with its style sheet beside it. They call the kit in threads and get plain values
back.
"""
