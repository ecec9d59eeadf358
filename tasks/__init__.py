"""What happens to an article: from French text to a checked translation and a summary. ``pipeline`` is the way in."""
