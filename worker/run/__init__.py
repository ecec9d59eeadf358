"""The life of one job in a worker. ``runner`` is the way in; it knows neither Celery nor a model."""
