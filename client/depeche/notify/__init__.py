"""``depeche notify``: relays the events of the stream ``depeche:events`` as signed webhooks, each at least once."""
