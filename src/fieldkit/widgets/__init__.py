"""What several screens share: the frame, lists, forms, charts and dialogs. Nothing here knows how records
are stored.
"""
